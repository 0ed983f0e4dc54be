"""The metrics of workers that ended: their sums stay, their files and gauges go."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.litellm.worker.hooks import worker_metrics

COUNTING = """
import os, sys
from prometheus_client import Counter, Gauge, Histogram
model, *amounts = sys.argv[1:]
for amount in amounts:
    if os.fork() == 0:
        Counter("answers", "Answers", ["model"]).labels(model=model).inc(int(amount))
        Histogram("latency", "Latency", buckets=(1, 5)).observe(float(amount))
        Gauge("state", "State").set(2)
        os._exit(0)
    os.wait()
"""
"""Each amount is counted by a worker of its own, which has ended afterwards."""
SCRAPE = """
import json, os
from prometheus_client import CollectorRegistry, multiprocess
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
print(json.dumps([[s.name, s.labels.get("model", s.labels.get("le", "")), s.value] for m in registry.collect() for s in m.samples]))
"""  # noqa: E501
INTERRUPTION = "engine stopped"


def python(folder: Path, program: str, *arguments: str) -> str:
    """Run a program in the folder, and return what it prints."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[5])}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def work(folder: Path, *amounts: int, model: str = "small") -> None:
    """Run a worker to its end for each amount: it leaves its files, and no process has its id."""
    python(folder, COUNTING, model, *map(str, amounts))


def scrape(folder: Path) -> dict[tuple[str, str], float]:
    """Return the sums that LiteLLM's metrics process reads in the folder."""
    return {(name, label): value for name, label, value in json.loads(python(folder, SCRAPE))}


def databases(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.db"))


def test_sums_outlive_the_workers(tmp_path: Path) -> None:
    work(tmp_path, 3, 4)
    worker_metrics.fold(tmp_path)
    work(tmp_path, 5, model="large")
    worker_metrics.fold(tmp_path)
    sums = scrape(tmp_path)
    assert sums["answers_total", "small"] == 7
    assert sums["answers_total", "large"] == 5


def test_histograms_are_added_up_once(tmp_path: Path) -> None:
    work(tmp_path, 0, 3, 9)
    before = {key: value for key, value in scrape(tmp_path).items() if key[0].startswith("latency")}
    for _ in range(3):
        worker_metrics.fold(tmp_path)
    after = scrape(tmp_path)
    assert {key: after[key] for key in before} == before
    assert (after["latency_bucket", "1.0"], after["latency_bucket", "5.0"]) == (1, 2)
    work(tmp_path, 9)
    worker_metrics.fold(tmp_path)
    assert scrape(tmp_path)["latency_bucket", "+Inf"] == 4


def test_a_hundred_workers_leave_as_many_files_as_one(tmp_path: Path) -> None:
    work(tmp_path, 1)
    worker_metrics.fold(tmp_path)
    first = databases(tmp_path)
    (one,) = tmp_path.glob("counter_*.db")
    content = one.read_bytes()
    for process in range(10**8, 10**8 + 150):
        (tmp_path / f"counter_{process}.db").write_bytes(content)
    worker_metrics.fold(tmp_path)
    worker_metrics.fold(tmp_path)
    assert len(databases(tmp_path)) == len(first) == 2
    assert scrape(tmp_path)["answers_total", "small"] == 151


def test_gauges_of_ended_workers_are_removed(tmp_path: Path) -> None:
    work(tmp_path, 1)
    assert scrape(tmp_path)["state", ""] == 2
    worker_metrics.fold(tmp_path)
    assert ("state", "") not in scrape(tmp_path)


def test_files_of_a_running_worker_are_left_alone(tmp_path: Path) -> None:
    work(tmp_path, 1)
    (file,) = tmp_path.glob("counter_*.db")
    mine = file.rename(tmp_path / f"counter_{os.getpid()}.db")
    content = mine.read_bytes()
    work(tmp_path, 2)
    worker_metrics.fold(tmp_path)
    assert mine.read_bytes() == content
    assert scrape(tmp_path)["answers_total", "small"] == 3


@pytest.fixture(scope="module")
def unfolded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with folded sums, and files of two more workers that ended."""
    folder = tmp_path_factory.mktemp("metrics")
    work(folder, 3)
    worker_metrics.fold(folder)
    work(folder, 4, 5)
    return folder


@pytest.mark.parametrize("steps", [0, 1, 2, 6, 10])
def test_interrupted_fold_is_finished_by_the_next(tmp_path: Path, unfolded: Path, steps: int) -> None:
    shutil.copytree(unfolded, tmp_path, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as monkeypatch:
        interrupt(monkeypatch, after=steps)
        with pytest.raises(OSError, match=INTERRUPTION):
            worker_metrics.fold(tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        scrape(tmp_path)
    worker_metrics.fold(tmp_path)
    assert scrape(tmp_path)["answers_total", "small"] == 12
    assert len(databases(tmp_path)) == 2


def interrupt(monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Fail when the marker exists and so many files were renamed or removed."""
    done = 0

    def guard(name: str) -> None:
        original = getattr(Path, name)

        def step(self: Path, *arguments: object, **options: object) -> object:
            nonlocal done
            if (self.parent / worker_metrics.MARKER).is_symlink():
                if done == after:
                    raise OSError(INTERRUPTION)
                done += 1
            return original(self, *arguments, **options)

        monkeypatch.setattr(Path, name, step)

    guard("rename")
    guard("unlink")


def test_empty_folder_stays_empty(tmp_path: Path) -> None:
    worker_metrics.fold(tmp_path)
    assert databases(tmp_path) == []


def test_worker_starts_when_its_metrics_cannot_be_folded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "/nowhere")
    worker_metrics.start()
    assert "were not folded" in caplog.text
