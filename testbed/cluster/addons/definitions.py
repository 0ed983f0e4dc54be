"""What a cluster has of others: kinds that no controller acts on, and names that stacks may refer to."""

from typing import Any

GATEWAYS = "gateways"
"""Namespace of the Gateway."""
GATEWAY, LISTENER, INGRESS_CLASS = "public", "https", "test"
CONTROLLER = "example.com/none"
GATEWAY_API, MONITORING_API = "gateway.networking.k8s.io", "monitoring.coreos.com"
KINDS = {
    "Gateway": (GATEWAY_API, "gateways"),
    "HTTPRoute": (GATEWAY_API, "httproutes"),
    "PrometheusRule": (MONITORING_API, "prometheusrules"),
    "ServiceMonitor": (MONITORING_API, "servicemonitors"),
}
"""Kind → API group and resource."""


def definitions() -> list[dict[str, Any]]:
    """Return the definitions of the kinds, which take every field."""
    return [
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            # The group's own definitions name the review that approved them.
            "metadata": {
                "name": f"{resource}.{group}",
                "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
            },
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": {"kind": kind, "plural": resource, "singular": kind.lower()},
                "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}],
            },
        }
        for kind, (group, resource) in KINDS.items()
    ]


ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
SCHEMA = {"type": "object", "properties": {"spec": ANYTHING, "status": ANYTHING}}


def objects() -> list[dict[str, Any]]:
    """Return an IngressClass, and a Gateway that takes routes of every namespace."""
    everybody = {"namespaces": {"from": "All"}}
    listener = {"name": LISTENER, "port": 443, "protocol": "HTTPS", "allowedRoutes": everybody}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": GATEWAYS}},
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": INGRESS_CLASS},
            "spec": {"controller": CONTROLLER},
        },
        {
            "apiVersion": f"{GATEWAY_API}/v1",
            "kind": "Gateway",
            "metadata": {"name": GATEWAY, "namespace": GATEWAYS},
            "spec": {"gatewayClassName": "none", "listeners": [listener]},
        },
    ]
