"""What is wrong with a machine, from facts that were observed before: nothing here asks or changes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bootstrap.errors import BootstrapError
from bootstrap.execution.step import Step
from bootstrap.machine import EngineState, Machine
from bootstrap.plan import image_steps, pulumi_steps
from bootstrap.steps.engine import engine_steps
from bootstrap.steps.image_source import decide
from components.engine.host.disk import MIN_FREE_GIB
from components.images.source import ImageSource

BOOTSTRAP, SYNCHRONIZE = "bootstrap/run", "timedatectl set-ntp on"
ROOMY_GIB = 10.0
"""With less free disk, an update's images, logs and spend may soon fill it."""
CLOCK_WARNING_SECONDS, CLOCK_ERROR_SECONDS = 2.0, 60.0
"""Difference between two clocks; keys and certificates expire by the clock."""


class CheckStatus(StrEnum):
    """Result of one check."""

    OK = "ok"
    WARNING = "warning"
    """It works, but may not later or elsewhere."""
    ERROR = "error"
    """The gateway cannot run."""


@dataclass(frozen=True)
class Check:
    """One check and its result."""

    subject: str
    status: CheckStatus
    text: str
    fix: str = ""
    """A command or a sentence; empty if nothing is to be fixed or `text` says it."""


def machine_checks(machine: Machine, recipes: Mapping[str, str]) -> list[Check]:
    """Compare a machine with what bootstrap would install; `recipes` are those of `bootstrap.plan.plan`."""
    source = decide(machine)
    built = source.source is ImageSource.BUILT
    answers = machine.engine is EngineState.ANSWERS
    return [
        _missing_steps("Docker engine", _engine_text(machine), lambda: engine_steps(machine)),
        _missing_steps("Pulumi", "command line and plugins are installed", lambda: pulumi_steps(machine)),
        Check("image source", CheckStatus.OK, f"{source.source}: {source.reason}"),
        # Without an engine every image seems to be missing.
        *([_missing_steps("images", "are built", lambda: image_steps(machine, recipes))] if built and answers else []),
        disk(machine.free_gib),
    ]


def _engine_text(machine: Machine) -> str:
    return f"answers at {machine.endpoint.host} ({machine.endpoint.origin})"


def _missing_steps(subject: str, ok: str, steps: Callable[[], Sequence[Step]]) -> Check:
    try:
        found = steps()
    except BootstrapError as error:
        return Check(subject, CheckStatus.ERROR, str(error))
    if not found:
        return Check(subject, CheckStatus.OK, ok)
    return Check(subject, CheckStatus.ERROR, "; ".join(dict.fromkeys(step.reason for step in found)), BOOTSTRAP)


def disk(free_gib: float) -> Check:
    """Check the free disk of the fuller of two file systems: Docker's and this project's."""
    text = f"{free_gib:.1f} GiB free where Docker and this project keep files"
    if free_gib >= ROOMY_GIB:
        return Check("disk", CheckStatus.OK, text)
    status = CheckStatus.ERROR if free_gib < MIN_FREE_GIB else CheckStatus.WARNING
    return Check("disk", status, text, "docker image prune")


def environment(*, pulumi_found: bool, installed: bool) -> list[Check]:
    """Check the shell's environment; no check if Pulumi is not installed, which another check reports."""
    if pulumi_found or not installed:
        return []
    return [Check("shell", CheckStatus.ERROR, "pulumi is not on PATH: the environment is not loaded", "source .envrc")]


def passphrase(*, given: str | None, file: str | None, mode: int | None) -> Check:
    """Check how Pulumi gets the passphrase of the secrets.

    Args:
        given: value of PULUMI_CONFIG_PASSPHRASE; None if it is not set.
        file: value of PULUMI_CONFIG_PASSPHRASE_FILE; None if it is not set.
        mode: the file's permissions; None if there is no such file.
    """
    if given is not None:
        fix = "" if given else "set the stacks' passphrase, or unset it"
        status, text = (CheckStatus.OK, "set") if given else (CheckStatus.ERROR, "empty, and protects nothing")
        return Check("passphrase", status, f"PULUMI_CONFIG_PASSPHRASE is {text}", fix)
    if not file:
        return Check("passphrase", CheckStatus.ERROR, "none is set: the environment is not loaded", "source .envrc")
    if mode is None:
        fix = f"restore {file} from its copy; if no stack was ever deployed, {BOOTSTRAP}"
        return Check("passphrase", CheckStatus.ERROR, f"{file} does not exist", fix)
    if mode & 0o077:
        return Check("passphrase", CheckStatus.WARNING, f"others may read {file}", f"chmod 600 {file}")
    return Check("passphrase", CheckStatus.OK, f"{file} exists and only its owner may read it; keep a copy elsewhere")


def clock(engine: datetime | None, here: datetime, *, synchronized: bool | None) -> Check:
    """Check this machine's clock.

    Args:
        engine: the engine's time; None if it does not answer.
        here: this machine's time.
        synchronized: whether systemd synchronizes the clock; None if that is not known.
    """
    apart = abs((engine - here).total_seconds()) if engine else 0.0
    if apart >= CLOCK_WARNING_SECONDS:
        status = CheckStatus.ERROR if apart >= CLOCK_ERROR_SECONDS else CheckStatus.WARNING
        return Check("clock", status, f"the engine's is {apart:.0f} s apart from this machine's", SYNCHRONIZE)
    if synchronized is False:
        return Check("clock", CheckStatus.WARNING, "it is not synchronized", SYNCHRONIZE)
    words = ["it is synchronized" if synchronized else "it is not known whether it is synchronized"]
    words += ["the engine's is the same"] if engine else []
    return Check("clock", CheckStatus.OK, "; ".join([here.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), *words]))
