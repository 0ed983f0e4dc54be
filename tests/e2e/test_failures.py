"""A failing update leaves what serves alone, ends in time, and prints why."""

from collections.abc import Iterator

import httpx
import pytest

from components.litellm_settings import LiteLLMSettings
from tests.e2e.project import Project

DEADLINE = 60
"""Seconds for a new replica to become healthy, in these tests."""


@pytest.fixture
def short_deadline(gateway: Project) -> Iterator[None]:
    gateway.change("gateway:litellm.start_deadline", DEADLINE)
    gateway.must("up", "--yes", "--skip-preview")
    yield
    gateway.change("gateway:litellm.start_deadline", LiteLLMSettings().start_deadline)


def serves(proxy: httpx.Client) -> bool:
    body = {"model": "gpt-oss-20b-cloud", "messages": [{"role": "user", "content": "ping"}]}
    return proxy.post("/v1/chat/completions", json=body).is_success


@pytest.mark.usefixtures("short_deadline")
def test_a_replica_that_never_gets_healthy_fails_the_update_twice_and_the_old_one_serves(
    gateway: Project, proxy: httpx.Client
) -> None:
    old = gateway.container("litellm-1").id
    gateway.change("gateway:litellm.config.database_connection_pool_limit", 11)
    # A replica that cannot answer: its health check asks a port that nothing listens on.
    program = gateway.folder / "components" / "litellm.py"
    source = program.read_text()
    program.write_text(source.replace('"--port", str(PORT)', '"--port", "4999"'))
    try:
        for _ in range(2):
            result = gateway.pulumi("up", "--yes", "--skip-preview")
            assert result.exit_code != 0
            assert result.seconds < DEADLINE + 60
            assert "litellm-1 failed." in result.output
            assert "last log lines:" in result.output
            assert "Uvicorn running" in result.output or "Application startup" in result.output
            assert "health log:" in result.output
            assert "Connection refused" in result.output
            assert old in {
                container.id for container in gateway.containers("litellm-1") if container.status == "running"
            }
            assert serves(proxy)
    finally:
        program.write_text(source)
    gateway.must("up", "--yes", "--skip-preview")
    assert [container.status for container in gateway.containers("litellm-1")] == ["running"]
    assert serves(proxy)


def dumps_before_migrations(gateway: Project) -> int:
    return gateway.ops("backup", gateway.stack, "--list").output.count("-before-migration")


def test_a_failing_migration_prints_its_log_touches_no_replica_and_runs_again(
    gateway: Project, proxy: httpx.Client
) -> None:
    old, dumps = gateway.container("litellm-1").id, dumps_before_migrations(gateway)
    program = gateway.folder / "components" / "migration.py"
    source = program.read_text()
    program.write_text(
        source.replace('"litellm", "--skip_server_startup"', '"sh", "-c", "echo the schema does not fit; exit 3"')
    )
    try:
        for _ in range(2):
            result = gateway.pulumi("up", "--yes", "--skip-preview")
            assert result.exit_code != 0
            assert "migration failed; no replica was touched." in result.output
            assert "exit code 3" in result.output
            assert "the schema does not fit" in result.output
            assert gateway.container("litellm-1").id == old
            assert serves(proxy)
        assert "1" in {container.labels["gateway.attempt"] for container in gateway.containers("migration")}
    finally:
        program.write_text(source)
    gateway.must("up", "--yes", "--skip-preview")
    assert serves(proxy)
    gateway.must("preview", "--expect-no-changes")
    assert dumps_before_migrations(gateway) == dumps + 3
