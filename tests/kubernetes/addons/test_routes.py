"""A stack that clients reach by an Ingress and by a Gateway's HTTPRoute, with a real Traefik in front of both."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from testbed.certificates import Authority
from testbed.cluster.addons import traefik
from testbed.cluster.cluster import Cluster
from testbed.cluster.network import ADDRESS, node_address, pod_subnet
from testbed.completion import CHAT, question
from testbed.host_names import resolved
from testbed.project import Project
from testbed.wait import wait_until
from tests.kubernetes.clients import LONG_STREAMS, STREAM_SECONDS, STREAMS, Clients, Streams
from tests.kubernetes.conftest import NAMESPACE
from tests.kubernetes.objects import drift, objects, spec
from tests.kubernetes.pods import START_SECONDS, sql

INGRESS, ROUTE = "llm.example.com", "api.example.com"
"""Host names."""
WAYS = {"an Ingress": INGRESS, "an HTTPRoute": ROUTE}
SERVED = dict.fromkeys(WAYS, httpx.codes.OK)
SECRET = "llm-example-com"
ROUTES = {
    "gateway:kubernetes.ingress": {
        "host": INGRESS,
        "class_name": traefik.CLASS,
        "tls_secret_name": SECRET,
        "annotations": {"example.com/owner": "platform"},
    },
    "gateway:kubernetes.gateway_route": {
        "gateway": traefik.GATEWAY,
        "namespace": traefik.GATEWAYS,
        "section_name": traefik.LISTENER,
        "hostnames": [ROUTE],
    },
    # Where Traefik comes from: its node, to pods elsewhere and to those beside it.
    "gateway:edge.trusted_proxies": [f"{node_address(1)}/32", pod_subnet(1)],
}
UPDATES = {"configuration": ("gateway:litellm.config.num_retries", 4), "edge": ("gateway:edge.queue_length", 60)}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Who signs the certificates. Clients of this process trust it."""
    made = Authority()
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    file.write_text(made.certificate)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield made


