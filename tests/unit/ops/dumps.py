"""A dump's manifest, and a container that holds dumps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ops.data.manifest import Manifest
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
    """Stands in for the engine's exec: answers by a command's last words, and remembers each."""

    answers: dict[str, tuple[bytes, bytes, int]]
    ran: list[list[str]] = field(default_factory=list)
    put: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def client(self) -> Any:
        return type("Client", (), {"api": self})

    id = "backup-id"

    def exec_create(self, _: str, command: list[str]) -> dict[str, str]:
        self.ran.append(command)
        return {"Id": " ".join(command)}

    def exec_start(self, started: str, **_: bool) -> Iterator[tuple[bytes | None, bytes | None]]:
        out, error, _code = self._answer(started)
        # In pieces that end in the middle of a line, as the engine's do.
        for at in range(0, len(out), 7):
            yield out[at : at + 7], None
        yield None, error

    def exec_inspect(self, started: str) -> dict[str, int]:
        return {"ExitCode": self._answer(started)[2]}

    def put_archive(self, folder: str, archive: Any) -> None:
        self.put.append((folder, archive.read()))

    def _answer(self, started: str) -> tuple[bytes, bytes, int]:
        return next(answer for words, answer in self.answers.items() if words in started)


def line(**changes: Any) -> bytes:
    return json.dumps(MANIFEST | changes).encode() + b"\n"
