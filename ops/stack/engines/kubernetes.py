"""A stack in a namespace of a Kubernetes cluster."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import httpx
from pulumi.automation import Stack
from pydantic import ValidationError

from components.engine.kubernetes.cluster.client import Cluster, ClusterError
from components.engine.kubernetes.cluster.observed import engine_objects
from components.engine.kubernetes.cluster.rights import api_path
from components.engine.kubernetes.manifests.metadata import NAME_LABEL, STACK_LABEL
from components.engine.kubernetes.manifests.service import CLIENTS
from components.engine.kubernetes.settings import KubernetesSettings, ServiceType
from components.engine.ownership import EngineObject
from ops.errors import OperationError
from ops.stack.config_file import KUBERNETES, parse_config
from ops.stack.engines.pod import is_over, is_ready
from ops.stack.engines.pod_images import unavailable_images
from ops.stack.engines.pod_part import PodPart
from ops.stack.project import PROJECT_NAME

EDGE = "edge"
NAMESPACE = "namespace/"
"""How the id of a namespace begins."""
KINDS = {
    "configmaps": "ConfigMap",
    "persistentvolumeclaims": "PersistentVolumeClaim",
    "secrets": "Secret",
    "services": "Service",
    "deployments": "Deployment",
    "statefulsets": "StatefulSet",
    "jobs": "Job",
    "networkpolicies": "NetworkPolicy",
    "poddisruptionbudgets": "PodDisruptionBudget",
    "ingresses": "Ingress",
    "httproutes": "HTTPRoute",
    "servicemonitors": "ServiceMonitor",
    "prometheusrules": "PrometheusRule",
    "scaledobjects": "ScaledObject",
}
"""Resource of the API → its kind; items of a list do not say it."""


@dataclass(frozen=True)
class KubernetesStack:
    """The objects of one stack's name in its namespace; see StackEngine."""

    name: str
    namespace: str
    settings: KubernetesSettings
    cluster: Cluster

    @classmethod
    @cache
    def of(cls, name: str, configuration: str) -> "KubernetesStack":
        """Return the stack that a configuration file describes, with one client of its cluster for a whole command.

        Raises:
            OperationError: if its settings name no cluster that can be asked.
        """
        try:
            settings = KubernetesSettings.model_validate(parse_config(configuration).get(KUBERNETES))
            return cls(name, settings.namespace_of(PROJECT_NAME, name), settings, Cluster(settings))
        except ValidationError as error:
            (first, *_) = error.errors()
            key = ".".join(("kubernetes", *map(str, first["loc"])))
            raise OperationError(f"{name}: {key}: {first['msg']}") from error
        except (ValueError, ClusterError) as error:
            raise OperationError(f"{name}: {error}") from error

    def objects(self) -> tuple[EngineObject, ...]:
        """Return them, of each kind that a stack is made of."""
        return self.objects_of(self.manifests())

    def objects_of(self, manifests: Mapping[str, Mapping[str, Any]]) -> tuple[EngineObject, ...]:
        """Return the objects in the namespace of the given manifests."""
        found = engine_objects([each for id_, each in manifests.items() if not id_.startswith(NAMESPACE)], self.name)
        # A state knows no uid of an object, but its kind and its name.
        return tuple(replace(each, id=each.name) for each in found)

    def manifests(self) -> dict[str, Mapping[str, Any]]:
        """Return what the cluster has of the stack, by kind and name as in the id of an object; with the namespace."""
        found = {
            f"{kind.lower()}/{each['metadata']['name']}": {"kind": kind, **each}
            for resource, kind in KINDS.items()
            for each in self._items(resource)
        }
        with self._asking():
            there = self.cluster.find(f"/api/v1/namespaces/{self.namespace}")
        return {**found, **({f"{NAMESPACE}{self.namespace}": there} if there else {})}

    def remove(self, object_: EngineObject) -> None:
        """Delete an object and what belongs to it."""
        print(f"removing {object_.name}")
        try:
            with self._asking():
                self.cluster.delete(self._object_path(object_.name))
        except OperationError as error:
            print(f"{object_.name} stays: {error}")

    @contextmanager
    def part(self, name: str, silence: int) -> Iterator[PodPart | None]:
        """Open a ready pod of a part."""
        pod = next((each for each in self.pods().get(name, []) if is_ready(each)), None)
        if pod is None:
            yield None
            return
        container = str(pod["spec"]["containers"][0]["name"])
        yield PodPart(self.cluster, self.namespace, str(pod["metadata"]["name"]), container, silence)

    def require_parts(self, stack: Stack) -> None:
        """Check nothing: the program itself compares the namespace with the one of the state."""

    def require_own_port(self, proxy_url: str) -> None:
        """Check that the cluster has the Service that leads to the stack's edges."""
        if self._service() is None:
            raise OperationError(
                f"namespace {self.namespace} on the cluster of context {self.settings.context} has no Service of"
                f" {self.name}, so nothing was sent to {proxy_url}; run `python -m ops up {self.name}`"
            )

    def reachable_urls(self, urls: Mapping[str, str]) -> Mapping[str, str]:
        """Return the URLs; with node ports, those of a node which runs an edge.

        A Service's own name is known inside the cluster alone; that of an Ingress or a Gateway, everywhere.
        """
        if public := self.settings.public_url:
            behind = {name: url for name, url in urls.items() if not url.startswith(public)}
            return {**urls, **self._at_node(behind)}
        return self._at_node(urls)

    def _at_node(self, urls: Mapping[str, str]) -> Mapping[str, str]:
        if self.settings.service.type is not ServiceType.NODE_PORT or not (service := self._service()):
            return urls
        node = next((pod["status"]["hostIP"] for pod in self.pods().get(EDGE, []) if pod["status"].get("hostIP")), None)
        ports = {each["name"]: each["nodePort"] for each in service["spec"]["ports"] if each.get("nodePort")}
        return {
            name: str(httpx.URL(url).copy_with(host=node, port=ports[name])) if node and name in ports else url
            for name, url in urls.items()
        }

    def fetch_images(self, references: Sequence[str]) -> None:
        """Have a pod pull each image."""
        found = unavailable_images(self.cluster, self.settings, self.namespace, self.name, references)
        if failures := list(found):
            raise OperationError("\n".join(failures))

    def pods(self) -> dict[str, list[dict[str, Any]]]:
        """Return the pods by the name of their part, without those that have ended or been told to."""
        found: dict[str, list[dict[str, Any]]] = {}
        for pod in self._items("pods"):
            if not is_over(pod):
                found.setdefault(pod["metadata"]["labels"].get(NAME_LABEL, ""), []).append(pod)
        return found

    def patch(self, id_: str, operations: Sequence[Mapping[str, Any]]) -> None:
        """Change an object by a JSON Patch; `id_` is its kind and its name."""
        with self._asking():
            self.cluster.patch(self._object_path(id_), operations)

    def _object_path(self, id_: str) -> str:
        kind, _, name = id_.partition("/")
        (resource,) = [each for each, of in KINDS.items() if of.lower() == kind]
        return f"{self._path(resource)}/{name}"

    def _service(self) -> dict[str, Any] | None:
        with self._asking():
            found = self.cluster.find(f"{self._path('services')}/{CLIENTS}")
        own = found is not None and (found["metadata"].get("labels") or {}).get(STACK_LABEL) == self.name
        return found if own else None

    def _items(self, resource: str) -> list[dict[str, Any]]:
        with self._asking():
            return self.cluster.items(self._path(resource), labelSelector=f"{STACK_LABEL}={self.name}") or []

    def _path(self, resource: str) -> str:
        return f"{api_path(resource)}/namespaces/{self.namespace}/{resource}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Name the stack where the cluster does not answer, or refuses."""
        try:
            yield
        except ClusterError as error:
            raise OperationError(f"{self.name}: {error}") from error
