"""Pulumi's plugin is told which engine is meant, unless it takes that engine anyway."""

from collections.abc import Iterator

import pytest
from pulumi.runtime import get_root_resource
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

from components.engine.connection.endpoint import DEFAULT, Endpoint
from components.engine.docker.provider import NAME
from tests.unit.program import PASSWORD, Program, run, stack_config

ROOTLESS = "unix:///run/user/1000/docker.sock"
PROVIDER = "pulumi:providers:docker"


@pytest.fixture(autouse=True)
def own_transformations() -> Iterator[None]:
    """The provider of one test does not reach the next: Pulumi keeps one stack in a process."""
    yield
    if root := get_root_resource():
        root._transformations = []


def providers(program: Program) -> dict[str, set[str]]:
    """Return the providers of the resources of each package, by name."""
    found: dict[str, set[str]] = {}
    for (_, type_), request in program.requests.items():
        package = type_.split(":")[0]
        if package in {"docker", "random"}:
            found.setdefault(package, set()).add(_provider(request))
    return found


def _provider(request: RegisterResourceRequest) -> str:
    return request.provider.rpartition("::")[0].rpartition("::")[2]


def test_resources_of_docker_and_no_others_ask_the_engine_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", ROOTLESS)
    program = run(monkeypatch, "prod", stack_config("prod"))
    assert program.named(NAME, PROVIDER)["host"] == ROOTLESS
    assert providers(program) == {"docker": {NAME}, "random": {""}}
    assert program.options("master-key", PASSWORD).provider == ""


@pytest.mark.parametrize("host", ["", "unix:///var/run/docker.sock"])
def test_default_socket_needs_no_provider(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    assert DEFAULT.is_default
    assert not Endpoint(ROOTLESS, "DOCKER_HOST").is_default
    program = run(monkeypatch, "dev", stack_config("dev"))
    assert [args.typ for args in program.resources if args.typ == PROVIDER] == []
    assert providers(program)["docker"] == {""}
