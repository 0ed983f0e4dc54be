"""A failing update leaves what serves alone, ends in time, and prints why."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from components.litellm.settings import LiteLLMSettings
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


@dataclass(frozen=True)
class Fault:
    """A change of the program after which a new replica does not start, and what the update has to print."""

    part: str
    before: str
    after: str
    told: tuple[str, ...]


NEVER_HEALTHY = Fault(
    "litellm/component.py", '"--port", str(PORT)', '"--port", "4999"',
    ("Application startup", "health log:", "Connection refused"),
)  # fmt: skip
"""Its health check asks a port that nothing listens on."""
CRASHES = Fault(
    "litellm/component.py", '*("litellm", *server(settings))', '"sh", "-c", "echo no such library; exit 7"',
    ("exit code 7", "no such library"),
)  # fmt: skip
CONFIG_IS_REJECTED = Fault(
    "litellm/config_yaml.py",
    "return yaml.safe_dump(",
    'return "model_list: [" + yaml.safe_dump(',
    ("yaml", "ParserError"),
)


@pytest.mark.usefixtures("short_deadline")
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(NEVER_HEALTHY, id="never healthy"),
        pytest.param(CRASHES, id="crashes"),
        pytest.param(CONFIG_IS_REJECTED, id="config rejected"),
    ],
)
def test_a_replica_that_does_not_start_fails_the_update_twice_and_the_old_one_serves(
    gateway: Project, proxy: httpx.Client, fault: Fault
) -> None:
    old = gateway.container("litellm-1").id
    program = gateway.folder / "components" / fault.part
    source = program.read_text()
    assert fault.before in source
    program.write_text(source.replace(fault.before, fault.after))
    try:
        for _ in range(2):
            result = gateway.pulumi("up", "--yes", "--skip-preview")
            assert result.exit_code != 0
            assert result.seconds < DEADLINE + 60
            for text in ("litellm-1 failed.", "last log lines:", *fault.told):
                assert text in result.output
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
    program = gateway.folder / "components" / "litellm" / "migration.py"
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
