"""The registry of parts: it is what the program creates, and what all else is derived from."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from components.engine.files import FILE_KINDS
from components.engine.kubernetes.settings import LONGEST_VOLUME
from components.engine.labels import IDENTITY_VOLUME
from components.engine.workload import CPU_SHARES, JOB_CPU_SHARES, DataVolume, Port
from components.stack import parts
from components.stack.part_sum import memory_sum
from components.stack.parts import Kind, Part
from components.stack.settings import Settings
from ops.check.health import to_ask
from ops.check.stack import stack_checks
from ops.update.operations import parse_operations
from ops.update.summary import at_risk
from tests.unit.ops.steps import stopped
from tests.unit.program import IMAGE, QUIET_HOST, STACKS, VOLUME, Program, program_of, run, stack_config

CONFIGS: dict[str, dict[str, Any]] = {
    **{stack: stack_config(stack) for stack in STACKS},
    "every part": {
        "gateway:litellm": {"replicas": 2},
        "gateway:mock_provider": {"enabled": True},
        "gateway:monitoring": {"enabled": True, "port": 9090},
        "gateway:edge": {
            "https_port": 443,
            "acme": {"domains": ["llm.example.com"], "terms_of_service_agreed": True},
        },
    },
    "fewest parts": {
        "gateway:litellm": {"config": {"use_redis_transaction_buffer": False}},
        "gateway:redis": {"enabled": False},
    },
}


@cache
def program_with(name: str) -> Program:
    """Run the program with one of the configurations."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return program_of(name) if name in STACKS else run(monkeypatch, "test", CONFIGS[name])


@pytest.fixture(params=CONFIGS)
def config(request: pytest.FixtureRequest) -> str:
    """The name of each configuration in turn."""
    return str(request.param)


@pytest.fixture
def program(config: str) -> Program:
    """The program with this configuration."""
    return program_with(config)


@pytest.fixture
def settings(config: str) -> Settings:
    """The settings in this configuration."""
    return Settings.model_validate({key.removeprefix("gateway:"): value for key, value in CONFIGS[config].items()})


def test_containers_are_the_registry_s(program: Program, settings: Settings) -> None:
    registered = [name for part in parts.enabled_parts(settings) for name in part.containers(settings)]
    assert len(registered) == len(set(registered))
    assert program.containers.keys() == set(registered)


def test_images_are_the_registry_s(program: Program, settings: Settings) -> None:
    references = {args.name: args.inputs["name"] for args in program.resources if args.typ == IMAGE}
    assert sorted(references.values()) == sorted(map(settings.images.reference, parts.image_names(settings)))
    for part in parts.enabled_parts(settings):
        for name in part.containers(settings):
            image = str(program.containers[name]["image"]).removeprefix("sha256:")
            assert references[image] == settings.images.reference(part.image), name


def test_memory_limits_and_weights_are_the_registry_s(program: Program, settings: Settings) -> None:
    for part in parts.enabled_parts(settings):
        for name in part.containers(settings):
            assert program.containers[name]["memory"] == part.memory_mib(settings), name
            assert program.containers[name]["cpuShares"] == part.cpu_shares, name


def test_host_ports_are_the_registry_s(program: Program, settings: Settings) -> None:
    def published(name: str) -> list[tuple[int, int, str]]:
        ports = program.containers[name].get("ports") or []
        return [(port["internal"], port["external"], port["ip"]) for port in ports]

    for part in parts.enabled_parts(settings):
        registered = [(port.internal, port.external, port.address) for port in part.ports(settings)]
        for name in part.containers(settings):
            assert published(name) == registered, name
    assert len(parts.host_ports(settings)) == sum(len(published(name)) for name in program.containers)


def test_volumes_are_the_registry_s(program: Program, settings: Settings) -> None:
    registered = [part.volume.name for part in parts.enabled_parts(settings) if part.volume]
    volumes = {args.name for args in program.resources if args.typ == VOLUME}
    assert {name for name in volumes if name.rpartition("-")[2] not in FILE_KINDS} == {*registered, IDENTITY_VOLUME}
    assert len(registered) == len(set(registered))


def test_volumes_leave_room_for_the_names_of_stacks() -> None:
    assert max(map(len, parts.volume_names())) == LONGEST_VOLUME


def test_jobs_are_the_containers_that_run_once(program: Program) -> None:
    once = {name for name, container in program.containers.items() if container["restart"] == "no"}
    assert once == parts.job_names() == {"dump", "migration", "validation"}


def test_parts_that_double_are_created_before_the_old_is_deleted(program: Program, settings: Settings) -> None:
    for part in parts.enabled_parts(settings):
        if part.kind is Kind.SERVICE:
            for name in part.containers(settings):
                assert program.options(name).deleteBeforeReplace is not part.doubles_in_update, name


