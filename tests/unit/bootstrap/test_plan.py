"""What each kind of machine gets, in order, and what is refused."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.execution.step import Lane, Step
from bootstrap.machine import EngineState, Machine
from bootstrap.offline.image_build import BuildImage, MakeBaseSystem
from bootstrap.plan import plan
from bootstrap.steps.engine import StartEngine
from bootstrap.steps.image_source import record
from bootstrap.steps.passphrase import MakePassphrase
from components.images.source import ImageSource
from tests.unit.bootstrap.machines import COMPLETE, FRESH, RECIPES, VENDOR_REACHABLE


def names(steps: list[Step], lane: Lane) -> list[str]:
    return [step.name for step in steps if step.lane is lane]


def step(steps: list[Step], name: str) -> Step:
    return next(step for step in steps if step.name == name)


def commands(steps: list[Step]) -> str:
    return "\n".join(str(action) for step in steps for action in step.actions)


def test_complete_machine_needs_nothing() -> None:
    assert plan(COMPLETE, RECIPES) == []


def test_fresh_machine_without_vendors_builds_everything() -> None:
    steps = plan(FRESH, RECIPES)
    assert names(steps, Lane.DOCKER) == [
        "passphrase",
        "image-source",
        "engine",
        "engine-start",
        "debootstrap",
        "base-system",
        "image-debian",
        "image-postgres",
        "image-redis",
        "image-haproxy",
        "image-litellm",
        "image-prometheus",
        "image-postgres_exporter",
        "image-redis_exporter",
        "image-blackbox_exporter",
        "image-certbot",
    ]
    assert names(steps, Lane.PULUMI) == ["go", "pulumi-build", "pulumi-python"]
    assert step(steps, "passphrase").actions == (MakePassphrase(),)
    assert step(steps, "image-source").actions == (record(ImageSource.BUILT),)
    assert step(steps, "engine-start").actions == (StartEngine(systemd=False),)
    assert step(steps, "base-system").actions == (MakeBaseSystem(),)
    assert step(steps, "image-redis").actions == (BuildImage("redis", RECIPES["redis"]),)
    assert "get.pulumi.com" not in commands(steps)


def test_fresh_machine_with_vendors_builds_nothing() -> None:
    steps = plan(VENDOR_REACHABLE, RECIPES)
    assert names(steps, Lane.DOCKER) == ["passphrase", "image-source", "engine", "engine-start"]
    assert names(steps, Lane.PULUMI) == ["pulumi-cli", "pulumi-docker", "pulumi-random"]
    assert step(steps, "image-source").actions == (record(ImageSource.OFFICIAL),)
    assert step(steps, "engine-start").actions == (StartEngine(systemd=True),)
    assert "go build" not in commands(steps)
    assert "--file" not in commands(steps)


def test_official_images_need_no_base_and_no_root() -> None:
    machine = replace(COMPLETE, image_source_recorded=ImageSource.OFFICIAL, images=frozenset(), root=False)
    assert plan(machine, RECIPES) == []


def test_step_has_a_reason() -> None:
    for machine in (FRESH, VENDOR_REACHABLE):
        for step in plan(machine, RECIPES):
            assert len(step.reason.split()) > 1, step.name


@pytest.mark.parametrize(
    ("machine", "sentence"),
    [
        pytest.param(
            replace(VENDOR_REACHABLE, commands=frozenset(), engine=EngineState.ANSWERS, root=False),
            "curl",
            id="no curl",
        ),
        pytest.param(replace(FRESH, free_gib=9.9), "10 GiB are needed", id="no space to build and compile"),
        pytest.param(replace(COMPLETE, images=frozenset(), free_gib=5.9), "6 GiB are needed", id="no space to build"),
        pytest.param(replace(VENDOR_REACHABLE, free_gib=8.5), "9 GiB are needed", id="no space to pull"),
        pytest.param(replace(COMPLETE, free_gib=2.9), "3 GiB are needed", id="no space to run"),
    ],
)
def test_plan_refuses_in_one_sentence(machine: Machine, sentence: str) -> None:
    with pytest.raises(BootstrapError) as error:
        plan(machine, RECIPES)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_complete_machine_needs_space_to_run_only() -> None:
    assert plan(replace(COMPLETE, free_gib=3.1), RECIPES) == []
