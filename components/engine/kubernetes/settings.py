"""The settings of the cluster that runs a stack."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from components.engine.kubernetes.addons.settings import (
    GatewayRouteSettings,
    IngressSettings,
    PrometheusOperatorSettings,
)
from components.engine.workload import DataVolume
from components.settings.base import SettingsModel

DNS_LABEL, LONGEST_LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", 63
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""
AUTONAME_DIGITS = 5
"""Of the pattern in Pulumi.yaml, which names claims. A pod has its claim's name as a label."""
LONGEST_VOLUME = len("prometheus-data")
"""Characters of the longest name of a volume. A longer one would refuse names of stacks that fit."""
SERVICE_PORTS = ("proxy", "health", "https", "redirect")

MOST_REPLICAS = 16
"""As many as `litellm.replicas` may be."""


class ServiceType(StrEnum):
    """How clients reach the edge (https://kubernetes.io/docs/concepts/services-networking/service/)."""

    LOAD_BALANCER = "LoadBalancer"
    """An address that the cluster's balancer gives."""
    NODE_PORT = "NodePort"
    """A port of every node that runs an edge, for a balancer of one's own."""
    CLUSTER_IP = "ClusterIP"
    """From inside the cluster alone, such as by an Ingress or a Gateway of one's own."""


class TrafficPolicy(StrEnum):
    """Which nodes pass on what clients send."""

    LOCAL = "Local"
    """Those that run an edge. It sees the client's own address."""
    CLUSTER = "Cluster"
    """All. The edge sees the address of a node, so `edge.admin_addresses` cannot tell clients apart."""


class ServiceSettings(SettingsModel):
    """The Service in front of the edges."""

    type: ServiceType = ServiceType.LOAD_BALANCER
    """`LoadBalancer`, `NodePort` or `ClusterIP`."""
    external_traffic_policy: TrafficPolicy = TrafficPolicy.LOCAL
    """`Local`: edges see the client's address. `Cluster`: every node answers."""
    annotations: Mapping[str, str] = Field(default_factory=dict)
    """What the cloud's balancer wants to know, such as service.beta.kubernetes.io/aws-load-balancer-scheme."""
    load_balancer_class: str | None = None
    """Which of several balancers; null: the cluster's default. It cannot be changed later."""
    source_ranges: tuple[str, ...] = ()
    """Networks whose clients the balancer lets in; an empty list: all."""
    node_ports: Mapping[str, Annotated[int, Field(ge=1, le=65535)]] = Field(default_factory=dict)
    """Fixed node ports of `proxy`, `health`, `https` and `redirect`; of the others the cluster chooses."""

    @model_validator(mode="after")
    def _settings_fit_the_type(self) -> Self:
        if self.type is ServiceType.CLUSTER_IP and self.node_ports:
            raise ValueError("node_ports: a ClusterIP has none; remove them, or set type to NodePort")
        if self.type is not ServiceType.LOAD_BALANCER:
            for name in ("load_balancer_class", "source_ranges"):
                if getattr(self, name):
                    raise ValueError(f"{name}: belongs to a LoadBalancer; remove it")
        if unknown := sorted(self.node_ports.keys() - set(SERVICE_PORTS)):
            raise ValueError(f"node_ports: has no port {unknown[0]}; known are {', '.join(SERVICE_PORTS)}")
        return self


class AutoscalingSettings(SettingsModel):
    """Between `litellm.replicas` and more, by the requests in flight. KEDA (https://keda.sh) does it.

    Processor time would say little: a replica whose streams wait for slow providers is idle and full at the same time.
    """

    max_replicas: int = Field(ge=2, le=MOST_REPLICAS)
    """Most replicas. `litellm.replicas` is the least number."""
    requests_per_replica: int | None = Field(None, ge=1, le=10_000)
    """Requests in flight, streams among them, that a replica should carry; null: 24 a worker, which keep its processor
    busy. More if your providers are slow. Where there are more, another replica starts."""
    scale_down_delay: int = Field(300, ge=0, le=3600)
    """Time that fewer replicas must have been enough before one stops. It finishes its requests first."""
    keda_namespace: str = Field("keda", pattern=DNS_LABEL, max_length=LONGEST_LABEL)
    """Namespace of KEDA's operator, which the NetworkPolicy of the stack's own Prometheus lets in."""
    prometheus_url: str | None = Field(None, pattern=r"^https?://[^\s@]+$")
    """The Prometheus of `prometheus_operator`, as KEDA reaches it; null: the stack's own."""


