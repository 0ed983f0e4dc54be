"""Prometheus counts what was sent, by every replica and worker."""

import re

import httpx
import pytest

from components.monitoring.litellm_metrics import LiteLLMMetrics
from testbed.container import must_run, run
from testbed.gateway import new_key
from testbed.project import Project
from tests.e2e.monitoring.callers import send
from tests.e2e.monitoring.prometheus import ALERT_SECONDS, EXPORTERS, Prometheus

REQUESTS = 60
OF = '{api_key_alias="counted"}'
REPLICAS = ("litellm-1", "litellm-2")
WORKERS = 2


@pytest.fixture(scope="module")
def counted(proxy: httpx.Client, prometheus: Prometheus) -> str:
    """The PromQL of the requests of one key, once Prometheus has counted them."""
    assert send(proxy, REQUESTS, new_key(proxy, "counted")) == [200] * REQUESTS
    expression = f"litellm_proxy_total_requests_metric_total{OF}"
    prometheus.wait(lambda: prometheus.total(expression) == REQUESTS)
    return expression


def test_prometheus_reads_the_metrics_of_every_part(prometheus: Prometheus) -> None:
    up = prometheus.query("up == 1")
    assert sorted(labels["job"] for labels, _ in up) == sorted([*EXPORTERS, "litellm"])
    for labels, _ in up:
        assert labels["instance"].endswith(f":{EXPORTERS[labels['job']]}")


@pytest.mark.usefixtures("counted")
def test_requests_tokens_latency_and_spend_are_what_was_sent(gateway: Project, prometheus: Prometheus) -> None:
    total = prometheus.total
    assert total(f'litellm_proxy_total_requests_metric_total{{status_code="200",{OF[1:]}') == REQUESTS
    assert total(f"litellm_request_total_latency_metric_count{OF}") == REQUESTS
    assert 0 < total(f"litellm_request_total_latency_metric_sum{OF}") < REQUESTS * 20
    logged = """select count(*), sum(s.spend), sum(s.total_tokens) from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = 'counted'"""
    prometheus.wait(lambda: gateway.sql(logged).startswith(f"{REQUESTS}|"))
    _, spend, tokens = gateway.sql(logged).split("|")
    counted_tokens = total(f"litellm_input_tokens_metric_total{OF}") + total(f"litellm_output_tokens_metric_total{OF}")
    assert counted_tokens == float(tokens) > 0
    assert total(f"litellm_spend_metric_total{OF}") == pytest.approx(float(spend))
    assert float(spend) > 0


def test_every_replica_and_worker_has_its_share(gateway: Project, prometheus: Prometheus, counted: str) -> None:
    shares = prometheus.query(f"sum by (instance) ({counted})")
    assert len([value for _, value in shares if value > 0]) == len(REPLICAS)
    for replica in REPLICAS:
        assert len(counting_workers(gateway, replica)) == WORKERS
    assert min(value for _, value in prometheus.query("gateway_worker_starts_total")) >= WORKERS


@pytest.mark.usefixtures("counted")
def test_labels_that_callers_choose_make_no_series(prometheus: Prometheus) -> None:
    assert prometheus.query('count({job="litellm",requested_model!=""})')
    for label in ("client_ip", "user_agent"):
        assert prometheus.query(f'{{job="litellm",{label}!=""}}') == []


@pytest.mark.usefixtures("counted")
def test_requests_are_counted_in_the_chosen_metrics_alone(prometheus: Prometheus) -> None:
    of_keys = prometheus.query(f"count by (__name__) ({{__name__=~'litellm_.+', {OF[1:]})")
    found = {re.sub("_(total|created|bucket|sum|count)$", "", labels["__name__"]) for labels, _ in of_keys}
    assert found
    assert found <= set(LiteLLMMetrics.DASHBOARD.names)


def test_limits_of_a_key_are_counted_from_its_first_request_on(proxy: httpx.Client, prometheus: Prometheus) -> None:
    limit = 1000
    assert send(proxy, 1, new_key(proxy, "limited", rpm_limit=limit)) == [200]
    of_key = '{api_key_alias="limited", rate_limit_type="requests"}'
    prometheus.wait(lambda: prometheus.total(f"litellm_api_key_rate_limit_allowed_metric{of_key}") == limit)
    assert prometheus.total(f"litellm_api_key_rate_limit_used_metric{of_key}") == 1


def test_callers_without_a_valid_key_make_no_series_of_deployments(proxy: httpx.Client, prometheus: Prometheus) -> None:
    refused = 'litellm_proxy_total_requests_metric_total{status_code="401"}'
    before = prometheus.total(refused)
    for key in ("sk-nobody", "nonsense"):
        assert send(proxy, 2, key) == [401] * 2
    prometheus.wait(lambda: prometheus.total(refused) == before + 4)
    assert (
        prometheus.query('litellm_deployment_failure_responses_total{exception_status="401",litellm_model_name=""}')
        == []
    )


def counting_workers(gateway: Project, replica: str) -> set[str]:
    """Return the process ids of the workers that have a file of counters."""
    listing = must_run(gateway.container(replica), "ls", "/tmp/metrics")  # noqa: S108 - in the container
    return set(re.findall(r"counter_(\d+)\.db", listing))


def test_a_killed_worker_loses_no_count_and_leaves_no_file(
    gateway: Project, proxy: httpx.Client, prometheus: Prometheus, counted: str
) -> None:
    before = by_instance(prometheus, counted)
    starts = prometheus.total("gateway_worker_starts_total")
    worker = min(counting_workers(gateway, "litellm-1"))
    exit_code, output = run(gateway.container("litellm-1"), "sh", "-c", f"kill -9 {worker}")
    assert exit_code == 0, output
    prometheus.wait(lambda: prometheus.total("gateway_worker_starts_total") == starts + 1, 2 * ALERT_SECONDS)
    assert worker not in counting_workers(gateway, "litellm-1")
    assert by_instance(prometheus, counted) == before
    prometheus.wait(lambda: send(proxy, 4) == [200] * 4)


def by_instance(prometheus: Prometheus, expression: str) -> dict[str, float]:
    """Return an expression's values by replica."""
    return {labels["instance"]: value for labels, value in prometheus.query(expression)}


def test_metrics_cannot_be_read_from_outside_with_any_key(gateway: Project, proxy: httpx.Client) -> None:
    url = gateway.output("proxy_url")
    for path in ("/metrics", "/metrics/", "/%6detrics"):
        assert proxy.get(path).status_code == 404
        assert httpx.get(f"{url}{path}").status_code == 404
    published = [
        (container.labels["gateway.workload"], binding["HostIp"])
        for container in gateway.containers()
        for bindings in (container.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    ]
    assert sorted(published) == [("ingress", "127.0.0.1"), ("ingress", "127.0.0.1"), ("prometheus", "127.0.0.1")]
