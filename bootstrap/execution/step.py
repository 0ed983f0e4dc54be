"""A step of the plan: what is done, why, and in which lane. Steps are plain data, which tests compare."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bootstrap.execution.shell import Shell


class Lane(StrEnum):
    """The steps of a lane run one after the other; the lanes run in parallel."""

    DOCKER = "docker"
    """Engine and images: mostly waits for the network."""
    PULUMI = "pulumi"
    """CLI and plugins: mostly compiles, where they are built."""


class Action(Protocol):
    """One thing that a step does."""

    def run(self, shell: Shell) -> None:
        """Do it, with its output in the shell's log.

        Raises:
            StepError: when it fails.
        """

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """A named step of the plan."""

    name: str
    """Shown in progress lines; the log is .cache/logs/NAME.log."""
    reason: str
    """Why this machine needs it."""
    lane: Lane
    actions: tuple[Action, ...]
