"""A stack that hands its Service, metrics and alert rules to what others run on a real cluster."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from components.engine.metrics import ScrapeJob
from components.monitoring.jobs import jobs
from testbed.cluster.addons import definitions as addons
from testbed.cluster.cluster import Cluster
from testbed.cluster.configuration import proxy_url, watched
from testbed.completion import status
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.pods import START_SECONDS

HOST = "llm.example.com"
JOBS = jobs(with_redis=True, with_tls=False, behind_ingress=False)
RESOURCES = "ingresses,httproutes,servicemonitors,prometheusrules"
ROUTES = {
    "ingress": {
        "host": HOST,
        "class_name": addons.INGRESS_CLASS,
        "annotations": {"example.com/read-timeout": "14400"},
    },
    "gateway_route": {
        "gateway": addons.GATEWAY,
        "namespace": addons.GATEWAYS,
        "section_name": addons.LISTENER,
        "hostnames": [HOST],
    },
}


@pytest.fixture(scope="module")
def beside(nodes: Cluster) -> Iterator[None]:
    """The kinds of an Ingress controller, a Gateway and the Prometheus operator, without their controllers."""
    kinds = [f"crd/{each['metadata']['name']}" for each in addons.definitions()]
    nodes.apply(addons.definitions())
    nodes.kubectl("wait", "--for=condition=Established", "--timeout=60s", *kinds)
    nodes.apply(addons.objects())
    yield
    nodes.kubectl("delete", *kinds)
    nodes.kubectl("delete", f"namespace/{addons.GATEWAYS}", f"ingressclass/{addons.INGRESS_CLASS}")


@pytest.fixture(scope="module")
def handed(gateway: Project, nodes: Cluster, beside: None) -> Iterator[Project]:
    """The stack with all of them; afterwards it has none."""
    config = watched(gateway.config)
    settings = {
        "gateway:monitoring": config["gateway:monitoring"],
        "gateway:kubernetes": config["gateway:kubernetes"] | ROUTES,
        "gateway:edge.trusted_proxies": ["10.0.0.0/8"],
    }
    with gateway.changed(settings):
        yield gateway
    assert list_of(nodes, RESOURCES) == []
    gateway.expect_no_changes()


def list_of(nodes: Cluster, resources: str) -> list[dict[str, Any]]:
    """Return the objects of the stack's namespace."""
    found: list[dict[str, Any]] = json.loads(nodes.kubectl("-n", NAMESPACE, "get", resources, "-o", "json"))["items"]
    return found


def spec(nodes: Cluster, name: str) -> dict[str, Any]:
    """Return what an object wants."""
    found: dict[str, Any] = json.loads(nodes.kubectl("-n", NAMESPACE, "get", name, "-o", "json"))["spec"]
    return found


def test_ingress_leads_its_host_to_the_service(handed: Project, nodes: Cluster) -> None:
    found = spec(nodes, "ingress/gateway")
    (rule,) = found["rules"]
    (path,) = rule["http"]["paths"]
    assert (rule["host"], path["path"], path["backend"]["service"]) == (
        HOST,
        "/",
        {"name": "gateway", "port": {"name": "proxy"}},
    )
    assert (found["ingressClassName"], found["tls"]) == (addons.INGRESS_CLASS, [{"hosts": [HOST]}])
    assert handed.output("proxy_url") == f"https://{HOST}"
    assert status(proxy_url(), handed.output("master_key")) == 200


@pytest.mark.usefixtures("handed")
def test_route_leads_the_gateway_s_clients_to_the_service(nodes: Cluster) -> None:
    found = spec(nodes, "httproute/gateway")
    (rule,) = found["rules"]
    parent = {"name": addons.GATEWAY, "namespace": addons.GATEWAYS, "sectionName": addons.LISTENER}
    assert (found["parentRefs"], found["hostnames"]) == ([parent], [HOST])
    assert rule["backendRefs"] == [{"name": "gateway", "port": 4000}]
    assert rule["timeouts"] == {"request": "0s", "backendRequest": "0s"}


@pytest.mark.usefixtures("handed")
def test_every_job_has_a_monitor_and_the_stack_no_prometheus(nodes: Cluster) -> None:
    monitors = {each["metadata"]["name"]: each for each in list_of(nodes, "servicemonitors")}
    assert monitors.keys() == {f"{job.name}-metrics" for job in JOBS}
    assert {each["metadata"]["labels"]["release"] for each in monitors.values()} == {"test"}
    workloads = {each["metadata"]["name"] for each in list_of(nodes, "statefulsets,deployments")}
    assert {"postgres-exporter", "redis-exporter"} <= workloads
    assert not {"prometheus", "grafana"} & workloads


