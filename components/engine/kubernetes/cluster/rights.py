"""What whoever updates a stack must be allowed to do in its namespace."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.engine.kubernetes.addons import monitors, routes, scaled_object
from components.engine.kubernetes.cluster.client import Cluster
from components.engine.kubernetes.settings import KubernetesSettings

VERBS = ("get", "list", "watch", "create", "patch", "delete")
RESOURCES: Mapping[str, Sequence[str]] = {
    "": ("configmaps", "persistentvolumeclaims", "secrets", "services"),
    "apps": ("deployments", "statefulsets"),
    "batch": ("jobs",),
    "networking.k8s.io": ("networkpolicies",),
    "policy": ("poddisruptionbudgets",),
}
"""API group → what is made there."""
OPTIONAL: Mapping[str, tuple[str, Sequence[str]]] = {
    "autoscaling": (scaled_object.API_GROUP, ("scaledobjects",)),
    "ingress": ("networking.k8s.io", ("ingresses",)),
    "gateway_route": (routes.API_GROUP, ("httproutes",)),
    "prometheus_operator": (monitors.API_GROUP, ("prometheusrules", "servicemonitors")),
}
"""Setting of `kubernetes` → API group and what is made there while it is set."""
VERSIONS: Mapping[str, str] = {scaled_object.API_GROUP: scaled_object.API_VERSION}
"""API group → its version; of all others it is v1."""
THROWAWAY: Mapping[str, Sequence[str]] = {"": ("pods",)}
"""API group → what is made and deleted by the check of external databases."""
READ: Mapping[str, Sequence[str]] = {"": ("events", "pods", "pods/log")}
"""API group → what is only read, for reports of failures."""

Right = tuple[str, str, str]
"""API group, resource, verb."""


def api_path(resource: str) -> str:
    """Return the path of a resource's API, such as `/apis/apps/v1`."""
    groups = [*RESOURCES.items(), *OPTIONAL.values()]
    group = next((group for group, names in groups if resource in names), "")
    return f"/apis/{group}/{VERSIONS.get(group, 'v1')}" if group else "/api/v1"


def needed_rights(settings: KubernetesSettings, *, throwaway: bool = False) -> Iterator[Right]:
    """Yield every right that an update needs; `throwaway`: whether a pod asks external databases before it."""
    optional = [({group: names}, VERBS) for name, (group, names) in OPTIONAL.items() if getattr(settings, name)]
    pods = [(THROWAWAY, ("create", "delete"))] if throwaway else []
    wanted = [(RESOURCES, VERBS), *optional, (READ, ("get", "list")), *pods]
    for resources, verbs in wanted:
        for group, names in resources.items():
            yield from ((group, name, verb) for name in names for verb in verbs if (name, verb) != ("pods/log", "list"))


def missing_rights(
    cluster: Cluster, settings: KubernetesSettings, namespace: str, *, throwaway: bool = False
) -> list[Right]:
    """Return the rights that whoever asks does not have in a namespace."""
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview"}
    answer = cluster.create(
        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {**review, "spec": {"namespace": namespace}}
    )
    rules = answer["status"]["resourceRules"]
    # Some authorizers cannot list what they allow: they are asked for each.
    needed = needed_rights(settings, throwaway=throwaway)
    return [right for right in needed if not allows(rules, right) and not _may(cluster, namespace, right)]


def allows(rules: Sequence[Mapping[str, Any]], right: Right) -> bool:
    """Return whether a rule gives the right for every object."""
    group, resource, verb = right
    return any(
        {group, "*"} & set(rule.get("apiGroups") or [])
        and {resource, "*"} & set(rule.get("resources") or [])
        and {verb, "*"} & set(rule.get("verbs") or [])
        and not rule.get("resourceNames")
        for rule in rules
    )


def _may(cluster: Cluster, namespace: str, right: Right) -> bool:
    group, resource, verb = right
    name, _, part = resource.partition("/")
    attributes = {"namespace": namespace, "group": group, "resource": name, "subresource": part, "verb": verb}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
    answer = cluster.create(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {**review, "spec": {"resourceAttributes": attributes}}
    )
    return bool(answer["status"]["allowed"])


def refusals(namespace: str, missing: Sequence[Right]) -> list[str]:
    """Return a sentence for each resource that lacks rights, with the command that shows it."""
    verbs: dict[str, list[str]] = {}
    for group, resource, verb in missing:
        verbs.setdefault(f"{resource}.{group}" if group else resource, []).append(verb)
    return [
        f"kubernetes.context: may not {', '.join(found)} {resource} in {namespace}:"
        f" `kubectl auth can-i {found[0]} {resource} -n {namespace}`"
        for resource, found in verbs.items()
    ]
