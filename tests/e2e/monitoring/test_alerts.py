"""A real Prometheus watches the gateway: what it counts is what was sent, and its alerts fire and resolve."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from components.monitoring.alert_rules import rules
from components.monitoring.component import MonitoringSettings, thresholds
from components.monitoring.dashboard import PANELS, WINDOW, Panel
from tests.e2e.project import Project, free_ports

MODEL = "gpt-oss-20b-cloud"
MOST = 60
"""Seconds that an alert may take to fire or to resolve; readings are taken each 2 s, rates over 20 s."""
NONE: set[str] = set()
ALL = {rule.name for rule in rules(thresholds(MonitoringSettings(), replicas=2))}
PORTS = {"litellm": 4003, "edge": 8405, "postgres": 9187, "redis": 9121, "prometheus": 9090}

Ask = Callable[[str], list[tuple[dict[str, str], float]]]
"""PromQL → labels and value of each series."""


@pytest.fixture(scope="module")
def ask(gateway: Project, proxy: httpx.Client) -> Iterator[Ask]:
    """Watch the gateway, two replicas of two workers each, and give a way to ask its Prometheus."""
    (port,) = free_ports(1)
    gateway.change("gateway:monitoring", {
        "enabled": True, "port": port, "scrape_interval": 2, "rate_window": 20, "alert_after": 2,
    })  # fmt: skip
    gateway.change("gateway:litellm.replicas", 2)
    gateway.change("gateway:litellm.workers", 2)
    gateway.must("up", "--yes", "--skip-preview")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1") as client:

        def ask(expression: str) -> list[tuple[dict[str, str], float]]:
            answer = client.get("/query", params={"query": expression}).json()
            assert answer["status"] == "success", answer
            return [(series["metric"], float(series["value"][1])) for series in answer["data"]["result"]]

        wait_until(lambda: len(ask("up == 1")) > len(PORTS))
        yield ask


def wait_until(holds: Callable[[], bool], seconds: float = MOST) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"not within {seconds} s"
        time.sleep(1)


def wait_for_alerts(ask: Ask, *, fire: set[str] = NONE, rest: set[str] = NONE, seconds: float = MOST) -> None:
    """Wait until some alerts fire and others do not."""
    give_up = time.monotonic() + seconds
    while not (fire <= firing(ask) and not rest & firing(ask)):
        assert time.monotonic() < give_up, f"{firing(ask)} fire after {seconds} s"
        time.sleep(1)


def total(ask: Ask, expression: str) -> float:
    """Give the one number of an expression, 0 where nothing was counted."""
    return sum(value for _, value in ask(f"sum({expression})"))


def firing(ask: Ask) -> set[str]:
    return {labels["alertname"] for labels, _ in ask('ALERTS{alertstate="firing"}')}


def send(proxy: httpx.Client, count: int, key: str | None = None, model: str = MODEL) -> list[int]:
    """Send so many requests, four at a time, and give their answers' statuses."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    def one(number: int) -> int:
        body = {"model": model, "messages": [{"role": "user", "content": f"ping {number}"}]}
        return proxy.post("/v1/chat/completions", json=body, headers=headers).status_code

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(count)))


@contextmanager
def callers(proxy: httpx.Client) -> Iterator[None]:
    """Have four callers send one request after the other."""
    enough = threading.Event()

    def call() -> None:
        while not enough.is_set():
            send(proxy, 1)

    with ThreadPoolExecutor(4) as pool:
        try:
            for _ in range(4):
                pool.submit(call)
            yield
        finally:
            enough.set()


def test_every_target_is_found_and_answers(ask: Ask) -> None:
    found = sorted(labels["job"] for labels, value in ask("up") if value == 1)
    assert found == sorted([*PORTS, "litellm"])
    for labels, _ in ask("up"):
        assert labels["instance"].endswith(f":{PORTS[labels['job']]}")


def test_requests_tokens_latency_and_spend_are_what_was_sent(gateway: Project, proxy: httpx.Client, ask: Ask) -> None:
    key = proxy.post("/key/generate", json={"key_alias": "counted"}).json()["key"]
    assert send(proxy, 60, key) == [200] * 60
    of = '{api_key_alias="counted"}'
    wait_until(lambda: total(ask, f"litellm_requests_metric_total{of}") == 60)
    assert total(ask, f'litellm_proxy_total_requests_metric_total{{status_code="200",{of[1:]}') == 60
    assert total(ask, f"litellm_request_total_latency_metric_count{of}") == 60
    assert 0 < total(ask, f"litellm_request_total_latency_metric_sum{of}") < 60 * 20
    logged = """select count(*), sum(s.spend), sum(s.total_tokens) from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = 'counted'"""
    wait_until(lambda: gateway.sql(logged).startswith("60|"))
    _, spend, tokens = gateway.sql(logged).split("|")
    assert total(ask, f"litellm_total_tokens_metric_total{of}") == float(tokens) > 0
    assert total(ask, f"litellm_spend_metric_total{of}") == pytest.approx(float(spend))
    assert float(spend) > 0


