"""Waiting ends with the first true result, or when the time is over."""

from collections.abc import Callable, Iterator
from itertools import count
from types import SimpleNamespace

import pytest

from ops.check.wait import wait_until


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock takes ten seconds."""
    ticks = count(0.0, 10.0)
    monkeypatch.setattr("ops.check.wait.time", SimpleNamespace(monotonic=ticks.__next__, sleep=lambda _: None))


def attempts(*results: int | Exception) -> Callable[[], int]:
    """Return or raise each in turn."""
    left: Iterator[int | Exception] = iter(results)

    def attempt() -> int:
        result = next(left)
        if isinstance(result, Exception):
            raise result
        return result

    return attempt


def test_the_first_true_result_ends_it() -> None:
    assert wait_until(attempts(0, 0, 1), timeout=60)


def test_a_result_that_stays_false_is_returned_at_the_end() -> None:
    assert not wait_until(attempts(0, 0, 0, 0), timeout=35)


def test_an_expected_error_is_retried() -> None:
    assert wait_until(attempts(OSError(), 1), timeout=60, retry_on=(OSError,))


def test_an_expected_error_that_stays_is_raised_at_the_end() -> None:
    with pytest.raises(OSError, match="refused"):
        wait_until(attempts(*[OSError("refused")] * 4), timeout=35, retry_on=(OSError,))


def test_any_other_error_is_raised_at_once() -> None:
    with pytest.raises(KeyError):
        wait_until(attempts(KeyError(), 1), timeout=60, retry_on=(OSError,))
