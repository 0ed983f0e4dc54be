"""What leads clients to the Service by their host name: an Ingress, an HTTPRoute, or both for a change over.

Pulumi waits for neither: a controller of somebody else's answers for them.
"""

from collections.abc import Mapping
from typing import Any

from components.engine.kubernetes.addons.settings import GatewayRouteSettings, IngressSettings
from components.engine.kubernetes.manifests.metadata import SKIP_AWAIT, Manifest, Metadata
from components.engine.kubernetes.manifests.service import CLIENTS, port_name
from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.workload import Service

API_GROUP = "gateway.networking.k8s.io"
"""Of Gateways and HTTPRoutes."""
API = f"{API_GROUP}/v1"
PROXY = "proxy"
"""Name of the Service's port that they lead to."""


def routes(metadata: Metadata, service: Service, settings: KubernetesSettings) -> dict[str, Manifest]:
    """Return what the settings want, by the names of the resources. `service` is the one where clients connect."""
    found = {}
    if settings.ingress:
        found["ingress"] = ingress(metadata, service, settings.ingress)
    if settings.gateway_route:
        found["route"] = http_route(metadata, service, settings.gateway_route)
    return {f"{service.name}-{name}": manifest for name, manifest in found.items()}


def ingress(metadata: Metadata, service: Service, settings: IngressSettings) -> Manifest:
    """Return the Ingress."""
    backend = {"service": {"name": CLIENTS, "port": {"name": PROXY}}}
    secret = {"secretName": settings.tls_secret_name} if settings.tls_secret_name else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": _metadata(metadata, service, settings.annotations),
        "spec": {
            **({"ingressClassName": settings.class_name} if settings.class_name else {}),
            **({"tls": [{"hosts": [settings.host], **secret}]} if settings.tls else {}),
            "rules": [
                {
                    "host": settings.host,
                    "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]},
                }
            ],
        },
    }


def http_route(metadata: Metadata, service: Service, settings: GatewayRouteSettings) -> Manifest:
    """Return the HTTPRoute. `timeouts` belongs to the standard channel since Gateway API 1.2."""
    (port,) = {port.external for port in service.ports if port_name(port) == PROXY}
    limit = {"timeouts": dict.fromkeys(("request", "backendRequest"), f"{settings.timeout}s")}
    return {
        "apiVersion": API,
        "kind": "HTTPRoute",
        "metadata": _metadata(metadata, service, settings.annotations),
        "spec": {
            "parentRefs": [
                {
                    "name": settings.gateway,
                    "namespace": settings.namespace,
                    **({"sectionName": settings.section_name} if settings.section_name else {}),
                }
            ],
            **({"hostnames": list(settings.hostnames)} if settings.hostnames else {}),
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [{"name": CLIENTS, "port": port}],
                    **({} if settings.timeout is None else limit),
                }
            ],
        },
    }


def _metadata(metadata: Metadata, service: Service, annotations: Mapping[str, str]) -> dict[str, Any]:
    return metadata.of(service.name, name=CLIENTS, annotations={**annotations, **SKIP_AWAIT})
