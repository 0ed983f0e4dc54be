"""The program of each stack, and the image source of all tests."""

import pytest

from tests.unit.program import STACKS, Program, program_of


@pytest.fixture(autouse=True)
def image_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendors' images, whatever bootstrap chose for this machine."""
    monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")


@pytest.fixture(params=STACKS)
def program(request: pytest.FixtureRequest) -> Program:
    """The program of each stack in turn."""
    return program_of(str(request.param))


@pytest.fixture
def prod() -> Program:
    """The program of the production stack."""
    return program_of("prod")


@pytest.fixture
def dev() -> Program:
    """The program of the development stack."""
    return program_of("dev")
