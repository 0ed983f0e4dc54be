"""The exit of a container's process is noticed when it happens."""

import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import exit_watch
from benchmarks.exit_watch import largest, watched

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


def container(process: int) -> Any:
    return SimpleNamespace(top=lambda ps_args: {"Processes": [["1", "4"], [f"{process}", "300"]]})


def test_the_process_with_the_most_memory_is_litellm() -> None:
    assert largest([["10", "900"], ["11", "310000"], ["12", "2000"]]) == 11


def test_the_moment_of_the_exit_is_after_the_signal() -> None:
    with subprocess.Popen(SLEEPER) as process:
        with watched(container(process.pid)) as ended:
            begin = time.time()
            process.kill()
        assert begin <= ended.result() <= time.time()


def test_a_process_that_does_not_exit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_watch, "EXIT_TIMEOUT", 0.1)
    with subprocess.Popen(SLEEPER) as process:
        with watched(container(process.pid)) as ended:
            pass
        process.kill()
        with pytest.raises(TimeoutError, match="did not exit"):
            ended.result()
