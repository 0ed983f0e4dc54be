"""Waiting for a condition."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], object], seconds: float, pause: float = 0.5) -> None:
    """Call `holds` every `pause` seconds until its result is true.

    Raises:
        AssertionError: when it is not true within `seconds`.
    """
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"not within {seconds:.0f} s"
        time.sleep(pause)
