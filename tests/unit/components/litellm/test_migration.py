"""The migration's workload, and how its end is judged."""

from types import SimpleNamespace

import pulumi
import pytest

from components.engine.container_report import judge
from components.engine.workload import Network
from components.litellm import environment as litellm_environment
from components.litellm.migration import DEADLINE, version, workload

WORKLOAD = workload("litellm:1.108.14", "export DATABASE_URL=hush\n")


def test_the_migration_changes_the_schema_and_says_when_it_cannot() -> None:
    assert WORKLOAD.environment["DISABLE_SCHEMA_UPDATE"] == "false"
    assert WORKLOAD.environment["ENFORCE_PRISMA_MIGRATION_CHECK"] == "true"


def test_the_migration_starts_no_server_and_ends_in_time() -> None:
    shell, option, line = WORKLOAD.entrypoint
    assert (shell, option) == ("sh", "-c")
    assert line == f". /run/secrets/environment && exec timeout {DEADLINE} litellm --skip_server_startup"


def test_the_migration_reaches_the_database_and_nothing_else() -> None:
    assert WORKLOAD.networks == (Network.DATA,)
    assert WORKLOAD.ports == ()
    assert WORKLOAD.volumes == ()


def test_the_database_s_url_goes_by_file_alone() -> None:
    assert WORKLOAD.secrets == {"environment": "export DATABASE_URL=hush\n"}
    assert "hush" not in str(dict(WORKLOAD.environment)) + " ".join(WORKLOAD.entrypoint)


def test_the_migration_runs_as_the_replicas_do() -> None:
    assert litellm_environment.COMMON_ENVIRONMENT.items() <= WORKLOAD.environment.items()


def test_a_migration_that_succeeded_gives_its_image() -> None:
    assert judge("container", 0, done="sha256:new", failed="it failed") == "sha256:new"


def test_a_failed_migration_stops_the_update_with_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    container = SimpleNamespace(
        name="migration-1",
        attrs={"State": {"Status": "exited", "ExitCode": 1}},
        logs=lambda tail: b"P3009: migrate found failed migrations" if tail else b"",
    )
    engine = SimpleNamespace(containers=SimpleNamespace(get={"abc": container}.__getitem__))
    monkeypatch.setattr("components.engine.container_report.docker.from_env", lambda: engine)
    with pytest.raises(pulumi.RunError) as caught:
        judge("abc", 1, done="sha256:new", failed="migration failed; no replica was touched")
    assert str(caught.value) == (
        "migration failed; no replica was touched.\n"
        "migration-1: exited, exit code 1\n"
        "last log lines:\n"
        "  P3009: migrate found failed migrations"
    )


def test_another_image_is_another_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version("litellm:1")
    assert version("litellm:1") == before
    assert version("litellm:2") != before
    monkeypatch.setattr("components.litellm.migration.DEADLINE", 1)
    assert version("litellm:1") != before
