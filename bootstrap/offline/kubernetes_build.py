"""Builds Pulumi's kubernetes plugin from Go modules. Only stacks with `engine: kubernetes` need it."""

from bootstrap.execution.shell import Command
from bootstrap.offline.pulumi_build import GO_ENVIRONMENT
from bootstrap.project import KUBERNETES_GO_MODULE, PULUMI_ROOT, VENV
from bootstrap.steps.kubernetes import BuiltPlugin
from bootstrap.versions import KUBERNETES_PLUGIN

PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
SDK = "github.com/pulumi/pulumi-kubernetes/sdk/v4"
SDK_VERSION = "v4.24.0"
"""The one that the provider's module asks for. A newer one needs another Pulumi."""
BUILD = PULUMI_ROOT / "build-kubernetes"
PLUGIN = BUILD / "pulumi-resource-kubernetes"

PREPARE = f"""\
set -eu
# download MODULE: prints the folder with its sources, whether or not Go has them already.
download() {{ "$GO" mod download -json "$1" | sed -n 's/.*"Dir": "\\(.*\\)".*/\\1/p'; }}
rm -rf "$BUILD"
cp -r "$SOURCE" "$BUILD"
cd "$BUILD"
sdk=$(download {SDK}@{SDK_VERSION})
cp -r "$sdk" sdk
chmod -R u+w sdk
mv kinds/kinds.go sdk/go/kubernetes/yaml/v2/kinds.go
provider=$(download {PROVIDER})
for file in schema terraform-mapping; do
  install -m 644 "$provider/cmd/pulumi-resource-kubernetes/$file.json" "$file.json"
done
"""
"""Puts sources together that cannot be changed where Go keeps them."""


def built_plugin(go: str | None) -> BuiltPlugin:
    """Return how the plugin is built: five minutes of processor time. Without a Go it is the one that built Pulumi."""
    go = go or str(VENV / "bin" / "go")
    places = (("BUILD", str(BUILD)), ("GO", go), ("SOURCE", str(KUBERNETES_GO_MODULE)))
    flags = f"-s -w -X {PROVIDER}/pkg/version.Version={KUBERNETES_PLUGIN}"
    build = (
        Command(("sh", "-c", PREPARE), (*GO_ENVIRONMENT, *places)),
        Command((go, "build", "-trimpath", "-ldflags", flags, "-o", str(PLUGIN), "."), GO_ENVIRONMENT, str(BUILD)),
    )
    return BuiltPlugin(build, str(PLUGIN))
