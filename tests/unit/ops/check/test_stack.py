"""A stack fits a machine by its ports, images and memory; what does not is a fault only where it is to run."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.preflight import Host
from components.stack.part_sum import memory_sum
from ops.check.machine import Check, CheckStatus
from ops.check.stack import MIB, stack_checks
from tests.unit.ops.gateways import stack_settings
from tests.unit.program import CONTAINER, QUIET_HOST, STACKS, program_of

ROOM = 64 * 1024 * MIB
TAKEN = replace(QUIET_HOST, port_holders={4001: "container gateway-dev-edge"})


def checks(stack: str, host: Host = QUIET_HOST, memory: int = ROOM, *, runs: bool = True) -> dict[str, Check]:
    found = stack_checks(stack, stack_settings(stack), host, memory, runs=runs)
    return {check.subject.removeprefix(f"{stack}: "): check for check in found}


@pytest.mark.parametrize("stack", STACKS)
def test_a_roomy_quiet_machine_carries_every_stack(stack: str) -> None:
    found = checks(stack)
    assert found.keys() == {"ports", "memory"}
    assert {check.status for check in found.values()} == {CheckStatus.OK}


@pytest.mark.parametrize("stack", STACKS)
def test_the_limits_are_those_of_the_containers_that_run(stack: str) -> None:
    program = program_of(stack)
    running: list[dict[str, Any]] = [
        resource.inputs
        for resource in program.resources
        if resource.typ == CONTAINER and resource.inputs.get("healthcheck")
    ]
    assert sum(memory_sum(stack_settings(stack)).parts.values()) == sum(inputs["memory"] for inputs in running)


@pytest.mark.parametrize(("runs", "status"), [(True, CheckStatus.ERROR), (False, CheckStatus.WARNING)])
def test_a_taken_port_names_its_holder_and_the_setting(*, runs: bool, status: CheckStatus) -> None:
    found = checks("prod", TAKEN, runs=runs)["ports"]
    assert (found.status, found.text) == (status, "4001 is taken by container gateway-dev-edge")
    assert found.fix.endswith("pulumi config set --path gateway:edge.health_port PORT --stack prod")


def test_an_image_that_is_not_there_is_built_by_bootstrap() -> None:
    found = checks("dev", replace(QUIET_HOST, missing_images=("localhost/gateway/redis:7",)))["images"]
    assert (found.status, found.fix) == (CheckStatus.ERROR, "bootstrap/run")
    assert "localhost/gateway/redis:7" in found.text


def test_what_else_the_host_refuses_or_lacks_is_named() -> None:
    host = replace(QUIET_HOST, refusals=("disk: read-only",), warnings=("swap",), images_to_pull=("redis:7",))
    found = stack_checks("dev", stack_settings("dev"), host, ROOM, runs=True)
    named = [(check.status, check.text) for check in found if check.subject == "dev: host"]
    assert named == [(CheckStatus.ERROR, "disk: read-only"), (CheckStatus.WARNING, "swap")]
    assert "the next update pulls redis:7" in {check.text for check in found}


def test_memory_counts_replicas_and_edge_twice_and_shows_the_sum() -> None:
    settings = stack_settings("dev")
    replicas, others = settings.litellm.replicas * settings.litellm.memory_mib, settings.edge.memory_mib
    twice = replicas + others + settings.mock_provider.memory_mib
    needed = sum(memory_sum(settings).parts.values()) + twice
    assert checks("dev", memory=needed * MIB)["memory"].status is CheckStatus.OK
    short = checks("dev", memory=(needed - 1) * MIB)["memory"]
    assert short.status is CheckStatus.WARNING
    assert f"= {needed} MiB; the machine has {needed - 1}" in short.text


@pytest.mark.parametrize(
    ("production", "runs", "status"),
    [(True, True, CheckStatus.ERROR), (True, False, CheckStatus.WARNING), (False, True, CheckStatus.WARNING)],
)
def test_too_little_memory_is_a_fault_only_in_production(*, production: bool, runs: bool, status: CheckStatus) -> None:
    settings = stack_settings("prod").model_copy(update={"production": production})
    (found,) = (
        check for check in stack_checks("prod", settings, QUIET_HOST, MIB, runs=runs) if "memory" in check.subject
    )
    assert found.status is status
