"""A stack's metadata and pods on a cluster."""

from components.engine.kubernetes.manifests.metadata import Metadata
from components.engine.kubernetes.manifests.pod import Pods

METADATA = Metadata("test", "gateway-test", "0123456789abcdef")
PODS = Pods(METADATA, image_pull_secret="registry", deregistration_delay=5)
LABELS = {
    "app.kubernetes.io/name": "web-1",
    "app.kubernetes.io/instance": "test",
    "gateway.identity": "0123456789abcdef",
    "app.kubernetes.io/managed-by": "pulumi",
}
SELECTOR = {"app.kubernetes.io/name": "web-1", "app.kubernetes.io/instance": "test"}
"""The labels by which the pods of `web-1` are selected."""


def labels(name: str) -> dict[str, str]:
    """Return the labels of an object."""
    return {**LABELS, "app.kubernetes.io/name": name}
