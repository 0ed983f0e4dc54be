"""What a Prometheus reads."""

import pytest

from components.engine.metrics import scrape_timeout


@pytest.mark.parametrize(("interval", "timeout"), [(2, "2s"), (10, "10s"), (60, "10s")])
def test_reading_is_over_before_the_next(interval: int, timeout: str) -> None:
    assert scrape_timeout(interval) == timeout
