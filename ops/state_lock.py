"""Who holds a stack's lock: the note that Pulumi leaves beside the state while an update runs."""

import json
import os
import socket
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pulumi.automation import Stack

from ops.failure import Failure

LOCKS = Path(".pulumi", "locks", "organization")


class Holder(Enum):
    """What is known of the process that took a lock."""

    RUNS = "runs"
    ENDED = "has ended"
    ELSEWHERE = "is on another host"


@dataclass(frozen=True)
class Lock:
    """One lock, as its file says."""

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
    """Read the stack's locks; none where the state is not in a folder of this host: there only Pulumi knows them."""
    backend = os.environ.get("PULUMI_BACKEND_URL", "")
    return read_locks(backend, stack.workspace.project_settings().name, stack.name)


def read_locks(backend: str, project: str, stack: str) -> list[Lock]:
    """Read the locks of one stack in a file backend, `file://FOLDER`."""
    address = urlsplit(backend)
    if address.scheme != "file":
        return []
    folder = Path(unquote(address.netloc + address.path)).expanduser() / LOCKS / project / stack
    return sorted((_read(file) for file in folder.glob("*.json")), key=lambda lock: lock.since)


def refuse_second(stack: Stack) -> None:
    """Refuse to begin beside another update.

    Raises:
        Failure: when the stack is locked.
    """
    if held := locks(stack):
        raise Failure(refusal(stack.name, held[0]))


def refusal(stack: str, lock: Lock) -> str:
    """Say that a stack is locked, and what to do about it."""
    cure = {
        Holder.RUNS: "wait until it has ended",
        Holder.ENDED: f"that process has ended: `python -m ops recover {stack}`",
        Holder.ELSEWHERE: "if no update runs there, `pulumi cancel`",
    }[lock.holder()]
    return f"{stack} is locked by {lock}; {cure}"


def _read(file: Path) -> Lock:
    told = json.loads(file.read_text())
    return Lock(int(told["pid"]), str(told["username"]), str(told["hostname"]), str(told["timestamp"]))
