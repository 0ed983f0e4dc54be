"""The images of a test run's gateways."""

from pathlib import Path

import pytest

from testbed.image_set import stack_name, with_images


@pytest.fixture
def image_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of images that the environment names."""
    file = tmp_path / "official.yaml"
    file.write_text("redis: official/redis:7\npostgres: official/postgres:15\n")
    monkeypatch.setenv("GATEWAY_TEST_IMAGES", str(file))
    return file


@pytest.mark.usefixtures("image_set")
def test_a_gateway_has_the_images_of_the_set_and_its_own() -> None:
    config = with_images({"gateway:protect": "true", "gateway:images": {"redis": "own/redis:7"}})
    assert config["gateway:images"] == {"redis": "own/redis:7", "postgres": "official/postgres:15"}
    assert config["gateway:protect"] == "true"


@pytest.mark.usefixtures("image_set")
def test_a_set_has_stacks_of_its_own() -> None:
    assert stack_name("smoke") == "official-smoke"


def test_without_a_set_a_gateway_is_what_its_configuration_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_TEST_IMAGES", raising=False)
    assert (stack_name("smoke"), with_images({"a": 1})) == ("smoke", {"a": 1})
