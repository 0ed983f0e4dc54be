"""Pulumi's CLI, Python language host and plugins: which are installed, and the vendor's installer."""

import hashlib
from collections.abc import Collection

from bootstrap.execution.record import Record
from bootstrap.execution.shell import Command
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.machine import PulumiPart
from bootstrap.project import GO_MODULE, PULUMI_BIN, PULUMI_HOME, PULUMI_ROOT, ROOT
from bootstrap.steps.apt import apt_install
from bootstrap.versions import PLUGINS, PULUMI

BIN = str(PULUMI_BIN.relative_to(ROOT))
STAMPS = PULUMI_ROOT / "parts"
HOME = (("PULUMI_HOME", str(PULUMI_HOME)), ("PULUMI_SKIP_UPDATE_CHECK", "true"))
SDK = "github.com/pulumi/pulumi/sdk/v3"
LINKER_FLAGS = f"-s -w -X {SDK}/go/common/version.Version=v{PULUMI}"
PLUGIN_PARTS = (PulumiPart.DOCKER_PLUGIN, PulumiPart.RANDOM_PLUGIN)


def record(*parts: PulumiPart) -> Record:
    """Return what writes down that parts are installed at the pinned versions."""
    return Record(pins(), tuple(STAMPS / part for part in parts))


def pins() -> str:
    """Return a digest of everything that decides the parts' content: versions and Go sources."""
    digest = hashlib.sha256(f"{PULUMI} {PLUGINS} {LINKER_FLAGS}".encode())
    for file in sorted(file for file in GO_MODULE.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def installed() -> frozenset[PulumiPart]:
    """Return the parts that are installed at the pinned versions."""
    wanted = pins()
    places = {part: PULUMI_BIN / part for part in (PulumiPart.CLI, PulumiPart.LANGUAGE_HOST)} | {
        part: PULUMI_HOME / "plugins" / f"resource-{part}-v{PLUGINS[part]}" for part in PLUGIN_PARTS
    }
    return frozenset(
        part
        for part, place in places.items()
        if place.exists() and (STAMPS / part).is_file() and (STAMPS / part).read_text() == wanted
    )


def vendor_steps(missing: Collection[PulumiPart], *, curl: bool) -> list[Step]:
    """Return the steps that install missing parts from Pulumi's site.

    Its installer brings the language host with the CLI. `curl` says whether curl is installed.
    """
    steps = []
    if not curl:
        steps.append(_step("curl", "Pulumi's installer fetches with curl", apt_install("curl", "ca-certificates")))
    if {PulumiPart.CLI, PulumiPart.LANGUAGE_HOST} & set(missing):
        options = f"--version {PULUMI} --install-root {PULUMI_ROOT} --no-edit-path"
        installer = f"curl -fsSL https://get.pulumi.com | sh -s -- {options}"
        actions = (
            Command(("bash", "-o", "pipefail", "-c", installer)),
            record(PulumiPart.CLI, PulumiPart.LANGUAGE_HOST),
        )
        steps.append(_step("pulumi-cli", f"no Pulumi {PULUMI} in {BIN}; its download site answers", actions))
    for part in PLUGIN_PARTS:
        if part in missing:
            reason = f"Pulumi's {part} plugin {PLUGINS[part]} is missing; its download site answers"
            steps.append(_step(f"pulumi-{part}", reason, (install_plugin(part), record(part))))
    return steps


def install_plugin(part: PulumiPart, file: str | None = None) -> Command:
    """Return the command that installs a plugin from Pulumi's site, or from a file."""
    source = ("--file", file, "--reinstall") if file else ("--reinstall",)
    return Command((f"{BIN}/pulumi", "plugin", "install", "resource", part, PLUGINS[part], *source), HOME)


def _step(name: str, reason: str, actions: tuple[Action, ...]) -> Step:
    return Step(name, reason, Lane.PULUMI, actions)
