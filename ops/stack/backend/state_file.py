"""The files in which a backend in a folder keeps a stack: which of them are cut off, and what brings them back.

Other backends write a whole state or none.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from ops.errors import OperationError
from ops.stack.backend.state_copy import StateCopy, is_json, read_copy
from ops.stack.backend.whole_file import write_beside
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
        history = self.folder / "history" / PROJECT_NAME / self.stack
        if self.state.is_file() and read_copy(self.state) is None:
            found[self.state] = Damage.STATE
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
        """Do what a damage needs; return where the broken file is kept. At no moment is there no file.

        Raises:
            OperationError: if the state has no good copy, or a new file cannot be written; nothing was changed then.
        """
        new = self._content(path, damage)
        written = write_beside(path, new) if new is not None else None
        # Beside the state. In their own folders Pulumi would read it as a lock or a version.
        kept = self.state.with_name(f"{path.name}.broken-{datetime.now(UTC).strftime(BROKEN_TIME)}")
        if written:
            os.link(path, kept)
            written.rename(path)
        else:
            path.rename(kept)
        return kept

    def _content(self, path: Path, damage: Damage) -> bytes | None:
        """Return what a damaged file should hold; None if it should not be there."""
        if damage is Damage.META:
            return META.encode()
        if damage is not Damage.STATE:
            return None
        if copies := self.copies():
            return copies[0].path.read_bytes()
        raise OperationError(
            f"{self.stack}: its state {path} is cut off, and there is no good copy of it;"
            f" move it away, then `python -m ops recover {self.stack} --lost-state`"
        )

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
    for path in folder.damaged() if (folder := state_folder(name)) else ():
        raise OperationError(f"{name}: {path} is cut off or empty: `python -m ops recover {name}` repairs it")
