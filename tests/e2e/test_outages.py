"""A part that is down: requests go on where they can, others are refused, nothing is lost, and all comes back."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from components.litellm import component as litellm
from components.litellm.worker import redis_log
from tests.e2e.memory import exhaust
from tests.e2e.project import Project
from tests.hardening.replica import address, log_lines, question, statuses, wait_for

CHAT = "/v1/chat/completions"
PATIENCE = 300
"""Seconds for a part to be well again on a busy machine."""
REQUESTS = 20
UNNOTICED = 8
"""Seconds after which the edge would have left out a replica that fails three checks."""


@contextmanager
def stopped(gateway: Project, workload: str) -> Iterator[None]:
    """Stop a part for a while; it is healthy again afterwards."""
    gateway.container(workload).stop()
    try:
        yield
    finally:
        gateway.container(workload).start()
        wait_for(lambda: gateway.container(workload).attrs["State"]["Health"]["Status"] == "healthy", PATIENCE)


def new_key(proxy: httpx.Client, alias: str) -> str:
    answer = proxy.post("/key/generate", json={"key_alias": alias})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["key"])


def asker(proxy: httpx.Client) -> Callable[[str], int]:
    return lambda key: proxy.post(CHAT, json=question(), headers={"Authorization": f"Bearer {key}"}).status_code


def counted(gateway: Project, alias: str, requests: int) -> bool:
    """Tell whether so many of a key's requests are logged with a spend, and their sum is what its budget has lost."""
    statement = f"""select count(*), abs(sum(s.spend) - max(t.spend)) < 1e-9
        from "LiteLLM_SpendLogs" s join "LiteLLM_VerificationToken" t on s.api_key = t.token
        where s.spend > 0 and t.key_alias = '{alias}'"""
    return gateway.sql(statement) == f"{requests}|t"


def said_of_redis(gateway: Project, since: float) -> list[str]:
    """Give the lines that a replica wrote because Redis is away; each is JSON, with its traceback in it."""
    lines = log_lines(gateway.container("litellm-1"), since)
    # Subscribers say it when they try anew, whatever is asked.
    return [line for line in lines if "redis" in line.lower() and "subscriber" not in line]


def readiness(gateway: Project) -> int:
    """Ask the replica itself whether it has its database."""
    replica = address(gateway, gateway.container("litellm-1"))
    return httpx.get(f"http://{replica}:{litellm.PORT}/health/readiness", timeout=30).status_code


def test_while_postgres_is_down_known_keys_go_on_others_are_refused_and_no_spend_is_lost(
    gateway: Project, proxy: httpx.Client
) -> None:
    ask, alias = asker(proxy), f"outage-{secrets.token_hex(4)}"
    known, unused = new_key(proxy, alias), new_key(proxy, f"{alias}-unused")
    assert ask(known) == 200
    with stopped(gateway, "postgres"):
        assert ask(known) == 200
        # From then on LiteLLM says of itself that it is not ready.
        wait_for(lambda: readiness(gateway) == 503, 50)
        time.sleep(UNNOTICED)
        assert [ask(known) for _ in range(5)] == [200] * 5
        assert all(ask(key) >= 400 for key in (unused, f"sk-{secrets.token_hex(8)}"))
        assert httpx.get(gateway.output("health_url")).status_code == 200
    wait_for(lambda: readiness(gateway) == 200, PATIENCE)
    wait_for(lambda: counted(gateway, alias, 7), PATIENCE)


def test_while_redis_is_down_requests_go_on_no_spend_is_lost_and_the_log_says_it_once_a_minute(
    gateway: Project, proxy: httpx.Client
) -> None:
    ask, alias = asker(proxy), f"outage-{secrets.token_hex(4)}"
    key, begin = new_key(proxy, alias), time.time()
    with stopped(gateway, "redis"):
        # These make LiteLLM see it, and say so.
        assert [ask(key) for _ in range(5)] == [200] * 5
        assert said_of_redis(gateway, begin)
        time.sleep(1)
        since = time.time()
        assert [ask(key) for _ in range(REQUESTS)] == [200] * REQUESTS
        lines = said_of_redis(gateway, since)
        assert len(lines) <= 1 + (time.time() - since) // redis_log.SECONDS, "\n".join(lines)
    wait_for(lambda: counted(gateway, alias, 5 + REQUESTS), PATIENCE)


def test_a_replica_out_of_memory_comes_back_by_itself_and_requests_are_refused_in_time_until_then(
    gateway: Project, proxy: httpx.Client
) -> None:
    replica = gateway.container("litellm-1")
    exhaust(replica)
    begin, found = time.monotonic(), [proxy.post(CHAT, json=question())]

    def answered() -> bool:
        found.append(proxy.post(CHAT, json=question()))
        return found[-1].status_code == 200

    wait_for(answered, PATIENCE)
    print(f"\nafter a replica ran out of memory: {len(found) - 1} requests refused in {time.monotonic() - begin:.0f} s")
    assert {answer.status_code for answer in found} <= {200, 503}, statuses(found)
    assert all(answer.headers["retry-after"] for answer in found if answer.status_code == 503)
    assert gateway.container("litellm-1").id == replica.id
    wait_for(lambda: gateway.container("litellm-1").attrs["State"]["Health"]["Status"] == "healthy", PATIENCE)
