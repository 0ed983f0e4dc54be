"""Ingresses and HTTPRoutes."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.kubernetes.addons.routes import http_route, ingress, routes
from components.engine.kubernetes.addons.settings import GatewayRouteSettings, IngressSettings
from components.engine.kubernetes.manifests.metadata import Manifest
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.workload import Port
from tests.unit.components.cluster import METADATA, labels
from tests.unit.components.workloads import SERVICE

EDGE = replace(
    SERVICE,
    name="edge",
    ports=(
        Port(4000, 8000, "127.0.0.1", "edge.proxy_port"),
        Port(4000, 8000, "::1", "edge.proxy_port"),
        Port(4001, 4001, "127.0.0.1", "edge.health_port"),
    ),
)
HOST = "llm.example.com"


def ingress_of(**settings: Any) -> Manifest:
    return ingress(METADATA, EDGE, IngressSettings(host=HOST, **settings))


def route_of(**settings: Any) -> Manifest:
    return http_route(METADATA, EDGE, GatewayRouteSettings(gateway="public", namespace="gateways", **settings))


def test_ingress_leads_a_host_to_the_proxy() -> None:
    made = ingress_of(class_name="nginx", tls_secret_name="llm-tls", annotations={"nginx/read-timeout": "3600"})
    assert made == {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {
            "name": "gateway",
            "namespace": "gateway-test",
            "labels": labels("edge"),
            "annotations": {"nginx/read-timeout": "3600", "pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "ingressClassName": "nginx",
            "tls": [{"hosts": [HOST], "secretName": "llm-tls"}],
            "rules": [
                {
                    "host": HOST,
                    "http": {
                        "paths": [
                            {
                                "path": "/",
                                "pathType": "Prefix",
                                "backend": {"service": {"name": "gateway", "port": {"name": "proxy"}}},
                            }
                        ]
                    },
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("settings", "tls"), [({}, [{"hosts": [HOST]}]), ({"tls": False}, None)], ids=["the controller's", "none"]
)
def test_ingress_without_a_secret_shows_the_controller_s_certificate(
    settings: dict[str, Any], tls: list[Any] | None
) -> None:
    spec = ingress_of(**settings)["spec"]
    assert spec.get("tls") == tls
    assert "ingressClassName" not in spec


def test_route_leads_the_gateway_s_clients_to_the_proxy_without_a_limit() -> None:
    assert route_of(section_name="https", hostnames=(HOST,)) == {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {
            "name": "gateway",
            "namespace": "gateway-test",
            "labels": labels("edge"),
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
            "hostnames": [HOST],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [{"name": "gateway", "port": 8000}],
                    "timeouts": {"request": "0s", "backendRequest": "0s"},
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("timeout", "limits"), [(900, {"request": "900s", "backendRequest": "900s"}), (None, None)], ids=["own", "none"]
)
def test_route_has_the_limits_that_are_set(timeout: int | None, limits: dict[str, str] | None) -> None:
    spec = route_of(timeout=timeout)["spec"]
    assert spec["rules"][0].get("timeouts") == limits
    assert "hostnames" not in spec


def test_both_stand_beside_each_other() -> None:
    given = {"ingress": {"host": HOST}, "gateway_route": {"gateway": "public", "namespace": "gateways"}}
    settings = KubernetesSettings.model_validate({"context": "test", **given})
    assert list(routes(METADATA, EDGE, settings)) == ["edge-ingress", "edge-route"]
    assert routes(METADATA, EDGE, KubernetesSettings(context="test")) == {}
