"""KEDA on the cluster: built of its Go module, started by the manifests that it brings."""

from typing import Any

import yaml

from testbed.cluster.addons.images import load, path, reference, sources
from testbed.cluster.cluster import Cluster
from testbed.cluster.programs import BIN, GoModule

NAMESPACE = "keda"
PACKAGE = "github.com/kedacore/keda/v2"
PROGRAMS = {"keda-operator": "operator", "keda-metrics-apiserver": "adapter"}
"""Deployment → its program."""
MODULE = GoModule("keda", tuple(f"{PACKAGE}/cmd/{program}" for program in PROGRAMS.values()), BIN / "keda")
USER = 1000
WEBHOOKS = "keda-admission"
"""What checks objects before they are kept. KEDA works without."""


def install(cluster: Cluster) -> None:
    """Start KEDA and wait until it is ready."""
    load(cluster, MODULE, PROGRAMS.values())
    text = cluster.kubectl("kustomize", str(sources(MODULE, PACKAGE) / "config" / "default"))
    cluster.apply(manifests(text))
    for deployment in PROGRAMS:
        cluster.kubectl("-n", NAMESPACE, "rollout", "status", f"deployment/{deployment}", "--timeout=300s")
    cluster.kubectl("wait", "--for=condition=Available", "apiservice/v1beta1.external.metrics.k8s.io", "--timeout=120s")


def manifests(text: str) -> list[dict[str, Any]]:
    """Return KEDA's manifests with the images that the nodes have."""
    found = [each for each in yaml.safe_load_all(text) if each and not _of_webhooks(each)]
    for each in found:
        if each["kind"] == "Deployment":
            pod = each["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            program = PROGRAMS[each["metadata"]["name"]]
            image = reference(MODULE, program)
            container |= {"image": image, "imagePullPolicy": "Never", "command": [f"/{path(program)}"]}
            pod["securityContext"] = {**pod.get("securityContext", {}), "runAsUser": USER}
    return found


def _of_webhooks(manifest: dict[str, Any]) -> bool:
    return WEBHOOKS in manifest["metadata"]["name"] or manifest["kind"] == "ValidatingWebhookConfiguration"
