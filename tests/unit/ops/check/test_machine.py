"""Each problem of a machine has a fix; what is fine has none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bootstrap.machine import EngineState, Machine, PulumiPart
from components.images.source import ImageSource
from ops.check.machine import Check, CheckStatus, clock, disk, environment, machine_checks, passphrase
from tests.unit.bootstrap.machines import COMPLETE, FRESH, RECIPES

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def problems(machine: Machine) -> dict[str, str]:
    """Each problem with its fix, or with its text if that names the fix."""
    return {
        check.subject: check.fix or check.text
        for check in machine_checks(machine, RECIPES)
        if check.status is not CheckStatus.OK
    }


def test_a_machine_that_lacks_nothing_has_no_problem() -> None:
    checks = machine_checks(COMPLETE, RECIPES)
    assert {check.status for check in checks} == {CheckStatus.OK}
    assert [check.fix for check in checks] == [""] * len(checks)
    assert [check.subject for check in checks] == ["Docker engine", "Pulumi", "image source", "images", "disk"]


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
def test_each_problem_has_its_fix(machine: Machine, found: dict[str, str]) -> None:
    assert problems(machine) == found


def test_a_problem_that_bootstrap_cannot_fix_names_the_fix() -> None:
    (text,) = problems(replace(COMPLETE, engine=EngineState.DENIED)).values()
    assert "sudo usermod -aG docker $USER" in text
    (text,) = problems(replace(COMPLETE, engine=EngineState.STOPPED, root=False)).values()
    assert "sudo systemctl start docker" in text


@pytest.mark.parametrize(
    ("free_gib", "status"),
    [(1.9, CheckStatus.ERROR), (2.0, CheckStatus.WARNING), (9.9, CheckStatus.WARNING), (10.0, CheckStatus.OK)],
)
def test_a_full_disk_is_an_error_and_one_that_fills_a_warning(free_gib: float, status: CheckStatus) -> None:
    assert disk(free_gib).status is status
    assert bool(disk(free_gib).fix) is (status is not CheckStatus.OK)


@pytest.mark.parametrize(
    ("given", "file", "mode", "status", "fix"),
    [
        ("hush", None, None, CheckStatus.OK, ""),
        ("", "/p", 0o100600, CheckStatus.ERROR, "set the stacks' passphrase, or unset it"),
        (None, None, None, CheckStatus.ERROR, "source .envrc"),
        (
            None,
            "/p",
            None,
            CheckStatus.ERROR,
            "restore /p from its copy; if no stack was ever deployed, bootstrap/run",
        ),
        (None, "/p", 0o100600, CheckStatus.OK, ""),
        (None, "/p", 0o100640, CheckStatus.WARNING, "chmod 600 /p"),
        (None, "/p", 0o100604, CheckStatus.WARNING, "chmod 600 /p"),
    ],
)
def test_the_passphrase_is_there_and_its_owners_alone(
    *, given: str | None, file: str | None, mode: int | None, status: CheckStatus, fix: str
) -> None:
    found = passphrase(given=given, file=file, mode=mode)
    assert (found.status, found.fix) == (status, fix)


@pytest.mark.parametrize(
    ("pulumi_found", "installed", "count"), [(True, True, 0), (False, True, 1), (False, False, 0), (True, False, 0)]
)
def test_a_shell_without_the_environment_is_reported_once(*, pulumi_found: bool, installed: bool, count: int) -> None:
    assert len(environment(pulumi_found=pulumi_found, installed=installed)) == count


@pytest.mark.parametrize(
    ("apart", "synchronized", "status"),
    [
        (0, True, CheckStatus.OK),
        (0, None, CheckStatus.OK),
        (0, False, CheckStatus.WARNING),
        (1.9, None, CheckStatus.OK),
        (2, True, CheckStatus.WARNING),
        (-59, True, CheckStatus.WARNING),
        (60, True, CheckStatus.ERROR),
        (-60, None, CheckStatus.ERROR),
    ],
)
def test_clocks_that_differ_are_reported(apart: float, synchronized: bool | None, status: CheckStatus) -> None:  # noqa: FBT001
    found = clock(NOON + timedelta(seconds=apart), NOON, synchronized=synchronized)
    assert found.status is status
    assert bool(found.fix) is (status is not CheckStatus.OK)


def test_without_an_engine_the_clock_is_checked_by_itself() -> None:
    assert clock(None, NOON, synchronized=True) == Check(
        "clock", CheckStatus.OK, "2030-01-01 12:00:00 UTC; it is synchronized"
    )
