"""The namespace, what says whose it is, and the claims in it."""

import pytest

from components.engine.kubernetes.manifests.namespace import identity_map, namespace
from components.engine.kubernetes.manifests.volume_claim import volume_claim
from tests.unit.components.cluster import METADATA, labels


def test_namespace_enforces_the_restricted_standard() -> None:
    assert namespace("gateway-test", "test", "0123456789abcdef") == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "gateway-test",
            "labels": {
                "app.kubernetes.io/instance": "test",
                "gateway.identity": "0123456789abcdef",
                "app.kubernetes.io/managed-by": "pulumi",
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/audit": "restricted",
                "pod-security.kubernetes.io/warn": "restricted",
            },
        },
    }


def test_an_object_says_who_made_the_stack() -> None:
    assert identity_map(METADATA, "ada@host in /srv/gateway") == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "gateway-identity",
            "namespace": "gateway-test",
            "labels": labels("identity"),
            "annotations": {"gateway.made-by": "ada@host in /srv/gateway"},
        },
        "data": {},
    }


@pytest.mark.parametrize(
    ("storage_class", "written"), [(None, {}), ("fast", {"storageClassName": "fast"})], ids=["default", "fast"]
)
def test_volume_becomes_a_claim(storage_class: str | None, written: dict[str, str]) -> None:
    assert volume_claim(METADATA, "web-data", size_gib=20, storage_class=storage_class) == {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "namespace": "gateway-test",
            "labels": labels("web-data"),
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "20Gi"}},
            **written,
        },
    }
