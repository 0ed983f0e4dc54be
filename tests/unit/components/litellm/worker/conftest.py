"""Fixtures of the workers' tests."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture
def collections() -> Iterator[None]:
    """Collect as before once the test has ended."""
    yield
    gc.enable()
    gc.unfreeze()
