"""What happens to a gateway under load: updates, updates that fail, and faults of its parts."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from docker.models.containers import Container

from benchmarks.exit_watch import watched
from benchmarks.gateway import IMAGE, STARTUP_TIMEOUT, BenchmarkGateway, set_certificate
from testbed.container import exhaust_memory, healthy
from testbed.image import derive, one_migration_more
from testbed.wait import wait_until

IN_FLIGHT = -1
NOTICED_SECONDS = 2
KEEPALIVE = 75
"""Seconds, the default. It is longer than the overload that follows: a request that is sent at the very moment at which
the edge closes an idle connection gets no answer (RFC 9112, 9.5)."""


@dataclass(frozen=True)
class Scenario:
    """One row of the report."""

    name: str
    apply: Callable[[BenchmarkGateway], float | None]
    """Returns the moment of the fault (Unix time), or None when that is the beginning."""
    allowed: int = 0
    """Requests that may fail. IN_FLIGHT: those that were in flight when the part broke."""
    short: bool = False
    """Whether tests/faults runs it too."""


def setting(path: str, value: object) -> Callable[[BenchmarkGateway], None]:
    """Change one setting and update the stack."""

    def apply(gateway: BenchmarkGateway) -> None:
        gateway.project.change(f"gateway:{path}", value)
        gateway.project.up()

    return apply


def pool_log_level_and_environment(gateway: BenchmarkGateway) -> None:
    """Change one of each in one update."""
    gateway.project.change("gateway:litellm.config.database_connection_pool_limit", 40)
    gateway.project.change("gateway:litellm.log_level", "WARNING")
    setting("litellm.keepalive_timeout", 80)(gateway)


def another_certificate(gateway: BenchmarkGateway) -> None:
    """Replace the certificate."""
    set_certificate(gateway.project)
    gateway.project.up()


def another_version(gateway: BenchmarkGateway) -> None:
    """Run an image of LiteLLM that has one migration more."""
    setting(IMAGE, derive(gateway.project, "migrated", one_migration_more("gateway_faults")))(gateway)
    assert gateway.project.sql("select count(*) from gateway_faults") == "0"


def previous_version(gateway: BenchmarkGateway) -> None:
    """Run the first image again."""
    setting(IMAGE, None)(gateway)


def broken_version(gateway: BenchmarkGateway) -> None:
    """Update twice to an image whose LiteLLM does not start. Both updates have to fail."""
    image = derive(gateway.project, "broken", "RUN ln -sf /bin/false $(command -v litellm)")
    gateway.project.change(f"gateway:{IMAGE}", image)
    for _ in range(2):
        begin = time.monotonic()
        result = gateway.project.pulumi("up", "--yes", "--skip-preview")
        assert result.exit_code != 0
        assert time.monotonic() - begin < STARTUP_TIMEOUT + 60
    setting(IMAGE, None)(gateway)


def restarted(workload: str, stopped_seconds: float = 0) -> Callable[[BenchmarkGateway], None]:
    """Stop a part, and start it again."""

    def apply(gateway: BenchmarkGateway) -> None:
        container = gateway.project.container(workload)
        container.stop()
        time.sleep(stopped_seconds)
        container.start()
        wait_until_healthy(gateway, workload)

    return apply


def killed(workload: str) -> Callable[[BenchmarkGateway], float]:
    """Kill a part; Docker restarts it."""
    return _ended(workload, lambda container: container.exec_run(["sh", "-c", "kill -9 -1"]))


def out_of_memory(workload: str) -> Callable[[BenchmarkGateway], float]:
    """Use up the memory of a part: the kernel kills it, and Docker restarts it."""
    return _ended(workload, exhaust_memory)


def _ended(workload: str, end: Callable[[Container], object]) -> Callable[[BenchmarkGateway], float]:
    def apply(gateway: BenchmarkGateway) -> float:
        container = gateway.project.container(workload)
        with watched(container) as ended:
            end(container)
        wait_until_healthy(gateway, workload)
        return ended.result()

    return apply


def frozen(workload: str, seconds: float) -> Callable[[BenchmarkGateway], None]:
    """Freeze a part for some seconds."""

    def apply(gateway: BenchmarkGateway) -> None:
        container = gateway.project.container(workload)
        container.pause()
        time.sleep(seconds)
        container.unpause()
        wait_until_healthy(gateway, workload)

    return apply


def wait_until_healthy(gateway: BenchmarkGateway, workload: str) -> None:
    """Wait until Docker's own health check finds the part healthy, after it has had time to notice the fault."""
    time.sleep(NOTICED_SECONDS)
    wait_until(lambda: healthy(gateway.project.container(workload)), STARTUP_TIMEOUT, pause=1)


SCENARIOS = (
    Scenario("config.yaml", setting("litellm.config.cooldown_time", 61), short=True),
    Scenario("database pool, log level and environment variable", pool_log_level_and_environment),
    Scenario("LiteLLM version with a migration", another_version),
    Scenario("back to the previous version", previous_version),
    Scenario("broken image, twice", broken_version),
    Scenario("certificate", another_certificate, short=True),
    # An edge that is replaced stays while it keeps idle connections: only the last one keeps them long.
    Scenario("edge configuration", setting("edge.keepalive_timeout", KEEPALIVE), short=True),
    Scenario("Redis restart", restarted("redis"), short=True),
    Scenario("Redis stopped for 30 s", restarted("redis", 30)),
    Scenario("replicas 1 to 3", setting("litellm.replicas", 3)),
    Scenario("replicas 3 to 2", setting("litellm.replicas", 2)),
    Scenario("replica killed, of two", killed("litellm-1"), IN_FLIGHT),
    Scenario("replica out of memory, of two", out_of_memory("litellm-1"), IN_FLIGHT),
    Scenario("replica frozen for 20 s, of two", frozen("litellm-2", 20), IN_FLIGHT),
)
"""`make faults` runs them in this order: each finds the gateway as the one before left it."""
