"""Wait for something that needs a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    attempt: Callable[[], T],
    *,
    timeout: float,
    interval: float = 1.0,
    retry_on: tuple[type[Exception], ...] = (),
) -> T:
    """Call `attempt` every `interval` seconds until its result is true or `timeout` seconds are over.

    Returns:
        The last result; false if the time was not enough.

    Raises:
        Exception: what the last attempt raised, if it is one of `retry_on`; any other at once.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            result = attempt()
        except retry_on:
            if time.monotonic() > deadline:
                raise
        else:
            if result or time.monotonic() > deadline:
                return result
        time.sleep(interval)
