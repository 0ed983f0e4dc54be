"""The log while Redis is away."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from components.litellm.worker.hooks import redis_log
from components.litellm.worker.hooks.redis_log import BREAKER, LOGGERS, SECONDS, OnceAMinute


class RedisCircuitBreakerOpenError(Exception):
    pass


def record(text: str, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    return logging.LogRecord("LiteLLM Proxy", logging.ERROR, "here.py", 1, "%s", (text,), trace)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def once(clock: Clock) -> OnceAMinute:
    return OnceAMinute(clock)


def test_redis_lines_are_logged_once_a_minute(once: OnceAMinute, clock: Clock) -> None:
    error = RedisCircuitBreakerOpenError(f"{BREAKER} - skipping async_get_cache")
    assert once.filter(record("failed to warm counter", error))
    assert not any(once.filter(record("failed to warm counter", error)) for _ in range(5))
    clock.now += SECONDS
    after = record("failed to warm counter", error)
    assert once.filter(after)
    assert after.getMessage() == "failed to warm counter (5 more lines of Redis were left out)"
    assert not once.filter(record("failed to warm counter", error))


def test_breaker_and_client_errors_count_together(once: OnceAMinute) -> None:
    client = type("ConnectionError", (Exception,), {"__module__": "redis.exceptions"})
    assert once.filter(record("exception in get_cache", client("connection refused")))
    assert not once.filter(record(f"failed to add spend - {BREAKER}"))


def test_other_lines_are_logged(once: OnceAMinute) -> None:
    assert once.filter(record(BREAKER))
    for _ in range(3):
        assert once.filter(record("the provider refused", ValueError("no such model")))
        assert once.filter(record("redis"))


@pytest.fixture
def filters() -> Iterator[dict[str, list[Any]]]:
    before = {name: list(logging.getLogger(name).filters) for name in LOGGERS}
    yield {name: logging.getLogger(name).filters for name in LOGGERS}
    for name, each in before.items():
        logging.getLogger(name).filters = each


def test_litellm_s_loggers_share_one_filter(filters: dict[str, list[Any]]) -> None:
    logging.getLogger(LOGGERS[0]).addFilter(logging.Filter("LiteLLM"))
    redis_log.start()
    firsts = [each[0] for each in filters.values()]
    assert isinstance(firsts[0], OnceAMinute)
    assert all(first is firsts[0] for first in firsts)
