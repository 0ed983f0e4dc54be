"""The stack's namespace, and the object that says whose it is."""

import pulumi

from components.engine.kubernetes.manifests.metadata import MANAGED_LABEL, STACK_LABEL, Manifest, Metadata
from components.engine.labels import IDENTITY_LABEL, MADE_BY_LABEL

IDENTITY = "gateway-identity"
"""Name of the ConfigMap that says which stack has the namespace. Two stacks cannot both make it."""
LEVEL = "restricted"


def namespace(name: str, stack: str, identity: pulumi.Input[str]) -> Manifest:
    """Return the namespace: pods beyond the restricted Pod Security Standard are refused there."""
    modes = ("enforce", "audit", "warn")
    levels = {f"pod-security.kubernetes.io/{mode}": LEVEL for mode in modes}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {STACK_LABEL: stack, IDENTITY_LABEL: identity, MANAGED_LABEL: "pulumi", **levels},
        },
    }


def identity_map(metadata: Metadata, made_by: str) -> Manifest:
    """Return the ConfigMap that says whose the stack is: its identity, and who made it from where."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata.of("identity", name=IDENTITY, annotations={MADE_BY_LABEL: made_by}),
        "data": {},
    }
