"""What a cluster says of what stands beside the stack, as data, and what is refused for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from components.engine.kubernetes.addons import monitors, routes, scaled_object
from components.engine.kubernetes.addons.settings import GatewayRouteSettings, IngressSettings
from components.engine.kubernetes.settings import KubernetesSettings

DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"
OLD_CLASS = "kubernetes.io/ingress.class"
CERT_MANAGER = "cert-manager.io/"
"""Begin of the annotations by which cert-manager makes the Secret, after the Ingress."""
TAKES_OWN = "Same"
"""What a listener does that says nothing: https://gateway-api.sigs.k8s.io/reference/spec/#fromnamespaces"""

Objects = Sequence[Mapping[str, Any]]


class Readable(Protocol):
    """What can be asked: a cluster's API."""

    def find(self, path: str) -> dict[str, Any] | None:
        """Return what stands at a path; None when nothing does, or it may not be read."""

    def items(self, path: str) -> list[dict[str, Any]] | None:
        """Return the objects of a list; None when they may not be listed."""


@dataclass(frozen=True)
class ObservedAddons:
    """Answers of the cluster; None where they may not be read, or the settings do not ask."""

    ingress_classes: Objects | None = None
    gateway_resources: Sequence[str] = ()
    """Resources of the Gateway API's version 1 that the cluster serves."""
    gateways: Objects | None = None
    """Of the namespace that the settings name."""
    monitoring_resources: Sequence[str] = ()
    """Resources of the Prometheus operator's API that the cluster serves."""
    keda_resources: Sequence[str] = ()
    """Resources of KEDA's API that the cluster serves."""
    tls_secret: bool = True
    """Whether the Ingress's Secret is there, or its namespace is not yet."""


def observe(cluster: Readable, settings: KubernetesSettings, namespace: str, *, exists: bool) -> ObservedAddons:
    """Ask the cluster for what the settings use.

    Args:
        cluster: the one that the settings name.
        settings: the stack's.
        namespace: the stack's.
        exists: whether that is there.

    Raises:
        ClusterError: when it does not answer.
    """
    ingress, route, operator = settings.ingress, settings.gateway_route, settings.prometheus_operator
    secret = ingress.tls_secret_name if ingress else None
    return ObservedAddons(
        cluster.items("/apis/networking.k8s.io/v1/ingressclasses") if ingress else None,
        _served(cluster, routes.API) if route else (),
        cluster.items(f"/apis/{routes.API}/namespaces/{route.namespace}/gateways") if route else None,
        _served(cluster, monitors.API) if operator else (),
        _served(cluster, scaled_object.API) if settings.autoscaling else (),
        not (exists and secret) or cluster.find(f"/api/v1/namespaces/{namespace}/secrets/{secret}") is not None,
    )


def refusals(observed: ObservedAddons, settings: KubernetesSettings, namespace: str) -> list[str]:
    """Return a sentence for each add-on that the settings use and the cluster does not have as they say."""
    return [
        *(_ingress(observed, settings.ingress, namespace) if settings.ingress else []),
        *(_route(observed, settings.gateway_route, namespace) if settings.gateway_route else []),
        *(_operator(observed.monitoring_resources) if settings.prometheus_operator else []),
        *(_keda(observed.keda_resources) if settings.autoscaling else []),
    ]


def _ingress(observed: ObservedAddons, settings: IngressSettings, namespace: str) -> list[str]:
    found = []
    if observed.ingress_classes is not None:
        names = [_name(each) for each in observed.ingress_classes]
        known = ", ".join(names) or "none"
        annotations = [each["metadata"].get("annotations") or {} for each in observed.ingress_classes]
        if settings.class_name and settings.class_name not in names:
            found.append(
                f"kubernetes.ingress.class_name: the cluster has no IngressClass {settings.class_name}; it has {known}"
            )
        # Some clouds' own controllers take an Ingress without a class, or by an annotation.
        chosen = settings.class_name or OLD_CLASS in settings.annotations or not names
        if not chosen and not any(each.get(DEFAULT_CLASS) == "true" for each in annotations):
            found.append(f"kubernetes.ingress.class_name: the cluster has no default IngressClass; set one of {known}")
    made_later = any(name.startswith(CERT_MANAGER) for name in settings.annotations)
    if not observed.tls_secret and not made_later:
        name = settings.tls_secret_name
        found.append(
            f"kubernetes.ingress.tls_secret_name: {namespace} has no Secret {name};"
            f" `kubectl -n {namespace} create secret tls {name} --cert FILE --key FILE`"
        )
    return found


def _route(observed: ObservedAddons, settings: GatewayRouteSettings, namespace: str) -> list[str]:
    if "httproutes" not in observed.gateway_resources:
        cure = "install the Gateway API 1.2 or newer"
        return [f"kubernetes.gateway_route: the cluster does not serve httproutes of {routes.API}; {cure}"]
    if observed.gateways is None:
        return []
    by_name = {_name(each): each for each in observed.gateways}
    if settings.gateway not in by_name:
        known = ", ".join(by_name) or "none"
        return [f"kubernetes.gateway_route.gateway: {settings.namespace} has no {settings.gateway}; it has {known}"]
    listeners = by_name[settings.gateway]["spec"].get("listeners") or []
    chosen = [each for each in listeners if settings.section_name in (None, each["name"])]
    if not chosen:
        known = ", ".join(str(each["name"]) for each in listeners) or "none"
        missing = f"{settings.gateway} has no listener {settings.section_name}; it has {known}"
        return [f"kubernetes.gateway_route.section_name: {missing}"]
    if settings.namespace != namespace and all(_takes(each) == TAKES_OWN for each in chosen):
        cure = f"let `allowedRoutes.namespaces` of a listener take those of {namespace}"
        alone = f"{settings.gateway} takes routes of {settings.namespace} alone"
        return [f"kubernetes.gateway_route.gateway: {alone}; {cure}"]
    return []


def _operator(resources: Sequence[str]) -> list[str]:
    missing = " and ".join(name for name in ("prometheusrules", "servicemonitors") if name not in resources)
    sentence = f"the cluster does not serve {missing} of {monitors.API}; install the operator, or remove the group"
    return [f"kubernetes.prometheus_operator: {sentence}"] if missing else []


def _keda(resources: Sequence[str]) -> list[str]:
    if "scaledobjects" in resources:
        return []
    return [f"kubernetes.autoscaling: the cluster does not serve scaledobjects of {scaled_object.API}; install KEDA"]


def _takes(listener: Mapping[str, Any]) -> str:
    """Return which namespaces' routes a listener takes."""
    return str(((listener.get("allowedRoutes") or {}).get("namespaces") or {}).get("from") or TAKES_OWN)


def _served(cluster: Readable, api: str) -> list[str]:
    """Return the resources of a version of an API group."""
    found = cluster.find(f"/apis/{api}") or {}
    return [str(each["name"]) for each in found.get("resources") or []]


def _name(each: Mapping[str, Any]) -> str:
    return str(each["metadata"]["name"])
