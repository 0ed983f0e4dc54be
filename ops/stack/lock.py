"""Who holds a stack's lock: the note that Pulumi leaves beside the state, wherever that is, while an update runs."""

import re
import socket
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pulumi.automation import ConcurrentUpdateError, Stack, StackAlreadyExistsError

from ops.errors import OperationError

HELD = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<process>\d+)\) at (?P<since>\S+)")
"""A line of Pulumi's refusal; no command lists locks as data."""


class Holder(Enum):
    """What is known of the process that took a lock."""

    RUNS = "runs"
    ENDED = "has ended"
    ELSEWHERE = "is on another host"


@dataclass(frozen=True)
class Lock:
    """One lock, as Pulumi tells it."""

    process: int
    user: str
    host: str
    since: str
    """As Pulumi writes it: ISO 8601, UTC."""

    def __str__(self) -> str:
        """Say whose it is and how old."""
        return f"{self.user}@{self.host} (process {self.process}) since {self.since}"

    def holder(self) -> Holder:
        """Tell whether that process can still be at work; another process of the same number is not it."""
        if self.host != socket.gethostname():
            return Holder.ELSEWHERE
        try:
            return Holder.RUNS if b"pulumi" in Path(f"/proc/{self.process}/cmdline").read_bytes() else Holder.ENDED
        except OSError:
            return Holder.ENDED


def locks(stack: Stack) -> list[Lock]:
    """Ask the backend for the stack's locks, the oldest first.

    Pulumi tells them only to who wants one. Making a stack wants one first; then one that is there already is refused,
    so nothing is changed.

    Raises:
        pulumi.automation.CommandError: when the backend does not answer, or an update runs and who runs it is not told.
    """
    try:
        stack.workspace.create_stack(stack.name)
    except StackAlreadyExistsError:
        return []
    except ConcurrentUpdateError as error:
        if held := held_locks(str(error)):
            return held
        raise
    raise OperationError(f"{stack.name} was removed meanwhile")


def held_locks(refused: str) -> list[Lock]:
    """Read the locks out of Pulumi's refusal, the oldest first."""
    found = (Lock(int(held["process"]), held["user"], held["host"], held["since"]) for held in HELD.finditer(refused))
    return sorted(found, key=lambda lock: lock.since)


def refuse_second(stack: Stack) -> None:
    """Refuse to begin beside another update.

    Raises:
        OperationError: when the stack is locked.
    """
    if held := locks(stack):
        raise OperationError(refusal(stack.name, held[0]))


def refusal(stack: str, lock: Lock) -> str:
    """Say that a stack is locked, and what to do about it."""
    cure = {
        Holder.RUNS: "wait until it has ended",
        Holder.ENDED: f"that process has ended: `python -m ops recover {stack}`",
        Holder.ELSEWHERE: "if no update runs there, `pulumi cancel`",
    }[lock.holder()]
    return f"{stack} is locked by {lock}; {cure}"
