"""Plans are data: what each kind of machine gets, in order, and what is refused."""

from dataclasses import replace

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.execution.shell import Command
from bootstrap.execution.step import Lane, Step
from bootstrap.machine import EngineState, Machine, PulumiPart
from bootstrap.offline.image_build import BASE_SYSTEM, BuildImage, MakeBaseSystem
from bootstrap.offline.pulumi_build import PACKAGES
from bootstrap.plan import plan
from bootstrap.steps.engine import StartEngine
from bootstrap.steps.image_source import RecordImageSource
from bootstrap.steps.passphrase import MakePassphrase
from components.images.source import ImageSource
from tests.unit.bootstrap.machines import COMPLETE, FRESH, RECIPES, VENDOR_REACHABLE


def names(steps: list[Step], lane: Lane) -> list[str]:
    return [step.name for step in steps if step.lane is lane]


def step(steps: list[Step], name: str) -> Step:
    return next(step for step in steps if step.name == name)


def commands(steps: list[Step]) -> str:
    return "\n".join(str(action) for step in steps for action in step.actions)


def test_a_complete_machine_needs_nothing() -> None:
    assert plan(COMPLETE, RECIPES) == []


def test_a_fresh_machine_with_package_registries_alone_builds_everything() -> None:
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
    ]
    assert names(steps, Lane.PULUMI) == ["go", "pulumi-build", "pulumi-python"]
    assert step(steps, "passphrase").actions == (MakePassphrase(),)
    assert step(steps, "image-source").actions == (RecordImageSource(ImageSource.BUILT),)
    assert step(steps, "engine-start").actions == (StartEngine(systemd=False),)
    assert step(steps, "base-system").actions == (MakeBaseSystem(),)
    assert step(steps, "image-redis").actions == (BuildImage("redis", RECIPES["redis"]),)
    assert "get.pulumi.com" not in commands(steps)


def test_a_fresh_machine_that_reaches_the_vendors_builds_nothing() -> None:
    steps = plan(VENDOR_REACHABLE, RECIPES)
    assert names(steps, Lane.DOCKER) == ["passphrase", "image-source", "engine", "engine-start"]
    assert names(steps, Lane.PULUMI) == ["pulumi-cli", "pulumi-docker", "pulumi-random"]
    assert step(steps, "image-source").actions == (RecordImageSource(ImageSource.OFFICIAL),)
    assert step(steps, "engine-start").actions == (StartEngine(systemd=True),)
    assert "go build" not in commands(steps)
    assert "--file" not in commands(steps)


def test_an_engine_that_answers_is_used_as_it_is() -> None:
    steps = plan(replace(FRESH, engine=EngineState.ANSWERS, root=True), RECIPES)
    assert not {"engine", "engine-start"} & set(names(steps, Lane.DOCKER))


def test_a_stopped_engine_is_started_not_installed() -> None:
    steps = plan(replace(COMPLETE, engine=EngineState.STOPPED), RECIPES)
    assert [step.actions for step in steps] == [(StartEngine(systemd=False),)]


def test_only_missing_images_are_built() -> None:
    steps = plan(replace(COMPLETE, images=COMPLETE.images - {RECIPES["redis"]}), RECIPES)
    assert [step.actions for step in steps] == [(BuildImage("redis", RECIPES["redis"]),)]


def test_a_changed_base_recipe_reuses_debians_minimal_system() -> None:
    machine = replace(COMPLETE, images=frozenset({BASE_SYSTEM}))
    assert [step.name for step in plan(machine, RECIPES)][:2] == ["image-debian", "image-postgres"]


def test_only_missing_parts_of_pulumi_are_built() -> None:
    steps = plan(replace(COMPLETE, pulumi=frozenset(PulumiPart) - {PulumiPart.RANDOM_PLUGIN}), RECIPES)
    assert [step.name for step in steps] == ["pulumi-build"]
    builds = [action for action in steps[0].actions if isinstance(action, Command) and "build" in action.argv]
    packages = [word for action in builds for word in action.argv if word in PACKAGES.values()]
    assert packages == ["./random"]
    assert builds[0].argv[0] == "/usr/bin/go"


def test_the_plugin_versions_installed_are_the_pinned_ones() -> None:
    text = commands(plan(FRESH, RECIPES))
    assert "plugin install resource docker 5.2.0 --file" in text
    assert "plugin install resource random 4.21.4 --file" in text


def test_official_images_need_no_base_and_no_root() -> None:
    machine = replace(COMPLETE, image_source_recorded=ImageSource.OFFICIAL, images=frozenset(), root=False)
    assert plan(machine, RECIPES) == []


def test_every_step_says_why() -> None:
    for machine in (FRESH, VENDOR_REACHABLE):
        for step in plan(machine, RECIPES):
            assert len(step.reason.split()) > 1, step.name


@pytest.mark.parametrize(
    ("machine", "sentence"),
    [
        pytest.param(replace(FRESH, root=False), "run bootstrap/run as root", id="no root to install Docker"),
        pytest.param(replace(FRESH, engine=EngineState.DENIED), "group docker", id="socket denied"),
        pytest.param(
            replace(FRESH, engine=EngineState.STOPPED, root=False), "systemctl start docker", id="no root to start"
        ),
        pytest.param(replace(FRESH, docker_host="tcp://10.0.0.1:2376"), "DOCKER_HOST=tcp://10", id="remote is silent"),
        pytest.param(replace(FRESH, distribution="fedora"), "install Docker Engine", id="no apt"),
        pytest.param(
            replace(FRESH, engine=EngineState.ANSWERS, root=False), "needs root for debootstrap", id="no root to build"
        ),
        pytest.param(
            replace(VENDOR_REACHABLE, commands=frozenset(), engine=EngineState.ANSWERS, root=False),
            "curl",
            id="no curl",
        ),
        pytest.param(replace(FRESH, free_gib=9.9), "10 GiB are needed", id="no space to build and compile"),
        pytest.param(replace(COMPLETE, images=frozenset(), free_gib=5.9), "6 GiB are needed", id="no space to build"),
        pytest.param(replace(VENDOR_REACHABLE, free_gib=2.9), "3 GiB are needed", id="no space to pull"),
        pytest.param(replace(COMPLETE, free_gib=2.9), "3 GiB are needed", id="no space to run"),
    ],
)
def test_what_cannot_be_provided_is_refused_in_one_sentence(machine: Machine, sentence: str) -> None:
    with pytest.raises(BootstrapError) as error:
        plan(machine, RECIPES)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_space_to_run_is_enough_when_all_is_built() -> None:
    assert plan(replace(COMPLETE, free_gib=3.1), RECIPES) == []
