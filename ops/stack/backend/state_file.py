"""The files in which a backend in a folder keeps a stack: which of them are cut off, and what brings them back.

Other backends write a whole state or none.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.stack.project import PROJECT_NAME

SCHEME = "file://"
BROKEN_TIME = "%Y%m%dT%H%M%SZ"
META = "version: 1\n"
"""What Pulumi writes into `meta.yaml` of a backend whose stacks belong to projects."""


class Damage(Enum):
    """What a broken file is, and what is done about it. The broken file is kept under another name."""

    META = "the backend's version is written anew"
    STATE = "the newest good copy of the state takes its place"
    HISTORY = "that version leaves the history"
    ATTRIBUTES = "it is left out: Pulumi reads what it describes without it"
    LOCK = "the lock is removed: nobody holds it"


@dataclass(frozen=True)
class StateCopy:
    """A good copy of a stack's state."""

    path: Path
    time: datetime
    """When Pulumi wrote it."""
    resources: int


@dataclass(frozen=True)
class StateFolder:
    """A stack in a backend that is a folder of this machine."""

    folder: Path
    """Pulumi's own folder, `.pulumi`."""
    stack: str

    @property
    def state(self) -> Path:
        """The file of the state."""
        return self.folder / "stacks" / PROJECT_NAME / f"{self.stack}.json"

    def damaged(self) -> dict[Path, Damage]:
        """Return the files that are cut off or empty; Pulumi refuses every command for one of them."""
        found: dict[Path, Damage] = {}
        meta = self.folder / "meta.yaml"
        if meta.is_file() and "version:" not in meta.read_text(errors="replace"):
            found[meta] = Damage.META
        if self.state.is_file() and read_copy(self.state) is None:
            found[self.state] = Damage.STATE
        history = self.folder / "history" / PROJECT_NAME / self.stack
        found |= {path: Damage.HISTORY for path in sorted(history.glob("*.json")) if not is_json(path)}
        described = [meta, self.state, *history.glob("*.json")]
        attributes = sorted(path.with_name(f"{path.name}.attrs") for path in described)
        found |= {path: Damage.ATTRIBUTES for path in attributes if path.is_file() and not is_json(path)}
        locks = self.folder / "locks" / "organization" / PROJECT_NAME / self.stack
        return found | {path: Damage.LOCK for path in sorted(locks.glob("*.json")) if not is_json(path)}

    def copies(self) -> list[StateCopy]:
        """Return the good copies of the state that Pulumi keeps beside it and in the history, the newest first."""
        found = (read_copy(path) for path in self._candidates())
        return sorted((copy for copy in found if copy), key=lambda copy: copy.time, reverse=True)

    def mend(self, path: Path, damage: Damage) -> Path:
        """Do what a damage needs; return where the broken file is kept.

        Raises:
            OperationError: if the state has no good copy.
        """
        copies = self.copies() if damage is Damage.STATE else []
        if damage is Damage.STATE and not copies:
            raise OperationError(
                f"{self.stack}: its state {path} is cut off, and there is no good copy of it;"
                f" move it away, then `python -m ops recover {self.stack} --lost-state`"
            )
        # Beside the state. In their own folders Pulumi would read it as a lock or a version.
        kept = self.state.with_name(f"{path.name}.broken-{datetime.now(UTC).strftime(BROKEN_TIME)}")
        path.rename(kept)
        if copies:
            write_whole(path, copies[0].path.read_bytes())
        elif damage is Damage.META:
            write_whole(path, META.encode())
        return kept

    def _candidates(self) -> Iterator[Path]:
        yield self.state.with_name(f"{self.state.name}.bak")
        for kind in ("history", "backups"):
            yield from (self.folder / kind / PROJECT_NAME / self.stack).glob(f"{self.stack}[-.]*.json")


def state_folder(name: str) -> StateFolder | None:
    """Return where the stack's state is; None if the backend is no folder of this machine."""
    address = os.environ.get("PULUMI_BACKEND_URL") or ""
    if not address.startswith(SCHEME):
        return None
    folder = Path(address.removeprefix(SCHEME).partition("?")[0]).expanduser()
    return StateFolder(folder / ".pulumi", name)


def require_whole_state(name: str) -> None:
    """Check that the stack's state can be read.

    Raises:
        OperationError: names the first broken file and the cure.
    """
    for path in folder.damaged() if (folder := state_folder(name)) else {}:
        raise OperationError(f"{name}: {path} is cut off or empty: `python -m ops recover {name}` repairs it")


def read_copy(path: Path) -> StateCopy | None:
    """Return a whole state; None if the file is missing, cut off, or anything else."""
    try:
        document: Any = json.loads(path.read_bytes())
        latest = document["checkpoint"]["latest"] or {}
        time = (latest.get("manifest") or {}).get("time")
        written = datetime.fromisoformat(f"{time[:19]}+00:00") if time else datetime.fromtimestamp(0, UTC)
        return StateCopy(path, written, len(latest.get("resources") or []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_json(path: Path) -> bool:
    """Return whether a file can be read as JSON."""
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only this user may read; it is on the disk when it gets its name."""
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
