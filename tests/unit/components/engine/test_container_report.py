"""What a failed update prints."""

from types import SimpleNamespace
from unittest.mock import Mock

import docker
import pulumi
import pytest

from components.engine.container_report import report_failure, story, story_text


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


def test_a_story_has_a_title_a_log_and_health() -> None:
    assert story_text("web: exited, exit code 3", ["starting", "no database"], ["exit 1: refused"]) == (
        "web: exited, exit code 3\nlast log lines:\n  starting\n  no database\nhealth log:\n  exit 1: refused"
    )


def test_a_story_without_health_checks_ends_with_the_log() -> None:
    assert story_text("web: created, exit code 127", [], []) == "web: created, exit code 127\nlast log lines:"


def test_of_many_health_results_the_last_three_are_told() -> None:
    told = story_text("web", [], [f"exit {number}" for number in range(9)]).splitlines()
    assert told[-4:] == ["health log:", "  exit 6", "  exit 7", "  exit 8"]


def test_a_container_s_story_is_of_its_last_lines_even_when_they_are_no_text() -> None:
    told = story(container("web-1", "now")).splitlines()  # type: ignore[arg-type]
    assert told[0] == "web-1: running, exit code 0"
    assert told[2] == "  line 0"
    assert told[41] == "  line 39\N{REPLACEMENT CHARACTER}"
    assert told[-1] == "  exit 4: check 4"


def test_a_failure_is_told_of_the_newest_container_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", errors.append)
    found = [container("old", "2001-01-01T00:00:00Z"), container("new", "2002-01-01T00:00:00Z")]
    client = SimpleNamespace(containers=SimpleNamespace(list=Mock(return_value=found)))
    monkeypatch.setattr("components.engine.container_report.docker.from_env", lambda: client)
    assert report_failure("test").callback(arguments("web-1")) is False
    assert [error.splitlines()[:2] for error in errors] == [["web-1 failed.", "new: running, exit code 0"]]
    client.containers.list.assert_called_once_with(
        all=True, filters={"label": ["gateway.stack=test", "gateway.workload=web-1"]}
    )


def test_an_engine_that_does_not_answer_does_not_hide_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[str] = []
    monkeypatch.setattr(pulumi.log, "error", errors.append)
    monkeypatch.setattr(
        "components.engine.container_report.docker.from_env", Mock(side_effect=docker.errors.DockerException("gone"))
    )
    assert report_failure("test").callback(arguments("web-1")) is False
    assert errors == ["web-1 failed, and the engine did not give its log: gone"]
