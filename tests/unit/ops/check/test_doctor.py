"""The doctor checks everything and changes nothing; only an error makes a machine unfit."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.automation import CommandError, CommandResult

from bootstrap.machine import EngineState
from components.engine.ownership import EngineObject, ObjectKind
from ops.check import doctor
from ops.check.doctor import backend_checks, check_lines, check_stack, diagnose, engine_time, run_checks
from ops.check.machine import Check, CheckStatus
from ops.errors import OperationError
from ops.stack.backend.ownership import Ownership
from tests.unit.bootstrap.machines import COMPLETE, FRESH
from tests.unit.ops.gateways import gateway_of, with_wrong_models
from tests.unit.program import PROJECT, QUIET_HOST

GOOD = Check("disk", CheckStatus.OK, "60 GiB [free]")
WARNING = Check("clock", CheckStatus.WARNING, "it is not synchronized", "timedatectl set-ntp on")
FAULT = Check("Docker engine", CheckStatus.ERROR, "no Docker engine answers", "bootstrap/run")


def refused(sentence: str) -> CommandError:
    return CommandError(CommandResult(stdout="", stderr=f"error: {sentence}", code=255))


class Backend:
    """Holds two stacks of which one is empty; says of both what it is told to."""

    def __init__(self, listing: Exception | None = None, outputs: Exception | None = None) -> None:
        self.listing, self.outputs = listing, outputs

    def __call__(self, **_: Any) -> "Backend":
        return self

    def list_stacks(self) -> list[Any]:
        if self.listing:
            raise self.listing
        return [SimpleNamespace(name="dev", resource_count=30), SimpleNamespace(name="prod", resource_count=0)]

    def export_stack(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(deployment={})

    def stack_outputs(self, _: str) -> dict[str, str]:
        if self.outputs:
            raise self.outputs
        return {"master_key": "sk-not-to-be-seen"}


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """A machine that lacks nothing, or one as told."""

    def see(machine: Any) -> None:
        monkeypatch.setattr(doctor, "observe", lambda: machine)

    see(COMPLETE)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    info = {"SystemTime": now, "MemTotal": 2**40}
    monkeypatch.setattr(doctor, "machine_checks", lambda *_: [GOOD])
    monkeypatch.setattr(doctor, "engine_info", lambda: info)
    monkeypatch.setattr(doctor, "housekeeping_check", lambda name: Check(f"{name}: housekeeping", CheckStatus.OK, ""))
    monkeypatch.setattr("shutil.which", lambda _: "/bin/found")
    monkeypatch.setattr("pulumi.automation.LocalWorkspace", Backend())
    monkeypatch.setattr("components.engine.preflight.observe", lambda *_: QUIET_HOST)
    monkeypatch.setattr(doctor, "find_ownership", lambda name, _: Ownership(name, (), ()))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "file:///state")
    return see


@pytest.mark.usefixtures("quiet")
def test_every_stack_is_looked_at_unless_some_are_named() -> None:
    subjects = [check.subject.partition(":")[0] for check in run_checks([])]
    assert set(subjects) >= {"dev", "staging", "prod", "backend", "passphrase", "clock", "disk"}
    named = {check.subject.partition(":")[0] for check in run_checks(["prod"])}
    assert "prod" in named
    assert "staging" not in named


@pytest.mark.usefixtures("quiet")
def test_parts_of_another_stack_of_the_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    part = EngineObject(ObjectKind.CONTAINER, "1", "gateway-prod-postgres")
    monkeypatch.setattr(doctor, "find_ownership", lambda name, _: Ownership(name, (part,), (part,)))
    (check,) = (check for check in run_checks(["prod"]) if check.subject == "prod: owner")
    assert check.status is CheckStatus.ERROR
    assert "parts of another stack named prod (1 container: gateway-prod-postgres)" in check.text


def test_a_state_that_is_cut_off_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = tmp_path / ".pulumi" / "stacks" / "gateway" / "dev.json"
    state.parent.mkdir(parents=True)
    state.write_text('{"version": 3, "check')
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    (check,) = doctor.broken_states()
    assert (check.subject, check.fix) == ("dev: state", "python -m ops recover dev")
    assert str(state) in check.text


@pytest.mark.usefixtures("quiet")
def test_a_problem_is_an_error_only_for_stacks_that_run_or_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = replace(QUIET_HOST, port_holders={4000: "a process on this host"})
    monkeypatch.setattr("components.engine.preflight.observe", lambda *_: taken)
    for named, prod in (([], CheckStatus.WARNING), (["dev", "prod"], CheckStatus.ERROR)):
        statuses = {check.subject: check.status for check in run_checks(named)}
        assert (statuses["dev: ports"], statuses["prod: ports"]) == (CheckStatus.ERROR, prod)


def test_without_an_engine_nothing_is_asked_of_it(
    quiet: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet(FRESH)
    monkeypatch.setattr(doctor, "engine_info", lambda: pytest.fail("the engine was asked"))
    assert FRESH.engine is not EngineState.ANSWERS
    assert {check.subject for check in run_checks([])} == {"disk", "passphrase", "backend", "dev: secrets", "clock"}


@pytest.mark.usefixtures("quiet")
def test_registries_are_asked_for_stacks_that_run_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refused_images(references: tuple[str, ...]) -> list[str]:
        asked.extend(references)
        return ["image redis:7: its registry wants credentials"]

    monkeypatch.setattr(
        "components.engine.preflight.observe", lambda *_: replace(QUIET_HOST, images_to_pull=("redis:7",))
    )
    monkeypatch.setattr(doctor, "refused_images", refused_images)
    errors = [check for check in run_checks(["dev"]) if check.subject == "dev: images to pull" and not check.fix]
    assert CheckStatus.ERROR in {check.status for check in errors}
    asked.clear()
    run_checks([])
    assert asked == ["redis:7"]


@pytest.mark.usefixtures("quiet")
def test_secrets_of_deployed_stacks_are_decrypted_and_not_shown() -> None:
    made, checks = backend_checks()
    assert made == ["dev"]
    assert [check.subject for check in checks] == ["backend", "dev: secrets"]
    assert {check.status for check in checks} == {CheckStatus.OK}
    assert "not-to-be-seen" not in repr(checks)


@pytest.mark.usefixtures("quiet")
def test_a_wrong_passphrase_is_a_fault_with_pulumis_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.automation.LocalWorkspace", Backend(outputs=refused("incorrect passphrase")))
    check = backend_checks()[1][1]
    assert (check.status, check.text) == (CheckStatus.ERROR, "error: incorrect passphrase")


@pytest.mark.usefixtures("quiet")
def test_a_backend_that_does_not_answer_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.automation.LocalWorkspace", Backend(listing=refused("no such bucket")))
    (check,) = backend_checks()[1]
    assert (check.status, check.text) == (CheckStatus.ERROR, "file:///state: error: no such bucket")


@pytest.mark.usefixtures("quiet")
def test_the_password_of_a_backend_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "postgres://pulumi:a-password@db:5432/state?sslmode=verify-full")
    (check, _) = backend_checks()[1]
    assert check.text.startswith("postgres://****@db:5432/state?sslmode=verify-full answers;")


def test_a_stack_whose_settings_are_wrong_is_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: str) -> None:
        raise OperationError("edge.port: is not a setting")

    monkeypatch.setattr(doctor, "settings_without_secrets", wrong)
    assert check_stack("dev", 0, runs=True) == [
        Check("dev: settings", CheckStatus.ERROR, "edge.port: is not a setting")
    ]
    assert check_stack("dev", 0, runs=False)[0].status is CheckStatus.WARNING


def test_a_stack_whose_models_are_wrong_is_a_row_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = with_wrong_models(gateway_of("dev"), tmp_path).settings
    monkeypatch.setattr(doctor, "settings_without_secrets", lambda _: settings)
    (check,) = check_stack("dev", 0, runs=True)
    assert check == Check("dev: settings", CheckStatus.ERROR, check.text)
    assert "wrong.yaml" in check.text


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"config:\n<<<<<<< HEAD\n", "Pulumi.dev.yaml should be YAML: line 3"),
        (b"config:\n\tgateway:images: {}\n", "Pulumi.dev.yaml should be YAML: line 2"),
        (b"config:\n  gateway:images: \xe4\n", "Pulumi.dev.yaml is not a text in UTF-8"),
        (b"config:\n  gateway:images: official\n", "images: should be a list of keys and values, not 'official'"),
    ],
)
def test_a_malformed_stack_file_keeps_no_other_stack_from_its_checks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_bytes(content)
    (tmp_path / "Pulumi.prod.yaml").write_bytes((PROJECT / "stacks" / "Pulumi.prod.yaml").read_bytes())
    monkeypatch.setattr("ops.stack.project.CONFIGURATION", tmp_path)
    checks = {check.subject: check for check in run_checks([])}
    assert checks["dev: settings"].status is CheckStatus.ERROR
    assert reason in checks["dev: settings"].text
    assert checks["prod: ports"].status is CheckStatus.OK


def test_a_clock_service_that_hangs_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: tuple[str, ...], *, timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr("shutil.which", lambda _: "/bin/timedatectl")
    monkeypatch.setattr("subprocess.run", hang)
    assert doctor.is_synchronized(replace(COMPLETE, systemd=True)) is None


def test_the_engines_clock_is_read_to_the_second() -> None:
    assert engine_time({"SystemTime": "2030-01-01T12:00:00.308569177Z"}) == datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("checks", "fit"), [([GOOD, WARNING], True), ([GOOD, FAULT], False)])
def test_only_an_error_makes_a_machine_unfit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checks: list[Check], *, fit: bool
) -> None:
    monkeypatch.setattr(doctor, "run_checks", lambda _: checks)
    assert diagnose([], as_json=True) is fit
    printed = json.loads(capsys.readouterr().out)
    assert printed["fit"] is fit
    assert [check["subject"] for check in printed["checks"]] == [check.subject for check in checks]


def test_an_unknown_stack_is_refused() -> None:
    with pytest.raises(OperationError, match=r"^stack production: there is no stacks/"):
        diagnose(["production"], as_json=False)


def test_people_see_each_finding_and_its_cure_letter_by_letter() -> None:
    assert [line.plain for line in check_lines([GOOD, FAULT])] == [
        "ok       disk: 60 GiB [free]",
        "error    Docker engine: no Docker engine answers",
        "         fix: bootstrap/run",
    ]
