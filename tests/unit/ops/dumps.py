"""A dump's manifest, and a container that holds dumps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from ops.data.manifest import Manifest
from tests.unit.exec_api import Ended, ExecApi
from tests.unit.ops.entries import BEGIN

CONTENT = b"PGDMP of a test"
MANIFEST: dict[str, Any] = {
    "stack": "test",
    "salt_key": "0123456789abcdef",
    "taken": "20260131T021500Z",
    "reason": "manual",
    "commit": "c0ffee",
    "image": "litellm:1",
    "next_image": None,
    "sha256": "c1bfc0ba3ab1ab9e7a8c2f1a1ef4a35aab19ba2ae4eb9be48fbff4ed0ef0cd2c",
    "size": len(CONTENT),
    "schema": {"last": "20260101_keys", "count": 7},
    "rows": {"public.Keys": 3, "public.Spend": 40},
}


def manifest(**changes: Any) -> Manifest:
    return Manifest.model_validate(MANIFEST | changes)


def dump_at(minute: float, *, reason: str = "before-migration") -> Manifest:
    """A dump that was taken so many minutes after BEGIN."""
    taken = BEGIN + timedelta(minutes=minute)
    return manifest(taken=taken.strftime("%Y%m%dT%H%M%SZ"), reason=reason)


@dataclass
class Engine:
    """Stands in for the container that holds dumps: answers by words of a command, and remembers each."""

    answers: dict[str, tuple[bytes, bytes, int]]
    put: list[tuple[str, bytes]] = field(default_factory=list)
    id = "backup-id"
    name = "gateway-test-backup"

    def __post_init__(self) -> None:
        self.api = ExecApi(self._answer)
        self.client = SimpleNamespace(api=self.api)

    @property
    def ran(self) -> list[list[str]]:
        return self.api.ran

    def put_archive(self, folder: str, archive: Any) -> None:
        self.put.append((folder, archive.read()))

    def _answer(self, command: Sequence[str]) -> Ended:
        called = " ".join(command)
        return next(Ended(*answer) for words, answer in self.answers.items() if words in called)


def line(**changes: Any) -> bytes:
    return json.dumps(MANIFEST | changes).encode() + b"\n"
