"""Traefik on the cluster, the controller of Ingresses and of a Gateway: built of its Go module."""

from collections.abc import Sequence
from typing import Any

import yaml

from testbed.cluster.addons.images import load, reference, sources
from testbed.cluster.cluster import Cluster
from testbed.cluster.programs import BIN, GoModule

NAMESPACE = "traefik"
GATEWAYS = "gateways"
"""Namespace of the Gateway."""
GATEWAY, LISTENER, CLASS = "public", "https", "traefik"
"""CLASS is that of Ingresses and of Gateways."""
CERTIFICATE = "public"
"""Secret with the certificate of the Gateway."""
PACKAGE, GATEWAY_API = "github.com/traefik/traefik/v3", "sigs.k8s.io/gateway-api"
MODULE = GoModule("traefik", (f"{PACKAGE}/cmd/traefik",), BIN / "traefik")
PROGRAM = "traefik"
NODE = "n1"
"""It listens at this node's own address, as it does on machines without a balancer."""
PORT, PING_PORT = 443, 8081


def install(cluster: Cluster, certificate: str, key: str) -> None:
    """Start it, with a Gateway that has this certificate, and wait until both are ready."""
    load(cluster, MODULE, (PROGRAM,))
    kinds = definitions()
    cluster.apply(kinds)
    cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", *map(_name, kinds))
    cluster.apply([*controller(), *gateway(certificate, key)])
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/traefik", "--timeout=300s")
    cluster.kubectl("-n", GATEWAYS, "wait", "--for=condition=Programmed", f"gateway/{GATEWAY}", "--timeout=60s")


def remove(cluster: Cluster) -> None:
    """Remove it, and the kinds of the Gateway API."""
    cluster.kubectl("delete", f"namespace/{GATEWAYS}", f"namespace/{NAMESPACE}", f"ingressclass/{CLASS}")
    cluster.kubectl("delete", f"clusterrolebinding/{NAMESPACE}", *map(_name, definitions()))


def _name(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}".lower()


def definitions() -> list[dict[str, Any]]:
    """Return the kinds of the Gateway API, of the release that Traefik knows."""
    folder = sources(MODULE, GATEWAY_API) / "config" / "crd" / "standard"
    return [
        each for file in sorted(folder.glob("gateway.*.yaml")) for each in yaml.safe_load_all(file.read_text()) if each
    ]


def controller() -> list[dict[str, Any]]:
    """Return Traefik itself, and the classes by which objects choose it."""
    labels = {"app": NAMESPACE}
    arguments = (
        f"--entrypoints.https.address=:{PORT}",
        # As Traefik's own chart has it: an Ingress's `tls` alone brings its certificate, and no route over TLS.
        "--entrypoints.https.http.tls=true",
        f"--entrypoints.traefik.address=:{PING_PORT}",
        "--ping=true",
        "--providers.kubernetesingress=true",
        "--providers.kubernetesgateway=true",
    )
    container = {
        "name": PROGRAM,
        "image": reference(MODULE, PROGRAM),
        "imagePullPolicy": "Never",
        "args": list(arguments),
        "readinessProbe": {"httpGet": {"path": "/ping", "port": PING_PORT}, "periodSeconds": 2},
    }
    pod = {
        "serviceAccountName": NAMESPACE,
        "nodeSelector": {"kubernetes.io/hostname": NODE},
        "hostNetwork": True,
        "containers": [container],
    }
    subject = {"kind": "ServiceAccount", "name": NAMESPACE, "namespace": NAMESPACE}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAMESPACE, "namespace": NAMESPACE}},
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": NAMESPACE},
            "roleRef": role,
            "subjects": [subject],
        },
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": NAMESPACE, "namespace": NAMESPACE},
            "spec": {
                "selector": {"matchLabels": labels},
                # Two would want the same port.
                "strategy": {"type": "Recreate"},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": CLASS},
            "spec": {"controller": "traefik.io/ingress-controller"},
        },
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "GatewayClass",
            "metadata": {"name": CLASS},
            "spec": {"controllerName": "traefik.io/gateway-controller"},
        },
    ]


def gateway(certificate: str, key: str) -> Sequence[dict[str, Any]]:
    """Return a Gateway that takes routes of every namespace."""
    listener = {
        "name": LISTENER,
        "port": PORT,
        "protocol": "HTTPS",
        "allowedRoutes": {"namespaces": {"from": "All"}},
        "tls": {"mode": "Terminate", "certificateRefs": [{"name": CERTIFICATE}]},
    }
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": GATEWAYS}},
        secret(CERTIFICATE, GATEWAYS, certificate, key),
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": GATEWAY, "namespace": GATEWAYS},
            "spec": {"gatewayClassName": CLASS, "listeners": [listener]},
        },
    ]


def secret(name: str, namespace: str, certificate: str, key: str) -> dict[str, Any]:
    """Return the Secret of a certificate."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/tls",
        "metadata": {"name": name, "namespace": namespace},
        "stringData": {"tls.crt": certificate, "tls.key": key},
    }
