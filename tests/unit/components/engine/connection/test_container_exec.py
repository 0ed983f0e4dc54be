"""A command in a container is heard to its end, or given up."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from components.engine.connection.container_exec import FRAME_HEADER, ExecCutOff, frames, run_in_container
from tests.unit.exec_api import Ended, ExecApi


def run(ended: Ended, silence: float = 60) -> tuple[int, bytes, bytes]:
    container: Any = SimpleNamespace(id="1", name="backup", client=SimpleNamespace(api=ExecApi(lambda _: ended)))
    out, error = bytearray(), bytearray()
    return run_in_container(container, ["psql"], out.extend, error.extend, silence), bytes(out), bytes(error)


def test_output_and_errors_are_told_apart() -> None:
    assert run(Ended(b"one line\nand another\n", b"a warning", 3)) == (3, b"one line\nand another\n", b"a warning")


def test_silent_command_is_given_up() -> None:
    with pytest.raises(TimeoutError, match=r"nothing was written for 0\.05 s"):
        run(Ended(b"begun\n", hangs=True), silence=0.05)


def test_command_whose_connection_ended_has_no_exit_code() -> None:
    with pytest.raises(ExecCutOff, match="the connection to backup ended while psql ran there"):
        run(Ended(b"begun\n", status=None))


def test_connection_that_ends_in_a_header_ends_the_output() -> None:
    source, end = os.pipe()
    os.write(end, FRAME_HEADER.pack(1, 3) + b"one" + FRAME_HEADER.pack(1, 3)[:5])
    os.close(end)
    assert list(frames(source, 60)) == [(1, b"one")]
    os.close(source)
