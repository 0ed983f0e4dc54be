"""The Prometheus operator on the cluster, and a Prometheus of it: built of their Go modules.

Debian's Prometheus does not find targets in a cluster.
"""

import json
from typing import Any

import httpx
import yaml

from testbed.cluster.addons.images import load, reference, sources
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
    folder = sources(MODULE, PACKAGE) / "example"
    cluster.kubectl("apply", "--server-side", "-f", str(folder / "prometheus-operator-crd"))
    cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", *kinds(cluster))
    own = [(folder / "rbac" / "prometheus-operator" / f"prometheus-operator-{name}.yaml").read_text() for name in FILES]
    cluster.apply([_object("v1", "Namespace", NAMESPACE), *map(operator_manifest, own)])
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/prometheus-operator", "--timeout=300s")
    cluster.apply(prometheus(labels))
    wait_until(lambda: ask(cluster, "query", query="vector(1)") is not None, START_SECONDS)


def remove(cluster: Cluster) -> None:
    """Remove the Prometheus, the operator and its kinds."""
    cluster.kubectl("-n", NAMESPACE, "delete", f"prometheus/{NAME}")
    cluster.kubectl("delete", f"namespace/{NAMESPACE}", f"clusterrole/{NAME}", "clusterrole/prometheus-operator")
    cluster.kubectl("delete", f"clusterrolebinding/{NAME}", "clusterrolebinding/prometheus-operator")
    cluster.kubectl("delete", *kinds(cluster))


def kinds(cluster: Cluster) -> list[str]:
    """Return the names of the definitions of the operator's kinds."""
    listed = cluster.kubectl("get", "crd", "-o", "name").split()
    return [name for name in listed if name.endswith(".monitoring.coreos.com")]


def operator_manifest(text: str) -> dict[str, Any]:
    """Return a manifest of the operator in this namespace, with the images that the nodes have."""
    found: dict[str, Any] = yaml.safe_load(text)
    if "namespace" in found["metadata"]:
        found["metadata"]["namespace"] = NAMESPACE
    for subject in found.get("subjects", ()):
        subject["namespace"] = NAMESPACE
    if found["kind"] == "Deployment":
        (container,) = found["spec"]["template"]["spec"]["containers"]
        reloader = f"--prometheus-config-reloader={reference(MODULE, RELOADER)}"
        container |= {"image": reference(MODULE, OPERATOR), "imagePullPolicy": "Never", "args": [reloader]}
    return found


def prometheus(labels: dict[str, str]) -> list[dict[str, Any]]:
    """Return a Prometheus, and the rights that it needs to find pods."""
    find = {"verbs": ["get", "list", "watch"]}
    rules = [
        {"apiGroups": [""], "resources": ["services", "endpoints", "pods"], **find},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], **find},
    ]
    rights = "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", "name": NAME, "namespace": NAMESPACE}
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
        _object("v1", "ServiceAccount", NAME, NAMESPACE),
        _object(f"{rights}/v1", "ClusterRole", NAME) | {"rules": rules},
        _object(f"{rights}/v1", "ClusterRoleBinding", NAME)
        | {"roleRef": {"apiGroup": rights, "kind": "ClusterRole", "name": NAME}, "subjects": [subject]},
        _object("monitoring.coreos.com/v1", "Prometheus", NAME, NAMESPACE) | {"spec": spec},
    ]


def _object(api: str, kind: str, name: str, namespace: str | None = None) -> dict[str, Any]:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
    }


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
