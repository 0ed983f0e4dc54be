"""Runs in each LiteLLM worker as it starts: has it say once a minute, not with each request, that Redis is away.

LiteLLM goes on without Redis, but writes errors with their tracebacks for each request; an hour of it would push all
else out of a log of bounded size.
"""

import logging
import time
from collections.abc import Callable

LOGGERS = ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router")
SECONDS = 60
"""From one line to the next."""
BREAKER = "Redis circuit breaker is open"
"""What LiteLLM says for each question that it does not ask: it has seen that Redis is away."""


class OnceAMinute(logging.Filter):
    """Lets one line a minute through of those whose cause is that Redis is away; it says how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._next = clock()
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to write this line."""
        if not redis_is_away(record):
            return True
        if self._clock() < self._next:
            self._left_out += 1
            return False
        if self._left_out:
            record.msg, record.args = f"{record.getMessage()} ({self._left_out} more lines of Redis were left out)", ()
        self._next, self._left_out = self._clock() + SECONDS, 0
        return True


def redis_is_away(record: logging.LogRecord) -> bool:
    """Tell by the error that the record carries, or by its text."""
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__module__.startswith("redis.") or BREAKER in str(error) or BREAKER in record.getMessage()


def start() -> None:
    """Give LiteLLM's loggers the filter, first, before those that change records."""
    once_a_minute = OnceAMinute()
    for name in LOGGERS:
        logging.getLogger(name).filters.insert(0, once_a_minute)
