"""The file in which a backend in a folder keeps a stack's state: whether it is whole, and its good copies."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops.errors import OperationError
from ops.stack.project import PROJECT_NAME

SCHEME = "file://"
BROKEN_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class StateCopy:
    """A good copy of a stack's state."""

    path: Path
    time: datetime
    """When Pulumi wrote it."""
    resources: int


@dataclass(frozen=True)
class StateFile:
    """The state of one stack in a folder; other backends write whole states or none."""

    path: Path

    @property
    def is_broken(self) -> bool:
        """Whether it is there and cannot be read: it was cut off, or overwritten."""
        return self.path.is_file() and read_copy(self.path) is None

    def copies(self) -> list[StateCopy]:
        """Return the good copies that Pulumi keeps beside it and in the history, the newest first."""
        found = (read_copy(path) for path in self._candidates())
        return sorted((copy for copy in found if copy), key=lambda copy: copy.time, reverse=True)

    def replace(self, copy: StateCopy) -> Path:
        """Put a copy in the file's place; return where the broken file is kept."""
        kept = self.path.with_name(f"{self.path.name}.broken-{datetime.now(UTC).strftime(BROKEN_TIME)}")
        self.path.rename(kept)
        part = self.path.with_name(f"{self.path.name}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(copy.path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.path)
        return kept

    def _candidates(self) -> Iterator[Path]:
        yield self.path.with_name(f"{self.path.name}.bak")
        stack = self.path.stem
        for kind in ("history", "backups"):
            yield from (self.path.parents[2] / kind / PROJECT_NAME / stack).glob(f"{stack}[-.]*.json")


def state_file(name: str) -> StateFile | None:
    """Return the stack's state file; None if the backend is no folder of this machine."""
    address = os.environ.get("PULUMI_BACKEND_URL") or ""
    if not address.startswith(SCHEME):
        return None
    folder = Path(address.removeprefix(SCHEME).partition("?")[0]).expanduser()
    return StateFile(state_path(folder, name))


def state_path(folder: Path, name: str) -> Path:
    """Return where a backend in a folder keeps a stack's state."""
    return folder / ".pulumi" / "stacks" / PROJECT_NAME / f"{name}.json"


def require_whole_state(name: str) -> None:
    """Check that the stack's state can be read.

    Raises:
        OperationError: names the file and the cure.
    """
    if (file := state_file(name)) and file.is_broken:
        raise OperationError(broken_error(name, file))


def broken_error(name: str, file: StateFile) -> str:
    """Return the sentence for a broken file, with the cure."""
    return f"{name}: its state is cut off: {file.path}; `python -m ops recover {name}` brings back the newest good copy"


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
