"""The two networks as policies."""

from dataclasses import replace

from components.engine.kubernetes.manifests.network_policies import clients_policy, network_policies
from components.engine.workload import Port
from tests.unit.components.cluster import METADATA, SELECTOR, labels
from tests.unit.components.workloads import SERVICE

POLICIES = network_policies(METADATA)
STACK = {"app.kubernetes.io/instance": "test"}
DATA, FRONT = ({**STACK, f"gateway.network.{name}": "true"} for name in ("data", "front"))


def test_nothing_passes_that_is_not_allowed() -> None:
    assert POLICIES["deny-all"] == {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "deny-all", "namespace": "gateway-test", "labels": labels("deny-all")},
        "spec": {"podSelector": {"matchLabels": STACK}, "policyTypes": ["Ingress", "Egress"]},
    }


def test_data_network_has_no_way_out() -> None:
    assert POLICIES["data"]["spec"] == {
        "podSelector": {"matchLabels": DATA},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": DATA}}]}],
        "egress": [{"to": [{"podSelector": {"matchLabels": DATA}}]}],
    }


def test_front_network_leads_anywhere_but_to_the_node_s_credentials() -> None:
    assert POLICIES["front"]["spec"] == {
        "podSelector": {"matchLabels": FRONT},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": FRONT}}]}],
        "egress": [
            {
                "to": [
                    {"podSelector": {"matchLabels": FRONT}},
                    {"namespaceSelector": {}},
                    {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}},
                    {"ipBlock": {"cidr": "::/0", "except": ["fe80::/10"]}},
                ]
            }
        ],
    }


def test_every_pod_may_ask_the_name_server() -> None:
    assert POLICIES["dns"]["spec"] == {
        "podSelector": {"matchLabels": STACK},
        "policyTypes": ["Egress"],
        "egress": [{"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}],
    }


def test_clients_reach_the_ports_of_the_edge_alone() -> None:
    ports = (Port(4000, 80, "127.0.0.1", "edge.proxy_port"), Port(4001, 4001, "127.0.0.1", "edge.health_port"))
    assert clients_policy(METADATA, replace(SERVICE, ports=ports))["spec"] == {
        "podSelector": {"matchLabels": SELECTOR},
        "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"protocol": "TCP", "port": 4000}, {"protocol": "TCP", "port": 4001}]}],
    }
