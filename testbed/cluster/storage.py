"""Storage of the cluster: folders of its first node, and a default StorageClass that hands them out."""

from typing import Any

from testbed.cluster.node import VOLUMES

CLASS = "local"


def manifests() -> list[dict[str, Any]]:
    """Return the StorageClass and its volumes. Each is as large as any claim."""
    storage_class = {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": CLASS, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "kubernetes.io/no-provisioner",
        "volumeBindingMode": "WaitForFirstConsumer",
    }
    return [storage_class, *map(_volume, range(1, VOLUMES + 1))]


def _volume(number: int) -> dict[str, Any]:
    on_first_node = {"key": "kubernetes.io/hostname", "operator": "In", "values": ["n1"]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"volume-{number}"},
        "spec": {
            "capacity": {"storage": "1Ti"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": CLASS,
            "local": {"path": f"/var/lib/volumes/{number}"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [on_first_node]}]}},
        },
    }
