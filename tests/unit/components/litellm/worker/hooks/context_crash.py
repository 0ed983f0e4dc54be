"""Sets context variables while the finalizers of garbage set them too: python/cpython#148891.

With an argument, garbage is collected as in a worker.
"""

import asyncio
import contextvars
import gc
import resource
import sys
import weakref
from pathlib import Path

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
ROUNDS, WIDTH = 60, 500
junk: list[object] = []
variable = contextvars.ContextVar[object]("variable")
others = [contextvars.ContextVar[object](f"other-{number}") for number in range(40)]


class Garbage:
    """Refers to itself: only a collection removes it."""

    def __init__(self) -> None:
        self.itself = self


def finalize(_: object) -> None:
    """Replace the tree that is perhaps just being changed, and what its memory held."""
    for number in range(3):
        variable.set(number)
    junk.append([(number, number) for number in range(200)])
    del junk[:-50]


async def serve() -> None:
    """Leave garbage and set variables, with pauses as in a worker."""
    if sys.argv[1:]:
        sys.path.insert(0, str(Path(__file__).parents[6]))
        from components.litellm.worker.hooks import garbage_collection  # noqa: PLC0415 - only the worker has it

        garbage_collection.SECONDS = 0.001
        garbage_collection.start()
    for each in others:
        each.set(object())
    variable.set(0)
    gc.set_threshold(5, 1, 1)
    for _ in range(ROUNDS):
        finalizers = []
        for number in range(WIDTH):
            finalizers.append(weakref.ref(Garbage(), finalize))
            others[number % len(others)].set(number)
        await asyncio.sleep(0.002)


asyncio.run(serve())