class KubernetesSettings(SettingsModel):
    """The cluster that runs the stack, for `engine: kubernetes`."""

    context: str = Field(min_length=1)
    """Context of the kubeconfig. The current one is never taken."""
    kubeconfig: str | None = Field(None, min_length=1)
    """File that says how the cluster is reached; null: ~/.kube/config. The KUBECONFIG variable is not read."""
    namespace: str | None = Field(None, pattern=DNS_LABEL, max_length=LONGEST_LABEL)
    """The stack's namespace, which no other stack may use; null: PROJECT-STACK."""
    create_namespace: bool = True
    """Whether the stack makes its namespace, with the restricted Pod Security Standard, and removes it at its end. With
    false it has to be there."""
    storage_class: str | None = Field(None, min_length=1)
    """StorageClass of the volumes; null: the cluster's default. It cannot be changed later."""
    volumes_gib: Mapping[str, Annotated[int, Field(ge=1, le=65536)]] = Field(default_factory=dict)
    """Size of a volume by its name, such as postgres-data. A StorageClass that allows it lets them grow later."""
    image_pull_secret: str | None = Field(None, pattern=DNS_LABEL, max_length=LONGEST_LABEL)
    """Secret of the namespace with the credentials of a registry; null: the nodes have their own."""
    edge_replicas: int = Field(2, ge=1, le=8)
    """Edges. Each keeps its part of the queue and of the places at a replica."""
    max_surge: int | None = Field(None, ge=1, le=16)
    """Most new replicas that start at once in an update; null: all, so that a bad one fails the update soonest."""
    image_pull_timeout: int = Field(300, ge=0, le=7200)
    """Time for a node to pull an image, beside the time that a container has to become healthy."""
    autoscaling: AutoscalingSettings | None = None
    """More replicas of LiteLLM while there are many requests in flight; null: always `litellm.replicas`."""
    service: ServiceSettings = ServiceSettings()
    """The Service in front of the edges."""
    deregistration_delay: int = Field(5, ge=0, le=300)
    """Time between the end of an edge's address in the Service and its stop signal: until every node and balancer
    knows. A cloud's balancer may need more."""
    dns_ttl: int = Field(30, ge=0, le=300)
    """How old an answer of the cluster's name server may be (`ttl` of CoreDNS). So long a new replica serves before an
    old one stops, because edges learn of it by name."""
    cluster_domain: str = Field("cluster.local", min_length=1)
    """Domain of the cluster's name server."""
    ingress: IngressSettings | None = None
    """An Ingress that leads clients to the Service; null: none."""
    gateway_route: GatewayRouteSettings | None = None
    """An HTTPRoute that leads clients to the Service; null: none. It may stand beside an Ingress, to change over."""
    prometheus_operator: PrometheusOperatorSettings | None = None
    """A Prometheus of the Prometheus operator that reads metrics and judges alert rules; null: the stack runs its own,
    with `monitoring.enabled`."""

    @property
    def public_url(self) -> str | None:
        """The URL by which an Ingress or a Gateway leads clients to the proxy; None: they ask the Service."""
        return self.ingress.url if self.ingress else self.gateway_route.url if self.gateway_route else None

    def size_gib(self, volume: DataVolume) -> int:
        """Return the size of a volume."""
        return self.volumes_gib.get(volume.name, volume.size_gib)

    def namespace_of(self, project: str, stack: str) -> str:
        """Return the name of the stack's namespace.

        Raises:
            ValueError: when the stack's name makes none, or is too long for what is named after it.
        """
        longest = len(f"{project}-{stack}--") + LONGEST_VOLUME + AUTONAME_DIGITS
        if longest > LONGEST_LABEL:
            most = len(stack) - longest + LONGEST_LABEL
            raise ValueError(f"the stack's name {stack} is longer than {most}, which a cluster has room for")
        name = self.namespace or f"{project}-{stack}".lower().replace("_", "-").replace(".", "-")
        if not re.fullmatch(DNS_LABEL, name):
            raise ValueError(f"kubernetes.namespace: {name} is no name of a namespace; set one")
        return name
