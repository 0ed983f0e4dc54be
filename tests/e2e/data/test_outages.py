"""While a part is down requests go on where they can, others are refused, and no spend is lost."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from components.litellm import component as litellm
from components.litellm.worker.hooks import redis_log
from testbed.completion import CHAT, question
from testbed.container import address, exhaust_memory, healthy, log_lines
from testbed.gateway import new_key
from testbed.project import Project
from testbed.wait import wait_until

RECOVERY_SECONDS = 300
"""For a part to be healthy again on a busy machine."""
REQUESTS = 20
CHECKED_SECONDS = 8
"""After this time the edge would have removed a replica that fails three checks."""


@contextmanager
def stopped(gateway: Project, workload: str) -> Iterator[None]:
    """Stop a part while the body runs; afterwards it is healthy again."""
    gateway.container(workload).stop()
    try:
        yield
    finally:
        gateway.container(workload).start()
        wait_until(lambda: healthy(gateway.container(workload)), RECOVERY_SECONDS)


def asker(proxy: httpx.Client) -> Callable[[str], int]:
    return lambda key: proxy.post(CHAT, json=question(), headers={"Authorization": f"Bearer {key}"}).status_code


def counted(gateway: Project, alias: str, requests: int) -> bool:
    """Return whether so many requests of a key are logged with a spend, whose sum is the key's own spend."""
    statement = f"""select count(*), abs(sum(s.spend) - max(t.spend)) < 1e-9
        from "LiteLLM_SpendLogs" s join "LiteLLM_VerificationToken" t on s.api_key = t.token
        where s.spend > 0 and t.key_alias = '{alias}'"""
    return gateway.sql(statement) == f"{requests}|t"


def redis_lines(gateway: Project, since: float) -> list[str]:
    """Return the lines that the replica wrote because Redis is down. Each is JSON that holds its traceback."""
    lines = log_lines(gateway.container("litellm-1"), since)
    # Subscribers write when they reconnect, without any request.
    return [line for line in lines if "redis" in line.lower() and "subscriber" not in line]


def readiness(gateway: Project) -> int:
    """Return the status of the replica's own readiness: 503 without its database."""
    replica = address(gateway, gateway.container("litellm-1"))
    return httpx.get(f"http://{replica}:{litellm.PORT}/health/readiness", timeout=30).status_code


def test_known_keys_work_while_postgres_is_down_and_no_spend_is_lost(gateway: Project, proxy: httpx.Client) -> None:
    ask, alias = asker(proxy), f"outage-{secrets.token_hex(4)}"
    known, unused = new_key(proxy, alias), new_key(proxy, f"{alias}-unused")
    assert ask(known) == 200
    with stopped(gateway, "postgres"):
        assert ask(known) == 200
        # LiteLLM itself reports that it is not ready.
        wait_until(lambda: readiness(gateway) == 503, 50)
        time.sleep(CHECKED_SECONDS)
        assert [ask(known) for _ in range(5)] == [200] * 5
        assert all(ask(key) >= 400 for key in (unused, f"sk-{secrets.token_hex(8)}"))
        assert httpx.get(gateway.output("health_url")).status_code == 200
    wait_until(lambda: readiness(gateway) == 200, RECOVERY_SECONDS)
    wait_until(lambda: counted(gateway, alias, 7), RECOVERY_SECONDS)


def test_requests_work_while_redis_is_down_and_no_spend_is_lost(gateway: Project, proxy: httpx.Client) -> None:
    ask, alias = asker(proxy), f"outage-{secrets.token_hex(4)}"
    key, begin = new_key(proxy, alias), time.time()
    with stopped(gateway, "redis"):
        # These make LiteLLM notice it and log it.
        assert [ask(key) for _ in range(5)] == [200] * 5
        assert redis_lines(gateway, begin)
        time.sleep(1)
        since = time.time()
        assert [ask(key) for _ in range(REQUESTS)] == [200] * REQUESTS
        lines = redis_lines(gateway, since)
        assert len(lines) <= 1 + (time.time() - since) // redis_log.SECONDS, "\n".join(lines)
    wait_until(lambda: counted(gateway, alias, 5 + REQUESTS), RECOVERY_SECONDS)


def test_a_replica_out_of_memory_restarts_and_requests_are_refused_in_time(
    gateway: Project, proxy: httpx.Client
) -> None:
    replica = gateway.container("litellm-1")
    exhaust_memory(replica)
    begin, found = time.monotonic(), [proxy.post(CHAT, json=question())]

    def answered() -> bool:
        found.append(proxy.post(CHAT, json=question()))
        return found[-1].status_code == 200

    wait_until(answered, RECOVERY_SECONDS)
    print(f"\nafter a replica ran out of memory: {len(found) - 1} requests refused in {time.monotonic() - begin:.0f} s")
    assert {answer.status_code for answer in found} <= {200, 503}, [answer.status_code for answer in found]
    assert all(answer.headers["retry-after"] for answer in found if answer.status_code == 503)
    assert gateway.container("litellm-1").id == replica.id
    wait_until(lambda: healthy(gateway.container("litellm-1")), RECOVERY_SECONDS)
