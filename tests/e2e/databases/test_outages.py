"""An outage of the external databases costs what an outage of own ones costs, and no spend."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from docker.models.containers import Container

from components.litellm import component as litellm
from testbed.completion import status
from testbed.container import address
from testbed.external_databases import ExternalDatabases
from testbed.gateway import new_key
from testbed.project import Project
from testbed.wait import wait_until

RECOVERY_SECONDS = 180


@contextmanager
def stopped(server: Container) -> Iterator[None]:
    """Stop a server while the body runs."""
    server.stop()
    try:
        yield
    finally:
        server.start()


def readiness(gateway: Project) -> int:
    """Return the status of the replica's own readiness: 503 without its database."""
    replica = address(gateway, gateway.container("litellm-1"))
    return httpx.get(f"http://{replica}:{litellm.PORT}/health/readiness", timeout=30).status_code


def counted(outer: ExternalDatabases, alias: str, requests: int) -> bool:
    """Return whether so many requests of a key are logged with a spend, whose sum is the key's own spend."""
    statement = f"""select count(*), abs(sum(s.spend) - max(t.spend)) < 1e-9
        from "LiteLLM_SpendLogs" s join "LiteLLM_VerificationToken" t on s.api_key = t.token
        where s.spend > 0 and t.key_alias = '{alias}'"""
    return outer.sql(statement) == f"{requests}|t"


def test_known_keys_work_while_the_external_postgres_is_down(
    gateway: Project, outer: ExternalDatabases, proxy: httpx.Client
) -> None:
    url, alias = gateway.output("proxy_url"), f"outage-{secrets.token_hex(4)}"
    known, unused = new_key(proxy, alias), new_key(proxy, f"{alias}-unused")
    assert status(url, known) == 200
    with stopped(outer.postgres):
        assert status(url, known) == 200
        wait_until(lambda: readiness(gateway) == 503, 60)
        assert [status(url, known) for _ in range(5)] == [200] * 5
        assert status(url, unused) >= 400
        assert httpx.get(gateway.output("health_url")).status_code == 200
        refused = gateway.pulumi("preview").output
        assert f"postgres.external.host: host.docker.internal:{outer.ports['postgres']} does not answer" in refused
        rows = gateway.ops("health", gateway.stack, "--json")
        assert rows.exit_code == 1, rows.output
    wait_until(lambda: readiness(gateway) == 200, RECOVERY_SECONDS)
    wait_until(lambda: counted(outer, alias, 7), RECOVERY_SECONDS)


def test_requests_work_while_the_external_redis_is_down(
    gateway: Project, outer: ExternalDatabases, proxy: httpx.Client
) -> None:
    url, alias = gateway.output("proxy_url"), f"outage-{secrets.token_hex(4)}"
    key = new_key(proxy, alias)
    assert status(url, key) == 200
    with stopped(outer.redis):
        assert [status(url, key) for _ in range(10)] == [200] * 10
        time.sleep(1)
    wait_until(lambda: counted(outer, alias, 11), RECOVERY_SECONDS)
