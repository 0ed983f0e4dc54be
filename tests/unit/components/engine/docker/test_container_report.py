"""What a failed update prints."""

from collections.abc import Awaitable
from types import SimpleNamespace
from unittest.mock import Mock

import docker
import pulumi
import pytest

from components.engine.docker.container_report import (
    check_exit_code,
    container_report,
    report_failure,
    report_text,
)
from tests.unit.program import record


def arguments(name: str) -> pulumi.ErrorHookArgs:
    kind = "docker:index/container:Container"
    urn = f"urn:pulumi:test::gateway::{kind}::{name}"
    return pulumi.ErrorHookArgs(urn=urn, id="", name=name, type=kind, failed_operation="create", errors=["unhealthy"])


def container(name: str, created: str) -> SimpleNamespace:
    health = {"Log": [{"ExitCode": number, "Output": f"check {number}\n"} for number in range(5)]}
    return SimpleNamespace(
        name=name,
        attrs={"Created": created, "State": {"Status": "running", "ExitCode": 0, "Health": health}},
        logs=lambda tail: "\n".join(f"line {number}" for number in range(tail)).encode() + b"\xff",
    )


def retries(monkeypatch: pytest.MonkeyPatch) -> list[bool | None]:
    """Let `web-1` fail, and return what the hook answers: whether to try again."""
    answers: list[bool | None] = []

    def body() -> None:
        answer = report_failure("test").callback(arguments("web-1"))
        assert not isinstance(answer, Awaitable)
        answers.append(answer)

    record(monkeypatch, "test", body)
    return answers


@pytest.fixture
def errors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is logged as an error."""
    logged: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", logged.append)
    return logged


def test_report_has_title_log_and_health() -> None:
    assert report_text("web: exited, exit code 3", ["starting", "no database"], ["exit 1: refused"]) == (
        "web: exited, exit code 3\nlast log lines:\n  starting\n  no database\nhealth log:\n  exit 1: refused"
    )


def test_report_without_health_checks_ends_with_the_log() -> None:
    assert report_text("web: created, exit code 127", [], []) == "web: created, exit code 127\nlast log lines:"


def test_report_has_the_last_three_health_results() -> None:
    lines = report_text("web", [], [f"exit {number}" for number in range(9)]).splitlines()
    assert lines[-4:] == ["health log:", "  exit 6", "  exit 7", "  exit 8"]


def test_report_has_forty_log_lines_and_survives_broken_text() -> None:
    lines = container_report(container("web-1", "now")).splitlines()  # type: ignore[arg-type]
    assert lines[0] == "web-1: running, exit code 0"
    assert lines[2] == "  line 0"
    assert lines[41] == "  line 39\N{REPLACEMENT CHARACTER}"
    assert lines[-1] == "  exit 4: check 4"


def restarting(*states: tuple[str, int]) -> SimpleNamespace:
    """Return a container that has been restarted and goes on to the next state each time it is read."""
    found, left = container("web-1", "now"), iter(states)

    def read() -> None:
        status, exit_code = next(left, states[-1])
        found.attrs |= {"RestartCount": 6, "State": {"Status": status, "ExitCode": exit_code}}

    found.reload = read
    read()
    return found


def test_report_has_the_exit_code_of_a_container_that_is_restarted_just_now() -> None:
    found = restarting(("running", 0), ("running", 0), ("restarting", 7))
    lines = container_report(found).splitlines()  # type: ignore[arg-type]
    assert lines[0] == "web-1: restarting, exit code 7, restarted 6 times"


def test_report_does_not_wait_forever_for_a_restarted_container_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.engine.docker.container_report.RESTART_WAIT_SECONDS", 0.2)
    lines = container_report(restarting(("running", 0))).splitlines()  # type: ignore[arg-type]
    assert lines[0] == "web-1: running, exit code 0, restarted 6 times"


def test_report_survives_a_container_without_health_checks() -> None:
    found = container("web-1", "now")
    found.attrs["State"]["Health"] = None
    assert "health log:" not in container_report(found)  # type: ignore[arg-type]


def test_failure_reports_the_newest_container_and_asks_for_no_retry(
    monkeypatch: pytest.MonkeyPatch, errors: list[str]
) -> None:
    found = [container("old", "2001-01-01T00:00:00Z"), container("new", "2002-01-01T00:00:00Z")]
    client = SimpleNamespace(containers=SimpleNamespace(list=Mock(return_value=found)))
    monkeypatch.setattr("components.engine.docker.container_report.connect", lambda: client)
    assert retries(monkeypatch) == [False]
    assert [error.splitlines()[:2] for error in errors] == [["web-1 failed.", "new: running, exit code 0"]]
    client.containers.list.assert_called_once_with(
        all=True, filters={"label": ["gateway.stack=test", "gateway.workload=web-1"]}
    )


def test_failure_before_a_container_exists_is_reported(monkeypatch: pytest.MonkeyPatch, errors: list[str]) -> None:
    client = SimpleNamespace(containers=SimpleNamespace(list=Mock(return_value=[])))
    monkeypatch.setattr("components.engine.docker.container_report.connect", lambda: client)
    assert retries(monkeypatch) == [False]
    assert errors == ["web-1: no container was created"]


def test_silent_engine_does_not_hide_the_failure(monkeypatch: pytest.MonkeyPatch, errors: list[str]) -> None:
    monkeypatch.setattr(
        "components.engine.docker.container_report.connect", Mock(side_effect=docker.errors.DockerException("gone"))
    )
    assert retries(monkeypatch) == [False]
    assert errors == ["web-1 failed, and Docker did not return its log: gone"]


def test_exit_code_zero_is_no_failure() -> None:
    check_exit_code("container", 0, "it failed")


def test_failed_job_stops_the_update_with_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = SimpleNamespace(
        name="migration-1",
        attrs={"State": {"Status": "exited", "ExitCode": 1}},
        logs=lambda tail: b"P3009: migrate found failed migrations" if tail else b"",
    )
    engine = SimpleNamespace(containers=SimpleNamespace(get={"abc": failed}.__getitem__))
    monkeypatch.setattr("components.engine.docker.container_report.connect", lambda: engine)
    with pytest.raises(pulumi.RunError) as caught:
        check_exit_code("abc", 1, "migration failed; no replica was touched")
    assert str(caught.value) == (
        "migration failed; no replica was touched.\n"
        "migration-1: exited, exit code 1\n"
        "last log lines:\n"
        "  P3009: migrate found failed migrations"
    )


def test_failed_job_whose_container_was_removed_says_how_it_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    containers = Mock(get=Mock(side_effect=docker.errors.NotFound("gone")))
    monkeypatch.setattr(docker, "from_env", lambda: SimpleNamespace(containers=containers))
    with pytest.raises(
        pulumi.RunError, match=r"^it failed\.\nIts container is no longer on the engine; `pulumi up --ref"
    ):
        check_exit_code("0123", 1, "it failed")
