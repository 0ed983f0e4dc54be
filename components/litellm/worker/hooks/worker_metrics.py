"""Runs in each LiteLLM worker as it starts: counts the start, and folds what workers that ended have counted.

Each worker of a replica counts into files of its own (prometheus_client's multiprocess mode) that outlive it, because
a sum must not fall. With recycling they would grow without end, in memory. So a new worker adds the files of those
that ended into one, and removes their gauges, which describe nobody.

A scrape that meets a half-done fold must fail rather than see a wrong sum, which Prometheus would take for a reset: as
long as the marker, a link to nowhere, stands among the files, reading them fails. Its target names the files that go,
so that a fold which was cut off is finished by the next.
"""

import fcntl
import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import Counter
from prometheus_client.mmap_dict import MmapedDict

FOLDED = "folded"
"""Stands where a file's name has the worker's process id."""
MARKER = "counter_folding.db"
MOST_FILES = 100
"""Files that one fold takes; the marker's target has to hold their names."""

_OF_A_WORKER = re.compile(r"(?:counter|histogram|summary|gauge_[a-z]+)_(\d+)\.db")
_log = logging.getLogger("LiteLLM Proxy")


def start() -> None:
    """Count the start and fold. Never raises: LiteLLM would give up the worker."""
    try:
        Counter("gateway_worker_starts", "Worker processes started since the replica did").inc()
        fold(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    except Exception:  # noqa: BLE001 - whatever it is, the worker matters more
        _log.exception("metrics of workers that ended were not folded")


def fold(folder: Path) -> None:
    """Add the files of workers that ended into one file for counters and one for histograms."""
    with (folder / "fold.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _finish(folder)
        ended = _ended(folder)[:MOST_FILES]
        if not ended:
            return
        before = [*folder.glob(f"*_{FOLDED}-*.db")]
        generation = 1 + max((int(file.stem.rpartition("-")[2]) for file in before), default=0)
        # Not read by a scrape until the rename below: they do not end in .db.
        made = [
            _write(folder / f"{kind}_{FOLDED}-{generation}.new", [*_of_kind(kind, before), *_of_kind(kind, ended)])
            for kind in ("counter", "histogram", "summary")
            if _of_kind(kind, ended)
        ]
        replaced = [file for file in before if any(_kind(file) == _kind(new) for new in made)]
        (folder / MARKER).symlink_to("/".join(file.name for file in [*made, *ended, *replaced]))
        _finish(folder)


def _finish(folder: Path) -> None:
    """Do what the marker says: put the new files in place, remove the rest, then the marker."""
    marker = folder / MARKER
    if not marker.is_symlink():
        return
    for name in str(marker.readlink()).split("/"):
        file = folder / name
        if file.suffix == ".new":
            if file.exists():
                file.rename(file.with_suffix(".db"))
        else:
            file.unlink(missing_ok=True)
    marker.unlink()


def _ended(folder: Path) -> list[Path]:
    workers = {file: match[1] for file in folder.iterdir() if (match := _OF_A_WORKER.fullmatch(file.name))}
    return sorted(file for file, process in workers.items() if not _runs(int(process)))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _kind(file: Path) -> str:
    return file.name.partition("_")[0]


def _of_kind(kind: str, files: Iterable[Path]) -> list[Path]:
    return [file for file in files if _kind(file) == kind]


def _write(target: Path, sources: list[Path]) -> Path:
    sums: dict[str, float] = {}
    for source in sources:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(source)):  # type: ignore[no-untyped-call]
            sums[key] = sums.get(key, 0.0) + value
    target.unlink(missing_ok=True)
    file = MmapedDict(str(target))  # type: ignore[no-untyped-call]
    for key, value in sums.items():
        file.write_value(key, value, 0.0)  # type: ignore[no-untyped-call]
    file.close()  # type: ignore[no-untyped-call]
    return target