def test_every_replica_and_worker_had_its_share_of_them(gateway: Project, ask: Ask) -> None:
    shares = ask('sum by (instance) (litellm_requests_metric_total{api_key_alias="counted"})')
    assert len([value for _, value in shares if value > 0]) == 2
    for replica in ("litellm-1", "litellm-2"):
        assert len(counting_workers(gateway, replica)) == 2
    assert {value for _, value in ask("gateway_worker_starts_total")} == {2}


def test_what_callers_say_of_themselves_makes_no_series(ask: Ask) -> None:
    assert ask('count({job="litellm",requested_model!=""})')
    for label in ("client_ip", "user_agent"):
        assert ask(f'{{job="litellm",{label}!=""}}') == []


def counting_workers(gateway: Project, replica: str) -> set[str]:
    """Give the process ids of workers with a file of counters."""
    exit_code, listing = gateway.container(replica).exec_run(["ls", "/tmp/metrics"])  # noqa: S108
    assert exit_code == 0, listing
    return set(re.findall(r"counter_(\d+)\.db", listing.decode()))


def test_a_worker_that_ends_takes_no_count_with_it_and_leaves_no_file(
    gateway: Project, proxy: httpx.Client, ask: Ask
) -> None:
    counted = 'litellm_requests_metric_total{api_key_alias="counted"}'
    instances = {labels["instance"]: value for labels, value in ask(counted)}
    worker = min(counting_workers(gateway, "litellm-1"))
    code, output = gateway.container("litellm-1").exec_run(["sh", "-c", f"kill -9 {worker}"])
    assert code == 0, output
    wait_until(lambda: 3 in {value for _, value in ask("gateway_worker_starts_total")}, 2 * MOST)
    assert worker not in counting_workers(gateway, "litellm-1")
    assert {labels["instance"]: value for labels, value in ask(counted)} == instances
    wait_until(lambda: send(proxy, 4) == [200] * 4)


def test_metrics_cannot_be_read_from_outside_with_any_key(gateway: Project, proxy: httpx.Client) -> None:
    for path in ("/metrics", "/metrics/", "/%6detrics"):
        assert proxy.get(path).status_code == 404
        assert httpx.get(f"{gateway.output('proxy_url')}{path}").status_code == 404
    published = [
        (container.labels["gateway.workload"], binding["HostIp"])
        for container in gateway.containers()
        for bindings in (container.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    ]
    assert sorted(published) == [("ingress", "127.0.0.1"), ("ingress", "127.0.0.1"), ("prometheus", "127.0.0.1")]


def test_nothing_fires_while_all_is_well(ask: Ask) -> None:
    wait_for_alerts(ask, rest=ALL, seconds=2 * MOST)


def test_a_provider_s_outage_fires_and_resolves(gateway: Project, proxy: httpx.Client, ask: Ask) -> None:
    provider = gateway.container("provider")
    provider.kill()
    try:
        # Each request takes as long as its retries do: callers go on asking.
        with callers(proxy):
            wait_for_alerts(ask, fire={"ProviderFailing", "ErrorsHigh"}, seconds=2 * MOST)
    finally:
        provider.start()
    wait_until(lambda: 200 in send(proxy, 4))
    wait_for_alerts(ask, rest={"ProviderFailing", "ErrorsHigh"}, seconds=2 * MOST)


def test_a_stopped_redis_fires_and_resolves(gateway: Project, ask: Ask) -> None:
    redis = gateway.container("redis")
    redis.stop()
    try:
        wait_for_alerts(ask, fire={"RedisDown"})
    finally:
        redis.start()
    wait_for_alerts(ask, rest={"RedisDown"})


def test_stopped_replicas_and_postgres_fire_and_resolve(gateway: Project, ask: Ask) -> None:
    postgres, first, second = map(gateway.container, ("postgres", "litellm-1", "litellm-2"))
    second.kill()
    try:
        wait_for_alerts(ask, fire={"ReplicaDown"}, rest={"NoReplica"})
        postgres.stop()
        # A replica without its database serves the keys that it knows.
        wait_for_alerts(ask, fire={"PostgresDown"}, rest={"NoReplica"})
        first.kill()
        wait_for_alerts(ask, fire={"NoReplica"})
    finally:
        for container in (postgres, first, second):
            container.start()
    wait_for_alerts(ask, rest={"PostgresDown", "NoReplica", "ReplicaDown"}, seconds=2 * MOST)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_every_query_of_the_dashboard_has_data(ask: Ask, panel: Panel) -> None:
    for query in panel.queries:
        # Alerts have resolved by now: what they were is asked of the past.
        assert ask(f"last_over_time(({query.expression.replace(WINDOW, '5m')})[5m:2s])"), query
