"""A machine's lacks are told, each with its cure; what is well is told without one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bootstrap.machine import EngineState, Machine, PulumiPart
from components.images.source import ImageSource
from ops.check.machine import Check, Grade, clock, disk, environment, machine_checks, passphrase
from tests.unit.bootstrap.machines import COMPLETE, FRESH, RECIPES

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def faults(machine: Machine) -> dict[str, str]:
    """What stands in the way, with its cure, else its text where that tells the cure."""
    return {
        check.about: check.cure or check.text for check in machine_checks(machine, RECIPES) if check.grade != "good"
    }


def test_a_machine_that_lacks_nothing_has_no_fault() -> None:
    checks = machine_checks(COMPLETE, RECIPES)
    assert {check.grade for check in checks} == {Grade.GOOD}
    assert [check.cure for check in checks] == [""] * len(checks)
    assert [check.about for check in checks] == ["Docker engine", "Pulumi", "image source", "images", "disk"]


@pytest.mark.parametrize(
    ("machine", "found"),
    [
        (FRESH, {"Docker engine": "bootstrap/run", "Pulumi": "bootstrap/run"}),
        (replace(COMPLETE, engine=EngineState.STOPPED), {"Docker engine": "bootstrap/run"}),
        (replace(COMPLETE, pulumi=frozenset({PulumiPart.CLI})), {"Pulumi": "bootstrap/run"}),
        (replace(COMPLETE, images=frozenset()), {"images": "bootstrap/run"}),
        (replace(COMPLETE, images=frozenset(), image_source_override=ImageSource.OFFICIAL), {}),
        (replace(COMPLETE, free_gib=1.0), {"disk": "docker image prune"}),
    ],
)
def test_each_lack_has_its_cure(machine: Machine, found: dict[str, str]) -> None:
    assert faults(machine) == found


def test_what_bootstrap_cannot_cure_says_what_can() -> None:
    (text,) = faults(replace(COMPLETE, engine=EngineState.DENIED)).values()
    assert "sudo usermod -aG docker $USER" in text
    (text,) = faults(replace(COMPLETE, engine=EngineState.STOPPED, root=False)).values()
    assert "sudo systemctl start docker" in text


@pytest.mark.parametrize(
    ("free_gib", "grade"), [(1.9, Grade.FAULT), (2.0, Grade.WARNING), (9.9, Grade.WARNING), (10.0, Grade.GOOD)]
)
def test_a_full_disk_is_a_fault_and_one_that_fills_a_warning(free_gib: float, grade: Grade) -> None:
    assert disk(free_gib).grade is grade
    assert bool(disk(free_gib).cure) is (grade is not Grade.GOOD)


@pytest.mark.parametrize(
    ("given", "file", "mode", "grade", "cure"),
    [
        (True, None, None, Grade.GOOD, ""),
        (False, None, None, Grade.FAULT, "source .envrc"),
        (False, "/p", None, Grade.FAULT, "put the copy of /p back; where no stack was ever made, bootstrap/run"),
        (False, "/p", 0o100600, Grade.GOOD, ""),
        (False, "/p", 0o100640, Grade.WARNING, "chmod 600 /p"),
        (False, "/p", 0o100604, Grade.WARNING, "chmod 600 /p"),
    ],
)
def test_the_passphrase_is_there_and_its_owners_alone(
    *, given: bool, file: str | None, mode: int | None, grade: Grade, cure: str
) -> None:
    found = passphrase(given=given, file=file, mode=mode)
    assert (found.grade, found.cure) == (grade, cure)


@pytest.mark.parametrize(
    ("pulumi_found", "installed", "count"), [(True, True, 0), (False, True, 1), (False, False, 0), (True, False, 0)]
)
def test_a_shell_without_the_environment_is_told_once(*, pulumi_found: bool, installed: bool, count: int) -> None:
    assert len(environment(pulumi_found=pulumi_found, installed=installed)) == count


@pytest.mark.parametrize(
    ("apart", "synchronized", "grade"),
    [
        (0, True, Grade.GOOD),
        (0, None, Grade.GOOD),
        (0, False, Grade.WARNING),
        (1.9, None, Grade.GOOD),
        (2, True, Grade.WARNING),
        (-59, True, Grade.WARNING),
        (60, True, Grade.FAULT),
        (-60, None, Grade.FAULT),
    ],
)
def test_clocks_that_differ_are_told(apart: float, synchronized: bool | None, grade: Grade) -> None:  # noqa: FBT001
    found = clock(NOON + timedelta(seconds=apart), NOON, synchronized=synchronized)
    assert found.grade is grade
    assert bool(found.cure) is (grade is not Grade.GOOD)


def test_without_an_engine_the_clock_is_judged_by_itself() -> None:
    assert clock(None, NOON, synchronized=True) == Check(
        "clock", Grade.GOOD, "2030-01-01 12:00:00 UTC; it is synchronized"
    )