def test_fixed_names_are_those_that_the_program_gives(program: Program, settings: Settings) -> None:
    assert {name for name, container in program.containers.items() if container.get("name")} == set(
        parts.fixed_names(settings)
    )


def test_names_are_used_once() -> None:
    names = [part.name for part in parts.PARTS]
    assert len(names) == len(set(names))


def test_only_what_requests_need_has_an_outage() -> None:
    assert {name for name, outage in parts.outages().items() if outage} == {
        "postgres",
        "redis",
        "litellm",
        "edge",
        "ingress",
        "provider",
    }


def test_replicas_are_numbered() -> None:
    settings = Settings.model_validate({"litellm": {"replicas": 3}})
    (litellm,) = (part for part in parts.PARTS if part.name == "litellm")
    assert litellm.containers(settings) == ["litellm-1", "litellm-2", "litellm-3"]


REINDEX = Part(
    name="reindex",
    kind=Kind.JOB,
    image="postgres",
    memory_mib=lambda _: 90000,
    cpu_shares=JOB_CPU_SHARES,
    outage=None,
)
ANSWER_CACHE = Part(
    name="answer-cache",
    kind=Kind.SERVICE,
    image="memcached",
    memory_mib=lambda stack: 2 * stack.redis.memory_mib,
    cpu_shares=CPU_SHARES,
    outage="answers are computed again",
    enabled=lambda stack: stack.production,
    volume=DataVolume("answers", size_gib=2),
    ports=lambda _: (Port(11211, 11311, "127.0.0.1", "answer_cache.port"),),
    replicas=lambda stack: stack.litellm.replicas,
    doubles_in_update=True,
)
"""A part that the project does not have."""


def add(monkeypatch: pytest.MonkeyPatch, part: Part) -> None:
    """Add a part to the registry."""
    monkeypatch.setattr("components.stack.parts.PARTS", (*parts.PARTS, part))


def test_added_part_is_derived_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, ANSWER_CACHE)
    settings = Settings.model_validate({"production": True, "redis": {"memory_mib": 100}, "litellm": {"replicas": 2}})
    assert ANSWER_CACHE in parts.enabled_parts(settings)
    assert "memcached" in parts.image_names(settings)
    assert Port(11211, 11311, "127.0.0.1", "answer_cache.port") in parts.host_ports(settings)
    assert memory_sum(settings).parts["answer-cache"] == 400
    assert parts.outages()["answer-cache"] == "answers are computed again"
    assert "answers" in parts.volume_names()
    assert "answer-cache" not in parts.job_names()


def test_added_part_is_found_by_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, replace(ANSWER_CACHE, replicas=None))
    settings = Settings.model_validate({"production": True, "redis": {"memory_mib": 100}})
    assert "answer-cache" in parts.service_containers(settings)
    assert ("answer-cache", None) in to_ask(settings, [])
    taken = stack_checks("test", settings, replace(QUIET_HOST, port_holders={11311: "nginx"}), 2**40, runs=True)
    assert "11311 is taken by nginx" in taken[0].text
    assert "gateway:answer_cache.port" in taken[0].fix
    free = stack_checks("test", settings, QUIET_HOST, 2**40, runs=True)
    assert "11311" in free[0].text
    assert "answer-cache 200" in free[-1].text
    risks = at_risk(parse_operations(stopped("answer-cache", {}, {}, "command")))
    assert risks.splitlines()[1:] == ["  during the restart of answer-cache: answers are computed again"]


def test_added_part_without_an_outage_is_no_risk(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, replace(ANSWER_CACHE, outage=None))
    assert "none" in at_risk(parse_operations(stopped("answer-cache", {}, {}, "command")))


def test_added_job_is_no_row_of_health(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, REINDEX)
    assert "reindex" not in parts.service_containers(Settings())
    assert "reindex" not in [name for name, _ in to_ask(Settings(), [])]


def test_added_part_doubles_in_an_update(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.model_validate({"production": True, "redis": {"memory_mib": 100}})
    before = memory_sum(settings).update
    add(monkeypatch, ANSWER_CACHE)
    assert memory_sum(settings).update == before + 200


def test_disabled_part_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, ANSWER_CACHE)
    settings = Settings()
    assert "memcached" not in parts.image_names(settings)
    assert 11311 not in [port.external for port in parts.host_ports(settings)]
    assert "answer-cache" not in memory_sum(settings).parts


def test_added_job_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    add(monkeypatch, REINDEX)
    assert "reindex" in parts.job_names()
    assert memory_sum(Settings()).update == 90000
    assert "reindex" not in memory_sum(Settings()).parts


def test_every_part_is_tried() -> None:
    tried = {name for config in CONFIGS for name in program_with(config).containers}
    for part in parts.PARTS:
        assert {part.name, f"{part.name}-1"} & tried, part.name
