"""NetworkPolicies: the stack's two networks. Nothing passes that none of them allows.

They hold only where the cluster's network plugin enforces them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.engine.kubernetes.manifests.metadata import NETWORK_LABELS, Manifest, Metadata
from components.engine.kubernetes.manifests.service import unique
from components.engine.workload import Network, Service

DNS_PORT = 53
NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Every namespace has its name in it."""
LINK_LOCAL = {"0.0.0.0/0": ["169.254.0.0/16"], "::/0": ["fe80::/10"]}
"""All addresses → those that no pod may reach: a cloud's metadata service gives away the node's credentials."""


def network_policies(metadata: Metadata) -> dict[str, Manifest]:
    """Return the policies of every stack, by their names."""
    front: list[dict[str, Any]] = [
        {"namespaceSelector": {}},
        *({"ipBlock": {"cidr": cidr, "except": excepted}} for cidr, excepted in LINK_LOCAL.items()),
    ]
    dns = [{"protocol": protocol, "port": DNS_PORT} for protocol in ("UDP", "TCP")]
    return {
        "deny-all": _policy(metadata, "deny-all", metadata.all_pods()),
        "dns": _policy(metadata, "dns", metadata.all_pods(), egress=[{"ports": dns}]),
        "data": _network(metadata, Network.DATA),
        "front": _network(metadata, Network.FRONT, more=front),
    }


def clients_policy(metadata: Metadata, service: Service) -> Manifest:
    """Return the policy that lets clients in, to the ports of a service."""
    ports = [{"protocol": "TCP", "port": port.internal} for port in unique(service.ports)]
    return _policy(metadata, "clients", metadata.labels(service.name), ingress=[{"ports": ports}])


def namespaces_policy(metadata: Metadata, service: Service) -> Manifest:
    """Return the policy that lets pods of other namespaces in, to the ports of a service that other parts use."""
    names = {"key": NAMESPACE_LABEL, "operator": "In", "values": list(service.ingress_namespaces)}
    return ingress_policy(
        metadata, f"{service.name}-namespaces", service.name, {"matchExpressions": [names]}, service.listens
    )


def ingress_policy(
    metadata: Metadata, name: str, workload: str, namespaces: Mapping[str, Any], ports: Sequence[int]
) -> Manifest:
    """Return the policy that lets pods of some namespaces in, to ports of a workload.

    Args:
        metadata: the stack's.
        name: of the policy.
        workload: name of the workload.
        namespaces: selector of the namespaces; empty: all.
        ports: its ports.
    """
    rule = {
        "from": [{"namespaceSelector": dict(namespaces)}],
        "ports": [{"protocol": "TCP", "port": port} for port in ports],
    }
    return _policy(metadata, name, metadata.labels(workload), ingress=[rule])


def _network(metadata: Metadata, network: Network, more: list[dict[str, Any]] | None = None) -> Manifest:
    """Return the policy of one network: its pods reach each other; `more` is what else they reach."""
    members = {**metadata.all_pods(), NETWORK_LABELS[network]: "true"}
    among = {"podSelector": {"matchLabels": members}}
    ingress, egress = [{"from": [among]}], [{"to": [among, *(more or [])]}]
    return _policy(metadata, network.value, members, ingress=ingress, egress=egress)


def _policy(
    metadata: Metadata,
    name: str,
    members: dict[str, str],
    *,
    ingress: list[dict[str, Any]] | None = None,
    egress: list[dict[str, Any]] | None = None,
) -> Manifest:
    both = ingress is None and egress is None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata.of(name, name=name),
        "spec": {
            "podSelector": {"matchLabels": members},
            "policyTypes": [
                *(["Ingress"] if both or ingress is not None else []),
                *(["Egress"] if both or egress is not None else []),
            ],
            **({} if ingress is None else {"ingress": ingress}),
            **({} if egress is None else {"egress": egress}),
        },
    }
