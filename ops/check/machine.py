"""What is right and wrong with a machine, from facts alone: nothing here asks or changes it."""

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
from components.engine.preflight import LEAST_FREE_GIB
from components.images.source import ImageSource

BOOTSTRAP, SYNCHRONIZE = "bootstrap/run", "timedatectl set-ntp on"
ROOMY_GIB = 10.0
"""Free disk below which images of an update, logs and spend may fill it soon."""
SLOW_CLOCK, WRONG_CLOCK = 2.0, 60.0
"""Seconds between two clocks that are a warning, and a fault: keys and certificates end by the clock."""


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    """It works; something may not later, or elsewhere."""
    FAULT = "fault"
    """It stands in the way."""


@dataclass(frozen=True)
class Check:
    """A row of the table."""

    about: str
    grade: Grade
    text: str
    cure: str = ""
    """A command or a sentence; empty where there is nothing to cure, or `text` says it."""


def machine_checks(machine: Machine, recipes: Mapping[str, str]) -> list[Check]:
    """Compare a machine with what bootstrap would make of it; `recipes` as `bootstrap.plan.plan` takes them."""
    source = decide(machine)
    built = source.source is ImageSource.BUILT
    answers = machine.engine is EngineState.ANSWERS
    return [
        _lacks("Docker engine", "answers", lambda: engine_steps(machine)),
        _lacks("Pulumi", "command line and plugins are installed", lambda: pulumi_steps(machine)),
        Check("image source", Grade.GOOD, f"{source.source}: {source.reason}"),
        # Without an engine every image seems to be missing.
        *([_lacks("images", "are built", lambda: image_steps(machine, recipes))] if built and answers else []),
        disk(machine.free_gib),
    ]


def _lacks(about: str, well: str, steps: Callable[[], Sequence[Step]]) -> Check:
    try:
        found = steps()
    except BootstrapError as error:
        return Check(about, Grade.FAULT, str(error))
    if not found:
        return Check(about, Grade.GOOD, well)
    return Check(about, Grade.FAULT, "; ".join(dict.fromkeys(step.reason for step in found)), BOOTSTRAP)


def disk(free_gib: float) -> Check:
    """Judge the free disk, of Docker's and this project's file systems the fuller one."""
    text = f"{free_gib:.1f} GiB free where Docker and this project keep files"
    if free_gib >= ROOMY_GIB:
        return Check("disk", Grade.GOOD, text)
    grade = Grade.FAULT if free_gib < LEAST_FREE_GIB else Grade.WARNING
    return Check("disk", grade, text, "docker image prune")


def environment(*, pulumi_found: bool, installed: bool) -> list[Check]:
    """Judge the shell; silent where Pulumi is not installed, which has a row of its own."""
    if pulumi_found or not installed:
        return []
    return [Check("shell", Grade.FAULT, "pulumi is not on PATH: the environment is not loaded", "source .envrc")]


def passphrase(*, given: bool, file: str | None, mode: int | None) -> Check:
    """Judge the way to the secrets.

    Args:
        given: PULUMI_CONFIG_PASSPHRASE is set.
        file: what PULUMI_CONFIG_PASSPHRASE_FILE names; None: it is not set.
        mode: the file's permissions; None: there is no such file.
    """
    if given:
        return Check("passphrase", Grade.GOOD, "PULUMI_CONFIG_PASSPHRASE is set")
    if not file:
        return Check("passphrase", Grade.FAULT, "none is set: the environment is not loaded", "source .envrc")
    if mode is None:
        restore = f"put the copy of {file} back; where no stack was ever made, {BOOTSTRAP}"
        return Check("passphrase", Grade.FAULT, f"{file} does not exist", restore)
    if mode & 0o077:
        return Check("passphrase", Grade.WARNING, f"others may read {file}", f"chmod 600 {file}")
    return Check("passphrase", Grade.GOOD, f"{file} exists, for its owner alone; keep a copy elsewhere")


def clock(engine: datetime | None, here: datetime, *, synchronized: bool | None) -> Check:
    """Judge the clock by the engine's and by what systemd says of it; None: nobody says."""
    apart = abs((engine - here).total_seconds()) if engine else 0.0
    if apart >= SLOW_CLOCK:
        grade = Grade.FAULT if apart >= WRONG_CLOCK else Grade.WARNING
        return Check("clock", grade, f"the engine's is {apart:.0f} s apart from this machine's", SYNCHRONIZE)
    if synchronized is False:
        return Check("clock", Grade.WARNING, "it is not synchronized", SYNCHRONIZE)
    words = ["it is synchronized" if synchronized else "nothing here tells whether it is synchronized"]
    words += ["the engine's is the same"] if engine else []
    return Check("clock", Grade.GOOD, "; ".join([here.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), *words]))
