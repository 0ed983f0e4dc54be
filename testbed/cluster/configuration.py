"""Configurations of stacks on the test cluster."""

from typing import Any

from components.stack.parts import image_names
from components.stack.settings import Settings
from testbed.cluster.cluster import CONTEXT, Cluster
from testbed.cluster.network import node_address
from testbed.configuration import read

PROXY_PORT, HEALTH_PORT = 30400, 30401
REPLICAS = {"replicas": 2, "memory_mib": 2048, "startup_timeout": 400}
"""An update starts two more beside them, on a machine that is three nodes."""
RELEASE = {"release": "test"}
"""The label by which a Prometheus of the Prometheus operator chooses what is its."""


def on_cluster(cluster: Cluster, namespace: str, **litellm: Any) -> dict[str, Any]:
    """Return the configuration of a stack with the mock provider; `litellm` are changes of its replicas."""
    config = read("dev")
    return config | {
        "gateway:engine": "kubernetes",
        "gateway:kubernetes": {
            "kubeconfig": str(cluster.kubeconfig),
            "context": CONTEXT,
            "namespace": namespace,
            "dns_ttl": 2,
            "image_pull_timeout": 30,
            "deregistration_delay": 3,
            "volumes_gib": {"postgres-data": 1, "redis-data": 1, "backups": 1},
            "service": {
                "type": "NodePort",
                "node_ports": {"proxy": PROXY_PORT, "health": HEALTH_PORT},
                # No balancer leads clients to the nodes that run an edge.
                "external_traffic_policy": "Cluster",
            },
        },
        "gateway:litellm": config["gateway:litellm"] | REPLICAS | litellm,
    }


def watched(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration whose metrics a Prometheus of the Prometheus operator reads."""
    operator = {"prometheus_operator": {"labels": RELEASE}}
    return config | {
        "gateway:monitoring": {"enabled": True},
        "gateway:kubernetes": config["gateway:kubernetes"] | operator,
    }


def images(config: dict[str, Any]) -> dict[str, str]:
    """Return the references of the images that a stack needs, by their names."""
    stack = Settings.model_validate({key.removeprefix("gateway:"): value for key, value in config.items()})
    return {name: stack.images.reference(name) for name in image_names(stack)}


def proxy_url(node: int = 1) -> str:
    """Return the address of the gateway at a node."""
    return f"http://{node_address(node)}:{PROXY_PORT}"


def health_url(node: int = 1) -> str:
    """Return the address of the liveness check at a node."""
    return f"http://{node_address(node)}:{HEALTH_PORT}/health/liveliness"
