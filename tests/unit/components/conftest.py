"""What the tests of settings share: the images of the vendors, wherever the tests run."""

import pytest


@pytest.fixture(autouse=True)
def official_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
