"""Forks workers as LiteLLM does under Gunicorn, while a thread begins its first search for lost query engines.

Counts, of 200 workers, those that hang as they look up the codec that the thread was loading: as it is (a), and with
the codec loaded before the thread starts (b).
"""

import codecs
import json
import os
import signal
import warnings
from collections.abc import Callable
from importlib import import_module

REAPER = import_module("litellm.proxy.db.query_engine_reaper")
CODEC = "ascii"
"""Of the files that the thread reads. APScheduler reads the time zone with it in each worker."""
WORKERS = 200
SECONDS = 2
"""A worker that takes longer hangs."""


def worker() -> None:
    """Look the codec up, as each worker does."""
    signal.alarm(SECONDS)
    codecs.lookup(CODEC)


def master() -> None:
    """Start the thread and fork a worker, as LiteLLM's command does; end as a worker does that hangs."""
    REAPER.start_query_engine_reaper()
    if hangs(worker):
        os.kill(os.getpid(), signal.SIGALRM)


def prepared_master() -> None:
    """Load the codec first."""
    codecs.lookup(CODEC)
    master()


def hangs(action: Callable[[], None]) -> bool:
    """Do something in a forked process; return whether the alarm ended it."""
    process = os.fork()
    if process == 0:
        action()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in (0, -signal.SIGALRM), f"a forked process ended with {code}"
    return code != 0


def both() -> dict[str, dict[str, float]]:
    """Return how many workers hang on each side."""
    sides = {"a": master, "b": prepared_master}
    return {name: {"hanging": sum(hangs(side) for _ in range(WORKERS))} for name, side in sides.items()}


if __name__ == "__main__":
    # Python warns of each fork beside a thread: "may lead to deadlocks in the child".
    warnings.simplefilter("ignore", DeprecationWarning)
    print(json.dumps(both()))
