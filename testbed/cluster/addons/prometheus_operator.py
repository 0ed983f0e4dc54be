"""The Prometheus operator on the cluster, and a Prometheus of it: built of their Go modules.

Debian's Prometheus does not find targets in a cluster.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import yaml

from testbed.cluster.addons.definitions import define, forget
from testbed.cluster.addons.images import load, reference, sources
from testbed.cluster.addons.manifests import RIGHTS, Manifest, account, manifest
from testbed.cluster.cluster import Cluster
from testbed.cluster.programs import BIN, GoModule
from testbed.wait import wait_until

NAMESPACE = "monitoring"
PACKAGE = "github.com/prometheus-operator/prometheus-operator"
OPERATOR, RELOADER = "operator", "prometheus-config-reloader"
MODULE = GoModule(
    "prometheus_operator", (f"{PACKAGE}/cmd/{OPERATOR}", f"{PACKAGE}/cmd/{RELOADER}"), BIN / "prometheus_operator"
)
PROGRAM, VERSION = "prometheus", "v3.14.0"
"""The operator writes a configuration for this version."""
PROMETHEUS = GoModule(
    "prometheus",
    ("github.com/prometheus/prometheus/cmd/prometheus",),
    BIN / "prometheus",
    # Of all that finds targets, the cluster's alone.
    tags="remove_all_sd,enable_kubernetes_sd",
)
KINDS = "prometheus-operator-crd"
FILES = ("service-account", "cluster-role", "cluster-role-binding", "deployment")
NAME, PORT = "public", 9090
"""Of the Prometheus."""
URL = f"http://prometheus-operated.{NAMESPACE}.svc.cluster.local:{PORT}"
"""Where pods ask it."""
START_SECONDS = 300


def install(cluster: Cluster, labels: dict[str, str]) -> None:
    """Start the operator and a Prometheus, and wait until it answers.

    Args:
        cluster: the cluster.
        labels: those of the ServiceMonitors and PrometheusRules that it takes, of every namespace.
    """
    load(cluster, MODULE, (OPERATOR, RELOADER))
    load(cluster, PROMETHEUS, (PROGRAM,))
    folder = examples()
    define(cluster, folder / KINDS)
    own = [(folder / "rbac" / "prometheus-operator" / f"prometheus-operator-{name}.yaml").read_text() for name in FILES]
    cluster.apply([manifest("v1", "Namespace", NAMESPACE), *map(operator_manifest, own)])
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/prometheus-operator", "--timeout=300s")
    cluster.apply(prometheus(labels))
    wait_until(lambda: ask(cluster, "query", query="vector(1)") is not None, START_SECONDS)


def remove(cluster: Cluster) -> None:
    """Remove the Prometheus, the operator and its kinds."""
    cluster.kubectl("-n", NAMESPACE, "delete", f"prometheus/{NAME}")
    cluster.kubectl("delete", f"namespace/{NAMESPACE}", f"clusterrole/{NAME}", "clusterrole/prometheus-operator")
    cluster.kubectl("delete", f"clusterrolebinding/{NAME}", "clusterrolebinding/prometheus-operator")
    forget(cluster, examples() / KINDS)


def examples() -> Path:
    """Return the folder of the manifests that the operator brings."""
    return sources(MODULE, PACKAGE) / "example"


def operator_manifest(text: str) -> Manifest:
    """Return a manifest of the operator in this namespace, with the images that the nodes have."""
    found: Manifest = yaml.safe_load(text)
    if "namespace" in found["metadata"]:
        found["metadata"]["namespace"] = NAMESPACE
    for subject in found.get("subjects", ()):
        subject["namespace"] = NAMESPACE
    if found["kind"] == "Deployment":
        (container,) = found["spec"]["template"]["spec"]["containers"]
        reloader = f"--prometheus-config-reloader={reference(MODULE, RELOADER)}"
        container |= {"image": reference(MODULE, OPERATOR), "imagePullPolicy": "Never", "args": [reloader]}
    return found


def prometheus(labels: dict[str, str]) -> list[Manifest]:
    """Return a Prometheus, and the rights that it needs to find pods."""
    find = {"verbs": ["get", "list", "watch"]}
    rules = [
        {"apiGroups": [""], "resources": ["services", "endpoints", "pods"], **find},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], **find},
    ]
    chosen = {"matchLabels": labels}
    spec = {
        "image": reference(PROMETHEUS, PROGRAM),
        "imagePullPolicy": "Never",
        "version": VERSION,
        "replicas": 1,
        "serviceAccountName": NAME,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 65534, "fsGroup": 65534},
        "serviceMonitorSelector": chosen,
        "serviceMonitorNamespaceSelector": {},
        "ruleSelector": chosen,
        "ruleNamespaceSelector": {},
    }
    return [
        manifest(f"{RIGHTS}/v1", "ClusterRole", NAME, rules=rules),
        *account(NAME, NAMESPACE, NAME),
        manifest("monitoring.coreos.com/v1", "Prometheus", NAME, NAMESPACE, spec=spec),
    ]


def ask(cluster: Cluster, what: str, **parameters: str) -> dict[str, Any] | None:
    """Return the data of an answer of Prometheus's API, or None while it does not answer.

    https://prometheus.io/docs/prometheus/latest/querying/api/
    """
    listed = cluster.kubectl("-n", NAMESPACE, "get", "pods", "-l", f"prometheus={NAME}", "-o", "json")
    pods = json.loads(listed)["items"]
    addresses = [pod["status"]["podIP"] for pod in pods if pod["status"].get("podIP")]
    try:
        answer = httpx.get(
            f"http://{addresses[0]}:{PORT}/api/v1/{what}", params=parameters, timeout=30
        ).raise_for_status()
    except (IndexError, httpx.HTTPError):
        return None
    found: dict[str, Any] = answer.json()["data"]
    return found
