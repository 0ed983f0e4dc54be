"""The processors that `litellm.cpuset` names."""

import pulumi
import pytest

from components.settings.cpuset import docker_form, resolve
from tests.unit.program import QUIET_HOST, run, stack_config


@pytest.mark.parametrize(
    ("cpuset", "processors", "found"),
    [(None, 4, "0-3"), (None, 1, "0"), ("2", 8, "2"), ("0-3", 8, "0-3"), ("1-", 8, "1-7"), ("1-", 2, "1")],
)
def test_cpuset_is_written_as_docker_reads_it_back(cpuset: str | None, processors: int, found: str) -> None:
    assert docker_form(resolve(cpuset, processors)) == found


@pytest.mark.parametrize(("cpuset", "processors"), [("1-", 1), ("2", 2), ("0-3", 2), ("3-1", 8)])
def test_missing_processors_are_refused_with_those_of_the_host(cpuset: str, processors: int) -> None:
    with pytest.raises(pulumi.RunError) as error:
        resolve(cpuset, processors)
    assert str(error.value) == f"litellm.cpuset: {cpuset} should be within this host's processors, 0-{processors - 1}"


@pytest.mark.parametrize(("cpuset", "given"), [("1-", "1-15"), (None, None)])
def test_only_replicas_have_a_cpuset(monkeypatch: pytest.MonkeyPatch, cpuset: str | None, given: str | None) -> None:
    config = stack_config("prod")
    config["gateway:litellm"]["cpuset"] = cpuset
    program = run(monkeypatch, "prod", config, QUIET_HOST)
    assert {name: each.get("cpuSet") for name, each in program.containers.items()} == {
        name: given if name.startswith("litellm-") else None for name in program.containers
    }
