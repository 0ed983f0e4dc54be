"""Commands in a pod."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

pytest.importorskip("kubernetes", reason="needs requirements-kubernetes.txt")

from websocket import WebSocketConnectionClosedException

from components.engine.kubernetes.cluster.client import Cluster, ClusterError
from ops.errors import OperationError
from ops.stack.engines.pod_part import PodPart


@dataclass
class Connection:
    """Stands in for the connection of one command: what it writes, in pieces, and its exit code or its loss."""

    pieces: list[tuple[bytes, bytes]]
    returncode: int | None = 0
    loss: Exception | None = None
    written: bytearray = field(default_factory=bytearray)
    closed: bool = False

    def is_open(self) -> bool:
        return bool(self.pieces)

    def update(self, timeout: float) -> None:
        assert timeout > 0
        if self.loss:
            raise self.loss
        self._now = self.pieces.pop(0) if self.pieces else (b"", b"")

    def read_stdout(self, timeout: float) -> bytes:
        assert timeout == 0
        return self._now[0]

    def read_stderr(self, timeout: float) -> bytes:
        assert timeout == 0
        return self._now[1]

    def write_stdin(self, piece: bytes) -> None:
        if self.loss:
            raise self.loss
        self.written += piece

    def close(self) -> None:
        self.closed = True


@dataclass
class Api:
    """Stands in for a cluster."""

    connection: Connection | None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def execute(self, namespace: str, pod: str, container: str, command: Sequence[str], *, stdin: bool) -> Connection:
        self.asked.append((namespace, pod, container, *command, stdin))
        if self.connection is None:
            raise ClusterError("no command can be run in backup-0: Forbidden")
        return self.connection


def part(api: Api, silence: int = 60) -> PodPart:
    return PodPart(cast("Cluster", api), "gateway-blue", "backup-0", "backup", silence)


def test_output_is_handed_on_in_pieces() -> None:
    api, pieces = Api(Connection([(b"", b""), (b"one\n", b""), (b"two\n", b"a warning")])), list[bytes]()
    part(api).run(pieces.append, "sh", "/opt/gateway/live.sh")
    assert pieces == [b"one\n", b"two\n"]
    assert api.asked == [("gateway-blue", "backup-0", "backup", "sh", "/opt/gateway/live.sh", False)]
    assert api.connection is not None
    assert api.connection.closed


def test_failed_command_ends_with_its_own_reason() -> None:
    api = Api(Connection([(b"", b"pg_dump: warning\ndisk nearly full\n")], returncode=1))
    with pytest.raises(OperationError, match=r"^dump\.sh failed: disk nearly full$"):
        part(api).run(print, "sh", "/opt/gateway/dump.sh")


def test_silent_command_is_given_up() -> None:
    api = Api(Connection([(b"", b""), (b"late", b"")]))
    with pytest.raises(OperationError, match=r"^dump\.sh wrote nothing for -1 s in pod backup-0$"):
        part(api, silence=-1).run(print, "dump.sh")


def test_archive_is_sent_with_its_size() -> None:
    api = Api(Connection([]))
    part(api).put("/dumps", io.BytesIO(b"archive"), 7)
    assert api.asked[0][-4:] == ("tar", "7", "/dumps", True)
    assert api.connection is not None
    assert bytes(api.connection.written) == b"archive"


def test_refused_command_is_one_sentence() -> None:
    with pytest.raises(OperationError, match=r"^backup-0: no command can be run in backup-0: Forbidden$"):
        part(Api(None)).run(print, "true")


@pytest.mark.parametrize(
    "connection",
    [
        Connection([(b"dumping\n", b"")], loss=WebSocketConnectionClosedException("gone")),
        Connection([(b"dumping\n", b"")], loss=ConnectionResetError("reset by peer")),
        Connection([(b"dumping\n", b"")], returncode=None),
    ],
    ids=["closed", "reset", "without a status"],
)
def test_cut_connection_is_one_sentence(connection: Connection) -> None:
    cut_off = r"^the connection to pod backup-0 ended while {} ran there$"
    with pytest.raises(OperationError, match=cut_off.format(r"dump\.sh")):
        part(Api(connection)).run(lambda _: None, "sh", "/opt/gateway/dump.sh")
    assert connection.closed
    with pytest.raises(OperationError, match=cut_off.format("tar")):
        part(Api(connection)).put("/dumps", io.BytesIO(b"archive"), 7)


def test_command_that_the_cluster_does_not_start_says_why() -> None:
    class Refused(Connection):
        @property
        def returncode(self) -> int:
            return int("error executing command in container: not found")

        @returncode.setter
        def returncode(self, _: int | None) -> None: ...

    with pytest.raises(OperationError, match=r"^live\.sh failed: .*error executing command in container: not found"):
        part(Api(Refused([]))).run(print, "live.sh")


def test_what_comes_with_the_end_is_handed_on() -> None:
    connection = Connection([(b"one\n", b"")])
    connection.is_open = lambda: False  # type: ignore[method-assign]
    pieces: list[bytes] = []
    part(Api(connection)).run(pieces.append, "live.sh")
    assert pieces == [b"one\n"]