@pytest.fixture(scope="module")
def controller(nodes: Cluster, authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Traefik, with a Gateway; the host names lead to it."""
    traefik.install(nodes, *authority.issue(ROUTE))
    with resolved(dict.fromkeys((INGRESS, ROUTE), node_address(1)), tmp_path_factory.mktemp("hosts")):
        yield
    traefik.remove(nodes)


@pytest.fixture(scope="module")
def routed(gateway: Project, nodes: Cluster, authority: Authority, controller: None) -> Iterator[Project]:
    """The stack with both; afterwards it has none."""
    nodes.apply([traefik.secret(SECRET, NAMESPACE, *authority.issue(INGRESS))])
    with gateway.changed({**ROUTES, **LONG_STREAMS}):
        wait_until(lambda: statuses(gateway) == SERVED, 60)
        yield gateway
    nodes.kubectl("-n", NAMESPACE, "delete", "secret", SECRET)
    assert objects(nodes, "ingresses,httproutes") == []
    gateway.expect_no_changes()


def model_status(gateway: Project, host: str) -> int | str:
    """Ask a host for the models; return the answer's status, or why there is none."""
    headers = {"Authorization": f"Bearer {gateway.output('master_key')}"}
    try:
        return httpx.get(f"https://{host}/v1/models", headers=headers, timeout=30).status_code
    except httpx.TransportError as error:
        # Traefik has a certificate of its own until it knows the Ingress.
        return repr(error)


def statuses(gateway: Project) -> dict[str, int | str]:
    """Return what each way answers."""
    return {way: model_status(gateway, host) for way, host in WAYS.items()}


def trusting() -> dict[str, str]:
    """Return the environment of commands that trust the certificates."""
    return {"SSL_CERT_FILE": os.environ["SSL_CERT_FILE"]}


@pytest.mark.usefixtures("routed")
def test_ingress_leads_its_host_to_the_service(nodes: Cluster) -> None:
    found = spec(nodes, "ingress/gateway")
    (rule,) = found["rules"]
    (path,) = rule["http"]["paths"]
    wanted = {"name": "gateway", "port": {"name": "proxy"}}
    assert (rule["host"], path["path"], path["backend"]["service"]) == (INGRESS, "/", wanted)
    assert found["ingressClassName"] == traefik.CLASS
    assert found["tls"] == [{"hosts": [INGRESS], "secretName": SECRET}]


@pytest.mark.usefixtures("routed")
def test_route_leads_the_gateway_s_clients_to_the_service(nodes: Cluster) -> None:
    found = spec(nodes, "httproute/gateway")
    ((parent,), (rule,)) = found["parentRefs"], found["rules"]
    place = {"name": traefik.GATEWAY, "namespace": traefik.GATEWAYS, "sectionName": traefik.LISTENER}
    # The API's definition adds the group and the kind of a Gateway, and the weight of a backend.
    assert place.items() <= parent.items()
    assert found["hostnames"] == [ROUTE]
    assert [{"name": "gateway", "port": 4000}.items() <= each.items() for each in rule["backendRefs"]] == [True]
    assert rule["timeouts"] == {"request": "0s", "backendRequest": "0s"}


def test_update_and_health_ask_through_the_ingress(routed: Project) -> None:
    assert routed.output("proxy_url") == f"https://{INGRESS}"
    told = routed.ops("up", routed.stack, environment=trusting())
    assert told.exit_code == 0, told.output
    assert f"is up: https://{INGRESS}" in told.output
    assert " answered " in told.output
    healthy = routed.ops("health", routed.stack, environment=trusting())
    assert healthy.exit_code == 0, healthy.output


@pytest.mark.parametrize("host", WAYS.values(), ids=WAYS)
def test_client_s_own_address_is_known(routed: Project, nodes: Cluster, host: str) -> None:
    url, master = f"https://{host}", {"Authorization": f"Bearer {routed.output('master_key')}"}
    made = httpx.post(f"{url}/key/generate", json={"key_alias": host}, headers=master, timeout=60)
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    assert httpx.post(f"{url}{CHAT}", json=question(), headers=key, timeout=60).status_code == httpx.codes.OK
    logged = f"""select s.requester_ip_address from "LiteLLM_SpendLogs" s
        join "LiteLLM_VerificationToken" t on s.api_key = t.token where t.key_alias = '{host}'"""
    wait_until(lambda: sql(nodes, logged), START_SECONDS, pause=2)
    assert sql(nodes, logged) == [ADDRESS]


@pytest.mark.parametrize("update", UPDATES)
def test_update_behind_a_controller_loses_no_request_and_no_stream(routed: Project, update: str) -> None:
    key, (setting, value) = routed.output("master_key"), UPDATES[update]
    clients = {way: Clients(f"https://{host}", key, 2) for way, host in WAYS.items()}
    streams = {way: Streams(f"https://{host}", key) for way, host in WAYS.items()}
    with ExitStack() as load:
        for way in WAYS:
            load.enter_context(clients[way])
            load.enter_context(streams[way])
        time.sleep(STREAM_SECONDS / 2)
        with routed.changed({setting: value}):
            pass
    for way, found in clients.items():
        text = f"{len(streams[way].results)} streams of a minute, {len(streams[way].broken)} of them cut"
        found.figure(f"{update} changed behind {way} of Traefik", text=text)
    assert {way: found.failures for way, found in clients.items() if found.failures} == {}
    assert {way: found.broken for way, found in streams.items() if found.broken} == {}
    assert min(len(found.results) for found in streams.values()) >= STREAMS


def test_preview_without_a_change_is_empty(routed: Project) -> None:
    routed.expect_no_changes()


def test_changes_by_hand_are_found_and_repaired(routed: Project, nodes: Cluster) -> None:
    other = [{"op": "replace", "path": "/spec/rules/0/host", "value": "other.example.com"}]
    nodes.kubectl("-n", NAMESPACE, "patch", "ingress/gateway", "--type=json", "-p", json.dumps(other))
    nodes.kubectl("-n", NAMESPACE, "delete", "httproute/gateway")
    wait_until(lambda: model_status(routed, INGRESS) == httpx.codes.NOT_FOUND, 60)
    assert drift(routed).keys() == {("edge-ingress", "spec.rules[0].host"), ("edge-route", "object")}
    told = routed.ops("recover", routed.stack, "--yes", environment=trusting())
    assert told.exit_code == 0, told.output
    assert spec(nodes, "ingress/gateway")["rules"][0]["host"] == INGRESS
    wait_until(lambda: statuses(routed) == SERVED, 60)
    routed.expect_no_changes()


@pytest.mark.usefixtures("controller")
def test_names_that_the_cluster_does_not_have_are_refused(gateway: Project) -> None:
    missing = {
        "gateway:kubernetes.ingress": {"host": INGRESS, "class_name": "nginx", "tls_secret_name": "absent"},
        "gateway:kubernetes.gateway_route": {"gateway": "private", "namespace": traefik.GATEWAYS},
    }
    with gateway.configured(missing):
        preview = gateway.pulumi("preview")
    assert preview.exit_code != 0
    known = f"it has {traefik.CLASS}"
    assert f"kubernetes.ingress.class_name: the cluster has no IngressClass nginx; {known}" in preview.output
    assert "kubernetes.ingress.tls_secret_name: " in preview.output
    refused = f"kubernetes.gateway_route.gateway: {traefik.GATEWAYS} has no private; it has {traefik.GATEWAY}"
    assert refused in preview.output
