"""A copy of a stack's state, as a backend in a folder keeps some."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class StateCopy:
    """A good copy of a stack's state."""

    path: Path
    time: datetime
    """When Pulumi wrote it."""
    resources: int


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
