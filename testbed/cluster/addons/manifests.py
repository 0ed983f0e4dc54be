"""Manifests of what stands beside a stack."""

from typing import Any

Manifest = dict[str, Any]
RIGHTS = "rbac.authorization.k8s.io"
"""API group of roles and their bindings."""


def manifest(api: str, kind: str, name: str, namespace: str | None = None, **fields: Any) -> Manifest:
    """Return a manifest; without a namespace it is one of the whole cluster. `fields` stand beside its metadata."""
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **place}, **fields}


def account(name: str, namespace: str, role: str) -> list[Manifest]:
    """Return a service account, and the binding that gives it a role in the whole cluster."""
    subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    granted = {"apiGroup": RIGHTS, "kind": "ClusterRole", "name": role}
    return [
        manifest("v1", "ServiceAccount", name, namespace),
        manifest(f"{RIGHTS}/v1", "ClusterRoleBinding", name, roleRef=granted, subjects=[subject]),
    ]
