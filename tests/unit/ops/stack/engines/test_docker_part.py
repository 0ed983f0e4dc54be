"""Commands in a container."""

from types import SimpleNamespace
from typing import Any

import pytest

from ops.errors import OperationError
from ops.stack.engines.docker_part import DockerPart
from tests.unit.exec_api import Ended, ExecApi


def part(ended: Ended, silence: int = 60) -> DockerPart:
    container: Any = SimpleNamespace(
        id="1", name="gateway-dev-backup", client=SimpleNamespace(api=ExecApi(lambda _: ended))
    )
    return DockerPart(container, silence)


def test_output_is_handed_on() -> None:
    pieces: list[bytes] = []
    part(Ended(b"one\ntwo\n", b"a warning")).run(pieces.append, "sh", "/opt/gateway/live.sh")
    assert b"".join(pieces) == b"one\ntwo\n"


def test_failed_command_ends_with_its_own_reason() -> None:
    with pytest.raises(OperationError, match=r"^dump\.sh failed: disk nearly full$"):
        part(Ended(error=b"pg_dump: warning\ndisk nearly full\n", status=1)).run(print, "sh", "/opt/gateway/dump.sh")


def test_silent_command_is_given_up() -> None:
    with pytest.raises(OperationError, match=r"^dump\.sh wrote nothing for 0 s in container gateway-dev-backup$"):
        part(Ended(hangs=True), silence=0).run(print, "sh", "/opt/gateway/dump.sh")


def test_command_that_was_cut_off_has_not_succeeded() -> None:
    with pytest.raises(OperationError, match=r"^the connection to container .* ended while dump\.sh ran there$"):
        part(Ended(b"dumping\n", status=None)).run(print, "sh", "/opt/gateway/dump.sh")
