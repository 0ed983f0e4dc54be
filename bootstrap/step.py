"""One step of a plan: what is done, why, and in which lane. Steps are data; tests compare them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bootstrap.shell import Shell


class Lane(StrEnum):
    """Steps of one lane run one after the other; the lanes run side by side."""

    DOCKER = "docker"
    """Engine and images: waits for the network most of the time."""
    PULUMI = "pulumi"
    """CLI and plugins: compiles most of the time where they are built."""


class Work(Protocol):
    """Something a step does."""

    def run(self, shell: Shell) -> None:
        """Do it, with its output in the shell's log.

        Raises:
            Failure: with one sentence, when it cannot be done.
        """

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Step:
    """A named piece of the plan."""

    name: str
    """Shown in progress lines; the log is .cache/logs/NAME.log."""
    reason: str
    """Why this machine needs it."""
    lane: Lane
    work: tuple[Work, ...]
