"""Traefik on the cluster, the controller of Ingresses and of a Gateway: built of its Go module."""

from pathlib import Path

from testbed.cluster.addons.definitions import define, forget
from testbed.cluster.addons.images import load, reference, sources
from testbed.cluster.addons.manifests import Manifest, account, manifest
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
    define(cluster, kinds())
    cluster.apply([*controller(), *gateway(certificate, key)])
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "deployment/traefik", "--timeout=300s")
    cluster.kubectl("-n", GATEWAYS, "wait", "--for=condition=Programmed", f"gateway/{GATEWAY}", "--timeout=60s")


def remove(cluster: Cluster) -> None:
    """Remove it, and the kinds of the Gateway API."""
    cluster.kubectl("delete", f"namespace/{GATEWAYS}", f"namespace/{NAMESPACE}", f"ingressclass/{CLASS}")
    cluster.kubectl("delete", f"clusterrolebinding/{NAMESPACE}")
    forget(cluster, kinds())


def kinds() -> Path:
    """Return the folder of the Gateway API's kinds, of the release that Traefik knows."""
    return sources(MODULE, GATEWAY_API) / "config" / "crd" / "standard"


def controller() -> list[Manifest]:
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
    # Two would want the same port, so the old one ends first.
    deployment = {
        "selector": {"matchLabels": labels},
        "strategy": {"type": "Recreate"},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    gateway_controller = {"controllerName": "traefik.io/gateway-controller"}
    return [
        manifest("v1", "Namespace", NAMESPACE),
        *account(NAMESPACE, NAMESPACE, "cluster-admin"),
        manifest("apps/v1", "Deployment", NAMESPACE, NAMESPACE, spec=deployment),
        manifest("networking.k8s.io/v1", "IngressClass", CLASS, spec={"controller": "traefik.io/ingress-controller"}),
        manifest("gateway.networking.k8s.io/v1", "GatewayClass", CLASS, spec=gateway_controller),
    ]


def gateway(certificate: str, key: str) -> list[Manifest]:
    """Return a Gateway that takes routes of every namespace."""
    listener = {
        "name": LISTENER,
        "port": PORT,
        "protocol": "HTTPS",
        "allowedRoutes": {"namespaces": {"from": "All"}},
        "tls": {"mode": "Terminate", "certificateRefs": [{"name": CERTIFICATE}]},
    }
    spec = {"gatewayClassName": CLASS, "listeners": [listener]}
    return [
        manifest("v1", "Namespace", GATEWAYS),
        secret(CERTIFICATE, GATEWAYS, certificate, key),
        manifest("gateway.networking.k8s.io/v1", "Gateway", GATEWAY, GATEWAYS, spec=spec),
    ]


def secret(name: str, namespace: str, certificate: str, key: str) -> Manifest:
    """Return the Secret of a certificate."""
    data = {"tls.crt": certificate, "tls.key": key}
    return manifest("v1", "Secret", name, namespace, type="kubernetes.io/tls", stringData=data)
