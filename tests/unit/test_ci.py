"""`.ci/run`: which steps run, and what is said of those that fail."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPT = Path(".ci") / "run"
STEPS = ("lint", "unit", "smoke", "verify-edge", "verify-data", "bench-quick", "verify-updates",
         "verify-kubernetes-updates", "verify-configuration", "verify-recovery")  # fmt: skip
MAKEFILE = """\
help:
	@echo "make lint                check style"
	@echo "make verify-updates      all of them: 80 minutes"

{others}:
	@echo "runs $@"

smoke:
	@echo "FAILED tests/smoke.py::test_answer"; exit 1
"""


def run(folder: Path, *steps: str) -> subprocess.CompletedProcess[str]:
    (folder / ".ci").mkdir()
    shutil.copy(PROJECT / SCRIPT, folder / SCRIPT)
    others = " ".join(step for step in STEPS if step != "smoke")
    (folder / "Makefile").write_text(MAKEFILE.format(others=others))
    return subprocess.run([folder / SCRIPT, *steps], check=False, capture_output=True, text=True)


def test_step_that_would_take_too_long_is_left_out(tmp_path: Path) -> None:
    ended = run(tmp_path)
    left_out = re.findall(r"^(\S+) +left out", ended.stdout, re.MULTILINE)
    assert left_out == ["verify-updates"]
    assert {step for step in STEPS if f"runs {step}\n" in ended.stdout} == set(STEPS) - {"verify-updates", "smoke"}


def test_step_that_is_named_runs_however_long_it_takes(tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-updates")
    assert ended.returncode == 0, ended.stdout
    assert "runs verify-updates" in ended.stdout


def test_failed_step_fails_the_run_and_is_named_last(tmp_path: Path) -> None:
    ended = run(tmp_path, "lint", "smoke")
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-3:] == ["--- smoke", "FAILED tests/smoke.py::test_answer", "Failed: smoke"]


@pytest.mark.parametrize("step", STEPS[2:])
def test_help_says_how_long_a_step_takes(step: str) -> None:
    text = subprocess.run(["make", "--silent", "help"], cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    assert re.search(rf"^make {step} .*: \d+ minutes$", text, re.MULTILINE)
