"""The end of a container's process is seen when it comes."""

import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import ending
from benchmarks.ending import largest, watched

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


def container(process: int) -> Any:
    return SimpleNamespace(top=lambda ps_args: {"Processes": [["1", "4"], [f"{process}", "300"]]})


def test_the_largest_process_is_litellm() -> None:
    assert largest([["10", "900"], ["11", "310000"], ["12", "2000"]]) == 11


def test_the_moment_lies_between_the_signal_and_now() -> None:
    with subprocess.Popen(SLEEPER) as process:
        with watched(container(process.pid)) as ended:
            begin = time.time()
            process.kill()
        assert begin <= ended.result() <= time.time()


def test_a_process_that_lives_on_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "PATIENCE", 0.1)
    with subprocess.Popen(SLEEPER) as process:
        with watched(container(process.pid)) as ended:
            pass
        process.kill()
        with pytest.raises(TimeoutError, match="did not end"):
            ended.result()