@pytest.mark.usefixtures("handed")
@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_metrics_are_answered_at_the_monitored_service(nodes: Cluster, job: ScrapeJob) -> None:
    query = urlencode(job.parameters, doseq=True)
    url = f"http://{job.name}-metrics:{job.port}{job.path}?{query}"
    program = f"import urllib.request; print(urllib.request.urlopen({url!r}, timeout=30).read().decode())"
    command = ("-n", NAMESPACE, "exec", "deployment/provider", "--", "sh", "-c", 'python3 -c "$0" || true', program)
    # A pod that ends is asked too, until it is gone.
    wait_until(lambda: "# TYPE" in nodes.kubectl(*command), START_SECONDS)


def monitored(nodes: Cluster) -> dict[str, tuple[list[str], int]]:
    """Return the ports and the number of pods of each monitored Service, by job."""
    selector = "kubernetes.io/service-name={}-metrics"
    found = {}
    for job in JOBS:
        listed = nodes.kubectl("-n", NAMESPACE, "get", "endpointslices", "-l", selector.format(job.name), "-o", "json")
        (each,) = json.loads(listed)["items"]
        found[job.name] = [port["name"] for port in each["ports"]], len(each["endpoints"])
    return found


@pytest.mark.usefixtures("handed")
def test_monitored_services_have_every_pod(nodes: Cluster) -> None:
    one, two = (["metrics"], 1), (["metrics"], 2)
    # Pods that finish their requests are among them until they end.
    wait_until(lambda: monitored(nodes) == {"litellm": two, "edge": two, "postgres": one, "redis": one}, START_SECONDS)


@pytest.mark.usefixtures("handed")
def test_rules_ask_for_this_namespace_alone(nodes: Cluster) -> None:
    (group,) = spec(nodes, "prometheusrule/gateway")["groups"]
    rules = {rule["alert"]: rule for rule in group["rules"]}
    assert rules["EdgeDown"]["expr"] == f'up{{job="edge",namespace="{NAMESPACE}"}} == 0'
    assert {rule["labels"]["namespace"] for rule in rules.values()} == {NAMESPACE}


def test_preview_without_a_change_is_empty(handed: Project) -> None:
    handed.expect_no_changes()


def test_changes_by_hand_are_found_and_repaired(handed: Project, nodes: Cluster) -> None:
    there = ("-n", NAMESPACE)
    other = [{"op": "replace", "path": "/spec/rules/0/host", "value": "other.example.com"}]
    nodes.kubectl(*there, "patch", "ingress/gateway", "--type=json", "-p", json.dumps(other))
    nodes.kubectl(*there, "delete", "servicemonitor/edge-metrics")
    result = handed.ops("drift", handed.stack, "--json")
    drifts = json.loads(result.output[result.output.index("[") :])
    found = {(each["resource"], each["what"]) for each in drifts}
    assert found == {("edge-ingress", "spec.rules[0].host"), ("edge-monitor", "object")}
    told = handed.ops("recover", handed.stack, "--yes")
    # No controller leads clients of that host to the gateway.
    assert f"did not answer through https://{HOST}" in told.output
    assert spec(nodes, "ingress/gateway")["rules"][0]["host"] == HOST
    assert "edge-metrics" in {each["metadata"]["name"] for each in list_of(nodes, "servicemonitors")}
    handed.expect_no_changes()


@pytest.mark.usefixtures("beside")
def test_names_that_the_cluster_does_not_have_are_refused(gateway: Project) -> None:
    missing = {
        "gateway:kubernetes.ingress": {"host": HOST, "class_name": "nginx"},
        "gateway:kubernetes.gateway_route": {"gateway": "private", "namespace": addons.GATEWAYS},
    }
    with gateway.configured(missing):
        preview = gateway.pulumi("preview")
    assert preview.exit_code != 0
    known = f"it has {addons.INGRESS_CLASS}"
    assert f"kubernetes.ingress.class_name: the cluster has no IngressClass nginx; {known}" in preview.output
    refused = f"kubernetes.gateway_route.gateway: {addons.GATEWAYS} has no private; it has {addons.GATEWAY}"
    assert refused in preview.output
