"""What a worker has loaded is no matter for garbage collections."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from components.litellm.worker import garbage_collection


@pytest.fixture
def thawed() -> Iterator[None]:
    """Give back what the test took out of collections."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_is_loaded_at_the_start_is_left_out_of_collections() -> None:
    loaded = [[number] for number in range(1000)]
    before = gc.get_freeze_count()
    garbage_collection.start()
    assert gc.get_freeze_count() >= before + len(loaded)


class Circle:
    """Refers to itself: only a collection removes it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("thawed")
def test_garbage_of_the_start_is_collected_first() -> None:
    gc.disable()
    try:
        circle = weakref.ref(Circle())
        assert circle()
        garbage_collection.start()
        assert circle() is None
    finally:
        gc.enable()
