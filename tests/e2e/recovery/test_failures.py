"""An update that fails leaves the serving replica alone, ends in time, and prints the cause."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from testbed.completion import CHAT, question
from testbed.image import derive_litellm, derived_images
from testbed.project import Project

IMAGE, STARTUP_TIMEOUT = "gateway:images.litellm", "gateway:litellm.startup_timeout"
REST_SECONDS = 240
"""For the rest of an update on a busy machine: the dump and the migration of another image."""


@dataclass(frozen=True)
class Fault:
    """What LiteLLM's image does instead of starting."""

    name: str
    server: str
    """Shell commands in the place of LiteLLM's."""
    printed: tuple[str, ...]
    """What the update has to print."""
    timeout: int
    """Seconds after which the replica is given up: enough for what it has to log."""


FAULTS = (
    # Its health check asks a port that nothing listens on.
    Fault(
        "never healthy",
        "echo waiting for nobody; exec sleep 3600",
        ("waiting for nobody", "health log:", "Connection refused"),
        30,
    ),
    Fault("crashes", "echo no such library; exit 7", ("exit code 7", "no such library"), 15),
)


@pytest.fixture(scope="module", autouse=True)
def images() -> Iterator[None]:
    """Derived images are removed at the end, when no replica runs them."""
    with derived_images():
        yield


def serves(proxy: httpx.Client) -> bool:
    """Return whether a completion is answered."""
    return proxy.post(CHAT, json=question()).is_success


def running(gateway: Project) -> set[str | None]:
    """Return the ids of the running first replicas."""
    return {container.id for container in gateway.containers("litellm-1") if container.status == "running"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_replica_that_does_not_start_fails_the_update_and_the_old_one_serves(
    gateway: Project, proxy: httpx.Client, restored: None, fault: Fault
) -> None:
    before, old = gateway.config, gateway.container("litellm-1").id
    gateway.change(IMAGE, derive_litellm(gateway, fault.name.replace(" ", "-"), server=fault.server))
    gateway.change(STARTUP_TIMEOUT, fault.timeout)
    # The second update must not take the half-made replica for a good one.
    for _ in range(2):
        result = gateway.pulumi("up", "--yes", "--skip-preview")
        assert result.exit_code != 0
        assert result.seconds < fault.timeout + REST_SECONDS
        for text in ("litellm-1 failed.", "last log lines:", *fault.printed):
            assert text in result.output
        assert old in running(gateway)
        assert serves(proxy)
    gateway.configure(before)
    gateway.up()
    assert [container.status for container in gateway.containers("litellm-1")] == ["running"]
    assert serves(proxy)


def dumps_before_migrations(gateway: Project) -> int:
    """Return how many dumps there are that were made before a migration."""
    return gateway.must_ops("backup", "--list").count("-before-migration")


def test_a_failed_migration_touches_no_replica_and_runs_again(
    gateway: Project, proxy: httpx.Client, restored: None
) -> None:
    before, old, dumps = gateway.config, gateway.container("litellm-1").id, dumps_before_migrations(gateway)
    gateway.change(IMAGE, derive_litellm(gateway, "broken-migration", migration="echo it does not fit; exit 3"))
    attempts = set()
    for _ in range(2):
        result = gateway.pulumi("up", "--yes", "--skip-preview")
        assert result.exit_code != 0
        for text in ("migration failed; no replica was touched.", "exit code 3", "it does not fit"):
            assert text in result.output
        assert gateway.container("litellm-1").id == old
        assert serves(proxy)
        attempts |= {container.labels["gateway.attempt"] for container in gateway.containers("migration")}
    assert len(attempts) > 1
    gateway.configure(before)
    gateway.up()
    assert serves(proxy)
    gateway.expect_no_changes()
    # Each attempt dumps the database first.
    assert dumps_before_migrations(gateway) == dumps + 3
