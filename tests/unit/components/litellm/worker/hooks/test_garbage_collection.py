"""What a worker has loaded is no matter for garbage collections, and none crashes it."""

import asyncio
import gc
import signal
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from components.litellm.worker.hooks import garbage_collection

CRASH = Path(__file__).parent / "context_crash.py"
ONLY_BEFORE_3_12 = pytest.mark.skipif(not garbage_collection.ANYWHERE, reason="Python collects between instructions")


async def start() -> None:
    garbage_collection.start()


@pytest.mark.usefixtures("collections")
def test_what_is_loaded_at_the_start_is_left_out_of_collections() -> None:
    loaded = [[number] for number in range(1000)]
    before = gc.get_freeze_count()
    asyncio.run(start())
    assert gc.get_freeze_count() >= before + len(loaded)


class Circle:
    """Refers to itself: only a collection removes it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("collections")
def test_garbage_of_the_start_is_collected_first() -> None:
    gc.disable()
    circle = weakref.ref(Circle())
    assert circle()
    asyncio.run(start())
    assert circle() is None


@ONLY_BEFORE_3_12
@pytest.mark.usefixtures("collections")
def test_garbage_is_collected_while_the_worker_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage_collection, "SECONDS", 0.001)

    async def serve() -> None:
        garbage_collection.start()
        circle = weakref.ref(Circle())
        for _ in range(1000):
            await asyncio.sleep(0.005)
            if circle() is None:
                return
        raise AssertionError("the garbage is still there")

    asyncio.run(serve())


def test_every_generation_has_its_turn() -> None:
    assert [garbage_collection.generation(number) for number in (1, 4, 5, 6, 10, 20, 21, 40)] == [
        *(0, 0, 1, 0, 1, 2, 0, 2)
    ]


def crash(*arguments: str) -> int:
    return subprocess.run([sys.executable, CRASH, *arguments], check=False, capture_output=True, timeout=60).returncode


@ONLY_BEFORE_3_12
def test_a_collection_inside_of_contextvar_set_crashes_python() -> None:
    assert crash() == -signal.SIGSEGV


def test_a_worker_does_not_crash_so() -> None:
    assert crash("worker") == 0
