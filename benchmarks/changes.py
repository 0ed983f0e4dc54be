"""What is done to a gateway while requests run: updates, failing updates, and faults of its parts."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from docker.models.containers import Container

from benchmarks.ending import watched
from benchmarks.gateway import START_DEADLINE, Gateway, set_certificate
from tests.e2e.memory import exhaust

MIGRATION = "99991231235959_faults"
"""Name of a migration that the derived image adds to LiteLLM's own."""
NO_MORE_THAN_IN_FLIGHT = -1
KEEPALIVE = 75
"""Seconds, as without a setting. It outlasts the overload that comes after: a client that sends on a connection in the
very moment in which the edge closes it as idle gets no answer (RFC 9112, 9.5)."""


@dataclass(frozen=True)
class Change:
    """One row of the report."""

    name: str
    apply: Callable[[Gateway], float | None]
    """Gives the moment of the fault where that is not the beginning, in seconds since 1970."""
    allowed: int = 0
    """Requests that may fail; NO_MORE_THAN_IN_FLIGHT: those that were in the part that was broken."""
    short: bool = False
    """Whether the tests run it too."""


def updated(gateway: Gateway) -> None:
    """Apply the configuration as it stands."""
    gateway.project.must("up", "--yes", "--skip-preview")


def setting(path: str, value: object) -> Callable[[Gateway], None]:
    """Change one key of the stack's configuration."""

    def apply(gateway: Gateway) -> None:
        gateway.project.change(f"gateway:{path}", value)
        updated(gateway)

    return apply


def pool_log_level_and_environment(gateway: Gateway) -> None:
    """Change one of each."""
    gateway.project.change("gateway:litellm.config.database_connection_pool_limit", 40)
    gateway.project.change("gateway:litellm.log_level", "WARNING")
    setting("litellm.keepalive_timeout", 80)(gateway)


def another_certificate(gateway: Gateway) -> None:
    """Replace the certificate."""
    set_certificate(gateway.project)
    updated(gateway)


def another_version(gateway: Gateway) -> None:
    """Take an image of another LiteLLM, whose migrations are one more."""
    sql = "CREATE TABLE IF NOT EXISTS gateway_faults (id int);"
    image = gateway.derived_image(
        "migrated",
        "USER root",
        f"RUN for d in $(find / -type d -path '*litellm_proxy_extras/migrations' 2>/dev/null); do"
        f" mkdir $d/{MIGRATION} && echo '{sql}' > $d/{MIGRATION}/migration.sql; done",
        "USER 101:101",
    )
    setting("images.litellm", image)(gateway)
    assert gateway.project.sql("select count(*) from gateway_faults") == "0"


def previous_version(gateway: Gateway) -> None:
    """Go back to the image before."""
    setting("images.litellm", None)(gateway)


def broken_version(gateway: Gateway) -> None:
    """Take an image whose LiteLLM does not start, twice; both updates have to fail."""
    image = gateway.derived_image("broken", "USER root", "RUN ln -sf /bin/false $(command -v litellm)", "USER 101:101")
    gateway.project.change("gateway:images.litellm", image)
    for _ in range(2):
        begin = time.monotonic()
        result = gateway.project.pulumi("up", "--yes", "--skip-preview")
        assert result.exit_code != 0
        assert time.monotonic() - begin < START_DEADLINE + 60
    gateway.project.change("gateway:images.litellm", None)
    updated(gateway)


def restarted(workload: str, stopped_seconds: float = 0) -> Callable[[Gateway], None]:
    """Stop a part, and start it again."""

    def apply(gateway: Gateway) -> None:
        container = gateway.project.container(workload)
        container.stop()
        time.sleep(stopped_seconds)
        container.start()
        wait_until_healthy(gateway, workload)

    return apply


def killed(workload: str) -> Callable[[Gateway], float]:
    """Kill a part without a word; Docker starts it again."""
    return _ended(workload, lambda container: container.exec_run(["sh", "-c", "kill -9 -1"]))


def out_of_memory(workload: str) -> Callable[[Gateway], float]:
    """Have the kernel kill a part because its memory is used up; Docker starts it again."""
    return _ended(workload, exhaust)


def _ended(workload: str, end: Callable[[Container], object]) -> Callable[[Gateway], float]:
    def apply(gateway: Gateway) -> float:
        container = gateway.project.container(workload)
        with watched(container) as ended:
            end(container)
        wait_until_healthy(gateway, workload)
        return ended.result()

    return apply


def frozen(workload: str, seconds: float) -> Callable[[Gateway], None]:
    """Freeze a part, and let it go on."""

    def apply(gateway: Gateway) -> None:
        container = gateway.project.container(workload)
        container.pause()
        time.sleep(seconds)
        container.unpause()
        wait_until_healthy(gateway, workload)

    return apply


def wait_until_healthy(gateway: Gateway, workload: str, seconds: float = START_DEADLINE) -> None:
    """Wait for Docker's own health check."""
    give_up = time.monotonic() + seconds
    time.sleep(2)
    while gateway.project.container(workload).attrs["State"]["Health"]["Status"] != "healthy":
        assert time.monotonic() < give_up, f"{workload} is not healthy after {seconds} s"
        time.sleep(1)


CHANGES = (
    Change("config.yaml", setting("litellm.config.cooldown_time", 61), short=True),
    Change("database pool, log level and environment variable", pool_log_level_and_environment),
    Change("LiteLLM version with a migration", another_version),
    Change("back to the previous version", previous_version),
    Change("broken image, twice", broken_version),
    Change("certificate", another_certificate, short=True),
    # An edge that is replaced stays for as long as it keeps idle connections: so the last one alone keeps them long.
    Change("edge configuration", setting("edge.keepalive_timeout", KEEPALIVE), short=True),
    Change("Redis restart", restarted("redis"), short=True),
    Change("Redis stopped for 30 s", restarted("redis", 30)),
    Change("replicas 1 to 3", setting("litellm.replicas", 3)),
    Change("replicas 3 to 2", setting("litellm.replicas", 2)),
    Change("replica killed, of two", killed("litellm-1"), NO_MORE_THAN_IN_FLIGHT),
    Change("replica out of memory, of two", out_of_memory("litellm-1"), NO_MORE_THAN_IN_FLIGHT),
    Change("replica frozen for 20 s, of two", frozen("litellm-2", 20), NO_MORE_THAN_IN_FLIGHT),
)
"""In this order: each finds the gateway as the one before left it."""
