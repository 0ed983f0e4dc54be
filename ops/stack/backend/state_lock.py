"""The lock of a stack's state: the backend keeps it while an update runs."""

import re
import socket
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pulumi.automation import ConcurrentUpdateError, Stack, StackAlreadyExistsError

from ops.errors import OperationError

HELD = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<process>\d+)\) at (?P<since>\S+)")
"""A line of Pulumi's error; no command lists locks as data."""


class Holder(Enum):
    """State of the process that took a lock."""

    RUNNING = "running"
    ENDED = "ended"
    ELSEWHERE = "on another host"


@dataclass(frozen=True)
class StateLock:
    """One lock, as Pulumi describes it."""

    process: int
    user: str
    host: str
    since: str
    """ISO 8601 in UTC, as Pulumi writes it."""

    def __str__(self) -> str:
        """Return the holder and the age."""
        return f"{self.user}@{self.host} (process {self.process}) since {self.since}"

    def holder(self) -> Holder:
        """Return whether the process may still run; another program with its number is not it."""
        if self.host != socket.gethostname():
            return Holder.ELSEWHERE
        try:
            command = Path(f"/proc/{self.process}/cmdline").read_bytes()
        except OSError:
            return Holder.ENDED
        return Holder.RUNNING if b"pulumi" in command else Holder.ENDED


def state_locks(stack: Stack) -> list[StateLock]:
    """Return the stack's locks, the oldest first.

    Pulumi has no command that lists locks. Creating an existing stack fails and changes nothing; if the stack is
    locked, the error names the holders.

    Raises:
        pulumi.automation.CommandError: if the backend does not answer, or the error names no holder.
    """
    try:
        stack.workspace.create_stack(stack.name)
    except StackAlreadyExistsError:
        return []
    except ConcurrentUpdateError as error:
        if held := parse_locks(str(error)):
            return held
        raise
    raise OperationError(f"{stack.name} was removed meanwhile")


def parse_locks(error: str) -> list[StateLock]:
    """Return the locks that Pulumi's error names, the oldest first."""
    held = [match.groupdict() for match in HELD.finditer(error)]
    locks = [StateLock(int(each["process"]), each["user"], each["host"], each["since"]) for each in held]
    return sorted(locks, key=lambda lock: lock.since)


def require_unlocked(stack: Stack) -> None:
    """Check that no other update runs.

    Raises:
        OperationError: if the stack is locked.
    """
    if held := state_locks(stack):
        raise OperationError(locked_error(stack.name, held[0]))


def locked_error(stack: str, lock: StateLock) -> str:
    """Return the error for a locked stack, with the cure."""
    cure = {
        Holder.RUNNING: "wait until it has ended",
        Holder.ENDED: f"that process has ended: `python -m ops recover {stack}`",
        Holder.ELSEWHERE: "if no update runs there, `pulumi cancel`",
    }[lock.holder()]
    return f"{stack} is locked by {lock}; {cure}"
