"""Steps run in lanes; a failure is shown with its log and stops the other lane."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from bootstrap.execution import lanes
from bootstrap.execution.lanes import Execution, duration
from bootstrap.execution.shell import Command
from bootstrap.execution.step import Lane, Step


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lanes, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(lanes, "ROOT", tmp_path)
    return tmp_path / "logs"


def run(*steps: Step) -> tuple[bool, str]:
    output = io.StringIO()
    return Execution(Console(file=output, width=400)).run(steps), output.getvalue()


def shell_step(name: str, lane: Lane, *scripts: str) -> Step:
    return Step(name, "a test needs it", lane, tuple(Command(("sh", "-c", script)) for script in scripts))


def test_step_output_goes_to_its_log_only(logs: Path) -> None:
    done, shown = run(shell_step("quiet", Lane.DOCKER, "echo to-out; echo to-err >&2"))
    assert done
    assert "to-out" not in shown
    assert {"to-out", "to-err"} <= set((logs / "quiet.log").read_text().splitlines())


def test_failed_step_shows_the_end_of_its_log() -> None:
    done, shown = run(shell_step("broken", Lane.DOCKER, "seq 100; exit 3"))
    assert not done
    assert "exited with status 3" in shown
    lines = shown.splitlines()
    assert "100" in lines
    assert "50" not in lines
    assert "whole output: logs/broken.log" in shown


def test_steps_after_a_failure_do_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    done, _ = run(shell_step("broken", Lane.DOCKER, "false"), shell_step("next", Lane.DOCKER, f"touch {mark}"))
    assert not done
    assert not mark.exists()


def test_failed_lane_stops_the_other(tmp_path: Path) -> None:
    mark, start = tmp_path / "mark", time.monotonic()
    done, shown = run(
        shell_step("long", Lane.PULUMI, f"sleep 20; touch {mark}"),
        shell_step("broken", Lane.DOCKER, "sleep 0.3; false"),
    )
    assert not done
    assert time.monotonic() - start < 10
    assert not mark.exists()
    assert "stopped" in shown


def test_lanes_run_in_parallel(tmp_path: Path) -> None:
    # Each step waits for the file the other one makes: one after the other they would never end.
    wait = "for _ in $(seq 100); do [ -e {0}/{1} ] && exit 0; sleep 0.05; done; exit 1"
    done, _ = run(
        shell_step("one", Lane.DOCKER, f"touch {tmp_path}/one", wait.format(tmp_path, "two")),
        shell_step("two", Lane.PULUMI, f"touch {tmp_path}/two", wait.format(tmp_path, "one")),
    )
    assert done


def test_missing_program_fails_with_its_name() -> None:
    done, shown = run(Step("absent", "a test needs it", Lane.DOCKER, (Command(("no-such-program",)),)))
    assert not done
    assert "no-such-program did not start" in shown


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0s"), (59.4, "59s"), (60, "1m00s"), (256, "4m16s")])
def test_duration_is_minutes_and_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text
