"""The program, run once for each stack."""

import pytest

from tests.unit.program import STACKS, Program, run, stack_config

_runs: dict[str, Program] = {}


@pytest.fixture(autouse=True)
def image_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """What bootstrap would have decided; tests of the decision set their own."""
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


def program_of(stack: str) -> Program:
    if stack not in _runs:
        with pytest.MonkeyPatch.context() as monkeypatch:
            _runs[stack] = run(monkeypatch, stack, stack_config(stack))
    return _runs[stack]
