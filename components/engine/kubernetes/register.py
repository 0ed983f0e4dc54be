"""Manifests as resources of pulumi-kubernetes. Nothing else in the project imports it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.engine.kubernetes.manifests.metadata import Manifest

Kind = Callable[..., pulumi.CustomResource]

KINDS: dict[tuple[str, str], Kind] = {
    ("apps/v1", "Deployment"): kubernetes.apps.v1.Deployment,
    ("apps/v1", "StatefulSet"): kubernetes.apps.v1.StatefulSet,
    ("batch/v1", "Job"): kubernetes.batch.v1.Job,
    ("networking.k8s.io/v1", "Ingress"): kubernetes.networking.v1.Ingress,
    ("networking.k8s.io/v1", "NetworkPolicy"): kubernetes.networking.v1.NetworkPolicy,
    ("policy/v1", "PodDisruptionBudget"): kubernetes.policy.v1.PodDisruptionBudget,
    ("v1", "ConfigMap"): kubernetes.core.v1.ConfigMap,
    ("v1", "Namespace"): kubernetes.core.v1.Namespace,
    ("v1", "PersistentVolumeClaim"): kubernetes.core.v1.PersistentVolumeClaim,
    ("v1", "Secret"): kubernetes.core.v1.Secret,
    ("v1", "Service"): kubernetes.core.v1.Service,
}


def register(name: str, manifest: Manifest, opts: pulumi.ResourceOptions) -> Any:
    """Register a manifest under a resource's name, and return the resource."""
    fields = {key: value for key, value in manifest.items() if key not in ("apiVersion", "kind")}
    version, kind = manifest["apiVersion"], manifest["kind"]
    # Of what a cluster's add-ons brought, pulumi-kubernetes has no class.
    custom: Kind = partial(kubernetes.apiextensions.CustomResource, api_version=version, kind=kind)
    make = KINDS.get((version, kind), custom)
    return make(name, **{_argument(key): value for key, value in fields.items()}, opts=opts)


def _argument(key: str) -> str:
    """Return a field's name in Python: stringData → string_data."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: f"_{match[1].lower()}", key)


def provider(name: str, *, kubeconfig: str, context: str, namespace: str) -> pulumi.ProviderResource:
    """Return the provider of one cluster.

    Every setting is given that the plugin would else read from the environment: what is current on a machine must not
    decide. Only the kubeconfig's path is in the state. The identifier never changes: otherwise another path or
    certificate could replace everything (the identity of the stack tells whether it is the right cluster).
    """
    found: pulumi.ProviderResource = kubernetes.Provider(
        name,
        kubeconfig=kubeconfig,
        context=context,
        namespace=namespace,
        cluster_identifier="gateway",
        delete_unreachable=False,
        enable_config_map_mutable=False,
        enable_secret_mutable=False,
        enable_server_side_apply=True,
        skip_update_unreachable=False,
    )
    return found
