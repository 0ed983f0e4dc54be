"""Services."""

from dataclasses import replace
from typing import Any

import pytest

from components.engine.kubernetes.manifests.service import clients, cluster_ip, headless
from components.engine.kubernetes.settings import ServiceSettings, ServiceType
from components.engine.workload import Port, Probe, TcpSocket
from tests.unit.components.cluster import LABELS, METADATA, SELECTOR
from tests.unit.components.workloads import SERVICE

NOT_AWAITED = {"pulumi.com/skipAwait": "true"}
EDGE = replace(
    SERVICE,
    ports=(
        Port(4000, 80, "127.0.0.1", "edge.proxy_port"),
        Port(4000, 80, "::1", "edge.proxy_port"),
        Port(4001, 4001, "127.0.0.1", "edge.health_port"),
    ),
)


def test_alias_stands_for_every_pod() -> None:
    assert headless(METADATA, SERVICE) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "gateway-test", "labels": LABELS, "annotations": NOT_AWAITED},
        "spec": {
            "selector": SELECTOR,
            "type": "ClusterIP",
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
        },
    }


def test_alias_stands_for_pods_that_are_found_alone() -> None:
    found = headless(METADATA, replace(SERVICE, discovery=Probe(TcpSocket(80))))
    assert found["spec"]["publishNotReadyAddresses"] is False


def test_single_server_has_an_address_that_stays() -> None:
    assert cluster_ip(METADATA, replace(SERVICE, listens=(5432,))) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "gateway-test", "labels": LABELS, "annotations": NOT_AWAITED},
        "spec": {
            "selector": SELECTOR,
            "type": "ClusterIP",
            "ports": [{"name": "port-5432", "port": 5432, "targetPort": 5432, "protocol": "TCP"}],
        },
    }


def test_clients_connect_by_a_balancer_that_keeps_their_address() -> None:
    settings = ServiceSettings(
        annotations={"cloud/scheme": "internal"}, load_balancer_class="own", source_ranges=("10.0.0.0/8",)
    )
    assert clients(METADATA, EDGE, settings) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "gateway",
            "namespace": "gateway-test",
            "labels": LABELS,
            "annotations": {"cloud/scheme": "internal"},
        },
        "spec": {
            "selector": SELECTOR,
            "type": "LoadBalancer",
            "externalTrafficPolicy": "Local",
            "loadBalancerClass": "own",
            "loadBalancerSourceRanges": ["10.0.0.0/8"],
            "ports": [
                {"name": "proxy", "port": 80, "targetPort": 4000, "protocol": "TCP"},
                {"name": "health", "port": 4001, "targetPort": 4001, "protocol": "TCP"},
            ],
        },
    }


@pytest.mark.parametrize(
    ("settings", "spec"),
    [
        (
            ServiceSettings(type=ServiceType.NODE_PORT, node_ports={"proxy": 30400}),
            {
                "type": "NodePort",
                "externalTrafficPolicy": "Local",
                "ports": [
                    {"name": "proxy", "port": 80, "targetPort": 4000, "protocol": "TCP", "nodePort": 30400},
                    {"name": "health", "port": 4001, "targetPort": 4001, "protocol": "TCP"},
                ],
            },
        ),
        (
            ServiceSettings(type=ServiceType.CLUSTER_IP),
            {
                "type": "ClusterIP",
                "ports": [
                    {"name": "proxy", "port": 80, "targetPort": 4000, "protocol": "TCP"},
                    {"name": "health", "port": 4001, "targetPort": 4001, "protocol": "TCP"},
                ],
            },
        ),
    ],
    ids=["node-port", "cluster-ip"],
)
def test_service_without_a_balancer_is_not_waited_for(settings: ServiceSettings, spec: dict[str, Any]) -> None:
    found = clients(METADATA, EDGE, settings)
    assert found["spec"] == {"selector": SELECTOR, **spec}
    assert found["metadata"]["annotations"] == NOT_AWAITED
