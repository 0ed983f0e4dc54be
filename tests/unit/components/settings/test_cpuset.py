"""Replicas get the processors that the setting names, or the stack is refused."""

import pulumi
import pytest

from components.settings.cpuset import docker_form, selected
from tests.unit.program import QUIET_HOST, run, stack_config


@pytest.mark.parametrize(
    ("cpu_set", "there", "found"),
    [(None, 4, "0-3"), (None, 1, "0"), ("2", 8, "2"), ("0-3", 8, "0-3"), ("1-", 8, "1-7"), ("1-", 2, "1")],
)
def test_the_setting_is_written_as_docker_reads_it_back(cpu_set: str | None, there: int, found: str) -> None:
    assert docker_form(selected(cpu_set, there)) == found


@pytest.mark.parametrize(("cpu_set", "there"), [("1-", 1), ("2", 2), ("0-3", 2), ("3-1", 8)])
def test_processors_that_the_host_lacks_are_refused_with_those_that_it_has(cpu_set: str, there: int) -> None:
    with pytest.raises(pulumi.RunError) as error:
        selected(cpu_set, there)
    assert str(error.value) == f"litellm.cpu_set: {cpu_set} should be within this host's processors, 0-{there - 1}"


@pytest.mark.parametrize(("cpu_set", "given"), [("1-", "1-15"), (None, None)])
def test_replicas_alone_are_kept_to_them(
    monkeypatch: pytest.MonkeyPatch, cpu_set: str | None, given: str | None
) -> None:
    config = stack_config("prod")
    config["gateway:litellm"]["cpu_set"] = cpu_set
    program = run(monkeypatch, "prod", config, QUIET_HOST)
    assert {name: each.get("cpuSet") for name, each in program.containers.items()} == {
        name: given if name.startswith("litellm-") else None for name in program.containers
    }
