"""The program of each stack, and the image source of all tests."""

import gc
from collections.abc import Iterator

import pytest

from tests.unit.program import STACKS, Program, program_of


def pytest_collection_finish() -> None:
    """Collect garbage more rarely, and not among the 5,000 tests: a fifth of the processor time of all unit tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The vendors' images and Docker's default socket, whatever bootstrap and the user chose here."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("GATEWAY_IMAGE_SOURCE", "official")
        for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path_factory.getbasetemp() / "no-docker-config"))
        yield


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
