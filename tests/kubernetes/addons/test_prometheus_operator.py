"""A stack whose metrics and alert rules are those of a real Prometheus operator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components.monitoring.jobs import jobs
from testbed.cluster.addons import keda, prometheus_operator
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import RELEASE, proxy_url, watched
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.addons.test_autoscaling import (
    AUTOSCALING,
    CALLERS,
    LEAST,
    MOST,
    MOST_SECONDS,
    OFTEN,
    PROVIDER_SECONDS,
)
from tests.kubernetes.clients import Clients
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.objects import drift, objects, spec
from tests.kubernetes.pods import START_SECONDS, places, set_provider

JOBS = jobs(with_redis=True, with_tls=False, behind_ingress=False)
PODS = {"edge": 2, "litellm": 2, "postgres": 1, "redis": 1}
"""Of each job."""


@pytest.fixture(scope="module")
def operator(nodes: Cluster) -> Iterator[None]:
    """The operator, and a Prometheus that takes what has the label of its release."""
    prometheus_operator.install(nodes, RELEASE)
    yield
    prometheus_operator.remove(nodes)


@pytest.fixture(scope="module")
def handed(gateway: Project, nodes: Cluster, operator: None) -> Iterator[Project]:
    """The stack without a Prometheus of its own; afterwards the operator has nothing of it."""
    config = watched(gateway.config)
    with gateway.changed({key: config[key] for key in ("gateway:monitoring", "gateway:kubernetes")}):
        yield gateway
    assert objects(nodes, "servicemonitors,prometheusrules") == []
    gateway.expect_no_changes()


def up(nodes: Cluster) -> dict[str, int]:
    """Return how many targets of each job the operator's Prometheus reads."""
    query = f'sum by (job) (up{{namespace="{NAMESPACE}"}} == 1)'
    answer = prometheus_operator.ask(nodes, "query", query=query)
    return {each["metric"]["job"]: int(each["value"][1]) for each in (answer or {}).get("result", [])}


def rules(nodes: Cluster) -> dict[str, dict[str, Any]]:
    """Return the alert rules that the operator's Prometheus judges, by their names."""
    answer = prometheus_operator.ask(nodes, "rules") or {}
    return {rule["name"]: rule for group in answer.get("groups", []) for rule in group["rules"]}


@pytest.mark.usefixtures("handed")
def test_every_job_has_a_monitor_and_the_stack_no_prometheus(nodes: Cluster) -> None:
    monitors = {each["metadata"]["name"]: each for each in objects(nodes, "servicemonitors")}
    assert monitors.keys() == {f"{job.name}-metrics" for job in JOBS}
    assert [RELEASE.items() <= each["metadata"]["labels"].items() for each in monitors.values()] == [True] * len(JOBS)
    workloads = {each["metadata"]["name"] for each in objects(nodes, "statefulsets,deployments")}
    assert {"postgres-exporter", "redis-exporter"} <= workloads
    assert not {"prometheus", "grafana"} & workloads


@pytest.mark.usefixtures("handed")
def test_operator_s_prometheus_reads_every_pod(nodes: Cluster) -> None:
    wait_until(lambda: up(nodes) == PODS, START_SECONDS)


@pytest.mark.usefixtures("handed")
def test_operator_s_prometheus_judges_every_rule_and_none_fires(nodes: Cluster) -> None:
    wait_until(lambda: up(nodes) == PODS, START_SECONDS)
    (group,) = spec(nodes, "prometheusrule/gateway")["groups"]
    wanted = {rule["alert"] for rule in group["rules"]}
    wait_until(lambda: rules(nodes).keys() == wanted, START_SECONDS)
    wait_until(lambda: {rule["health"] for rule in rules(nodes).values()} == {"ok"}, START_SECONDS)
    assert {name for name, rule in rules(nodes).items() if rule["state"] == "firing"} == set()


@pytest.mark.usefixtures("handed")
def test_rules_ask_for_this_namespace_alone(nodes: Cluster) -> None:
    (group,) = spec(nodes, "prometheusrule/gateway")["groups"]
    wanted = {rule["alert"]: rule for rule in group["rules"]}
    assert wanted["EdgeDown"]["expr"] == f'up{{job="edge",namespace="{NAMESPACE}"}} == 0'
    assert {rule["labels"]["namespace"] for rule in wanted.values()} == {NAMESPACE}


def test_preview_without_a_change_is_empty(handed: Project) -> None:
    handed.expect_no_changes()


def test_changes_by_hand_are_found_and_repaired(handed: Project, nodes: Cluster) -> None:
    other = [{"op": "replace", "path": "/spec/groups/0/rules/0/expr", "value": "vector(0) > 1"}]
    nodes.kubectl("-n", NAMESPACE, "patch", "prometheusrule/gateway", "--type=json", "-p", json.dumps(other))
    nodes.kubectl("-n", NAMESPACE, "delete", "servicemonitor/edge-metrics")
    assert drift(handed).keys() == {("alert-rules", "spec.groups.gateway.rules[0].expr"), ("edge-monitor", "object")}
    handed.must_ops("recover", "--yes")
    assert "edge-metrics" in {each["metadata"]["name"] for each in objects(nodes, "servicemonitors")}
    handed.expect_no_changes()


def test_replicas_follow_what_the_operator_s_prometheus_says(handed: Project, nodes: Cluster) -> None:
    keda.install(nodes)
    scaling = AUTOSCALING | {"prometheus_url": prometheus_operator.URL}
    monitoring = handed.config["gateway:monitoring"] | OFTEN
    with handed.changed({"gateway:kubernetes.autoscaling": scaling, "gateway:monitoring": monitoring}):
        set_provider(nodes, 1000 * PROVIDER_SECONDS)
        with Clients(proxy_url(), handed.output("master_key"), CALLERS) as crowd:
            wait_until(lambda: len(places(nodes, "litellm")) == MOST, MOST_SECONDS)
        set_provider(nodes, 0)
    crowd.figure(f"{LEAST} to {MOST} replicas by KEDA and the Prometheus operator")
    assert crowd.failures == []
