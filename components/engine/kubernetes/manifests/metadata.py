"""Names and labels of a stack's objects."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.engine.labels import IDENTITY_LABEL
from components.engine.workload import Network, Workload

Manifest = dict[str, Any]
"""An object as Kubernetes' API has it; values may be Pulumi inputs."""

NAME_LABEL = "app.kubernetes.io/name"
STACK_LABEL = "app.kubernetes.io/instance"
MANAGED_LABEL = "app.kubernetes.io/managed-by"
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""
NETWORK_LABELS = {network: f"gateway.network.{network.value}" for network in Network}
"""On a pod: that it joins the network."""
CLAIM_LABEL = "gateway.claim"
"""On a pod: name of the claim that it mounts. Pods of one claim run on one node."""
SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}
"""Tells Pulumi not to wait for an object: the pods that use it are waited for."""


def wait_for(*conditions: str) -> dict[str, str]:
    """Return the annotation that tells Pulumi to wait until all conditions hold.

    They are judged in a status that the controller wrote after the change. The plugin's own rules may judge an older
    one, and then end an update before its rollout begins: often that of a StatefulSet
    (https://github.com/pulumi/pulumi-kubernetes/pull/4094), and of a Deployment while the control plane is busy.
    """
    return {"pulumi.com/waitFor": json.dumps(conditions)}


@dataclass(frozen=True)
class Metadata:
    """What the objects of one stack have in common."""

    stack: str
    namespace: pulumi.Input[str]
    identity: pulumi.Input[str]

    def of(
        self, workload: str, *, name: str | None = None, annotations: Mapping[str, pulumi.Input[str]] | None = None
    ) -> Manifest:
        """Return the metadata of an object.

        Args:
            workload: whose it is.
            name: its name; None: Pulumi makes one that no object had before.
            annotations: its annotations.
        """
        return {
            **({"name": name} if name else {}),
            "namespace": self.namespace,
            "labels": {**self.labels(workload), IDENTITY_LABEL: self.identity, MANAGED_LABEL: "pulumi"},
            **({"annotations": dict(annotations)} if annotations else {}),
        }

    def labels(self, workload: str) -> dict[str, str]:
        """Return the labels that select the pods of a workload. They never change."""
        return {NAME_LABEL: workload, STACK_LABEL: self.stack}

    def of_pod(self, workload: Workload) -> Manifest:
        """Return the metadata of a pod. The workload's own labels are annotations: a label's value holds no image."""
        networks = {NETWORK_LABELS[network]: "true" for network in workload.networks}
        return {
            "labels": {**self.labels(workload.name), **networks, **_claim(workload)},
            "annotations": dict(workload.labels),
        }

    def all_pods(self) -> dict[str, str]:
        """Return the labels that select every pod of the stack."""
        return {STACK_LABEL: self.stack}


def _claim(workload: Workload) -> dict[str, pulumi.Input[str]]:
    if not workload.volumes:
        return {}
    (volume,) = workload.volumes
    return {CLAIM_LABEL: volume.name}
