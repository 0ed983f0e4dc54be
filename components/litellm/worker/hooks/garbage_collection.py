"""Runs in each LiteLLM worker as it starts: garbage collections hold up no request for long, and crash no worker.

A full collection looks at every object that may be garbage, and the worker answers nobody meanwhile. What the worker
has made by now stays until it ends, and is left out, as what LiteLLM loads is (load.py).

Python before 3.12 collects inside of any allocation. One inside of ContextVar.set may run a finalizer that sets the
variable too, and the worker crashes (https://github.com/python/cpython/issues/148891). There the event loop collects.
"""

import asyncio
import gc
import sys

ANYWHERE = sys.version_info < (3, 12)
"""Whether this Python collects inside of any allocation."""
SECONDS = 0.5
"""From one collection to the next."""
OLDER, FULL = 5, 20
"""Each so many collections look at older objects too, and at all of them."""


def start() -> None:
    """Collect what is garbage already, and keep the rest out. Needs a running event loop."""
    gc.collect()
    gc.freeze()
    if ANYWHERE:
        gc.disable()
        _later(asyncio.get_running_loop(), 1)


def generation(number: int) -> int:
    """Return the oldest generation that a collection looks at, by its number."""
    if number % FULL == 0:
        return 2
    return 1 if number % OLDER == 0 else 0


def _later(loop: asyncio.AbstractEventLoop, number: int) -> None:
    loop.call_later(SECONDS, _collect, loop, number)


def _collect(loop: asyncio.AbstractEventLoop, number: int) -> None:
    gc.collect(generation(number))
    _later(loop, number + 1)
