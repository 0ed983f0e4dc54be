"""The registry: every part of a stack, once.

What else the project knows of parts is derived from here: images to pull, host ports, names of volumes, memory sums,
rows of `health`, checks of `doctor`, requests at risk in a preview. To add a part, add it here and create it in
`__main__.py`, or in the component that it belongs to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from components.data import backup, postgres, redis
from components.edge import component as edge
from components.edge import haproxy
from components.edge.acme import haproxy as acme
from components.engine.engine import EngineKind
from components.engine.workload import CPU_SHARES, JOB_CPU_SHARES, DataVolume, Port
from components.litellm import component as litellm
from components.litellm import migration, validation
from components.mock_provider import routes as mock_provider
from components.monitoring import component as monitoring
from components.monitoring import exporters, grafana, prometheus
from components.stack.settings import Settings


class Kind(StrEnum):
    """Whether a part runs all the time."""

    SERVICE = "service"
    """It runs until it is stopped."""
    JOB = "job"
    """It runs once in an update and ends."""


def _always(_: Settings) -> bool:
    return True


def _no_ports(_: Settings) -> tuple[Port, ...]:
    return ()


def _has_ingress(stack: Settings) -> bool:
    """Return whether a container holds the host ports. Kubernetes leads clients to the edges itself."""
    return stack.engine is EngineKind.DOCKER


def _has_redis_exporter(stack: Settings) -> bool:
    """Return whether there is a Redis to watch. Which server Sentinels name is not known here."""
    behind_sentinels = stack.redis.external is not None and bool(stack.redis.external.sentinel_nodes)
    return stack.monitoring.enabled and stack.redis.enabled and not behind_sentinels


@dataclass(frozen=True)
class Part:
    """One part of a stack."""

    name: str
    """Name of its container. The containers of a part that has several are numbered: litellm-1, litellm-2."""
    kind: Kind
    image: str
    """Its image, as `gateway:images` names it."""
    memory_mib: Callable[[Settings], int]
    """Memory limit of each container."""
    cpu_shares: int
    """Weight of each container when processors are scarce."""
    outage: str | None
    """What requests lose while it does not run; None: nothing."""
    enabled: Callable[[Settings], bool] = _always
    ports: Callable[[Settings], tuple[Port, ...]] = _no_ports
    """Ports of the host, or of the Service on a cluster, that lead to it."""
    volume: DataVolume | None = None
    """Where it keeps its data; None: it has none to keep."""
    replicas: Callable[[Settings], int | None] | None = None
    """How many containers it has; None: one, which has no number."""
    max_replicas: Callable[[Settings], int] | None = None
    """How many containers an autoscaler may make of them; None: no more."""
    doubles_in_update: bool = False
    """Whether an update starts its new containers before it stops the old."""

    def most_containers(self, stack: Settings) -> int:
        """Return how many containers it may have, beside those that an update starts."""
        return self.max_replicas(stack) if self.max_replicas else len(self.containers(stack))

    def containers(self, stack: Settings) -> list[str]:
        """Return the names of its containers, without those that an autoscaler adds."""
        replicas = self.replicas(stack) if self.replicas else None
        return [self.name] if replicas is None else [f"{self.name}-{number}" for number in range(1, replicas + 1)]


PARTS: tuple[Part, ...] = (
    Part(
        name=postgres.ALIAS,
        kind=Kind.SERVICE,
        image="postgres",
        memory_mib=lambda stack: stack.postgres.memory_mib,
        cpu_shares=postgres.CPU_SHARES,
        outage="requests whose key no replica has in its cache are refused",
        enabled=lambda stack: stack.postgres.external is None,
        volume=postgres.VOLUME,
    ),
    Part(
        name=backup.DUMP,
        kind=Kind.JOB,
        image="postgres",
        memory_mib=lambda stack: stack.backup.memory_mib,
        cpu_shares=JOB_CPU_SHARES,
        outage=None,
    ),
    Part(
        name=migration.ALIAS,
        kind=Kind.JOB,
        image="litellm",
        memory_mib=lambda _: migration.MEMORY_MIB,
        cpu_shares=JOB_CPU_SHARES,
        outage=None,
    ),
    Part(
        name=validation.NAME,
        kind=Kind.JOB,
        image="litellm",
        memory_mib=lambda _: validation.MEMORY_MIB,
        cpu_shares=JOB_CPU_SHARES,
        outage=None,
    ),
    Part(
        name=backup.ALIAS,
        kind=Kind.SERVICE,
        image="postgres",
        memory_mib=lambda stack: stack.backup.memory_mib,
        cpu_shares=backup.CPU_SHARES,
        outage=None,
        volume=backup.VOLUME,
    ),
    Part(
        name=redis.ALIAS,
        kind=Kind.SERVICE,
        image="redis",
        memory_mib=lambda stack: stack.redis.memory_mib,
        cpu_shares=redis.CPU_SHARES,
        outage="limits, budgets and caches are each worker's own",
        enabled=lambda stack: stack.redis.own,
        volume=redis.VOLUME,
    ),
    Part(
        name=litellm.ALIAS,
        kind=Kind.SERVICE,
        image="litellm",
        memory_mib=lambda stack: stack.litellm.memory_mib,
        cpu_shares=CPU_SHARES,
        outage="every request is refused",
        replicas=lambda stack: stack.litellm.replicas,
        max_replicas=lambda stack: stack.max_replicas,
        doubles_in_update=True,
    ),
    Part(
        name=haproxy.ALIAS,
        kind=Kind.SERVICE,
        image="haproxy",
        memory_mib=lambda stack: stack.edge.memory_mib,
        cpu_shares=edge.CPU_SHARES,
        outage="every request is refused",
        replicas=lambda stack: None if _has_ingress(stack) else stack.edges,
        ports=lambda stack: () if _has_ingress(stack) else edge.ports(stack.edge),
        doubles_in_update=True,
    ),
    Part(
        name=edge.INGRESS,
        kind=Kind.SERVICE,
        image="haproxy",
        memory_mib=lambda stack: stack.edge.memory_mib,
        cpu_shares=edge.CPU_SHARES,
        outage="new requests are refused and open connections are cut",
        enabled=_has_ingress,
        ports=lambda stack: edge.ports(stack.edge),
    ),
    Part(
        name=acme.ALIAS,
        kind=Kind.SERVICE,
        image="certbot",
        memory_mib=lambda stack: stack.edge.acme.memory_mib,
        cpu_shares=acme.CPU_SHARES,
        outage=None,
        enabled=lambda stack: stack.edge.acme.enabled,
        volume=acme.VOLUME,
    ),
    Part(
        name=mock_provider.ALIAS,
        kind=Kind.SERVICE,
        image="litellm",
        memory_mib=lambda stack: stack.mock_provider.memory_mib,
        cpu_shares=CPU_SHARES,
        outage="every model fails: the mock provider answers for all",
        enabled=lambda stack: stack.mock_provider.enabled,
        doubles_in_update=True,
    ),
    Part(
        name=prometheus.ALIAS,
        kind=Kind.SERVICE,
        image="prometheus",
        memory_mib=lambda stack: stack.monitoring.memory_mib,
        cpu_shares=CPU_SHARES,
        outage=None,
        enabled=lambda stack: stack.has_prometheus,
        ports=lambda stack: monitoring.ports(stack.monitoring),
        volume=prometheus.VOLUME,
    ),
    Part(
        name=exporters.POSTGRES_EXPORTER,
        kind=Kind.SERVICE,
        image="postgres_exporter",
        memory_mib=lambda _: exporters.MEMORY_MIB,
        cpu_shares=CPU_SHARES,
        outage=None,
        enabled=lambda stack: stack.monitoring.enabled,
    ),
    Part(
        name=exporters.REDIS_EXPORTER,
        kind=Kind.SERVICE,
        image="redis_exporter",
        memory_mib=lambda _: exporters.MEMORY_MIB,
        cpu_shares=CPU_SHARES,
        outage=None,
        enabled=_has_redis_exporter,
    ),
    Part(
        name=exporters.BLACKBOX_EXPORTER,
        kind=Kind.SERVICE,
        image="blackbox_exporter",
        memory_mib=lambda _: exporters.MEMORY_MIB,
        cpu_shares=CPU_SHARES,
        outage=None,
        enabled=lambda stack: stack.monitoring.enabled and stack.edge.https_port is not None,
    ),
    Part(
        name=grafana.ALIAS,
        kind=Kind.SERVICE,
        image="grafana",
        memory_mib=lambda stack: stack.monitoring.grafana.memory_mib,
        cpu_shares=CPU_SHARES,
        outage=None,
        enabled=lambda stack: stack.has_grafana,
        ports=lambda stack: grafana.ports(stack.monitoring.grafana),
    ),
)


def enabled_parts(stack: Settings) -> list[Part]:
    """Return the parts that a stack has."""
    return [part for part in PARTS if part.enabled(stack)]


def service_containers(stack: Settings) -> list[str]:
    """Return the names of the containers that run all the time."""
    services = (part for part in enabled_parts(stack) if part.kind is Kind.SERVICE)
    return [name for part in services for name in part.containers(stack)]


def fixed_names(stack: Settings) -> list[str]:
    """Return the parts whose container has a fixed name: the old one is gone before the new one starts."""
    services = (part for part in enabled_parts(stack) if part.kind is Kind.SERVICE and not part.doubles_in_update)
    return [part.name for part in services]


def image_names(stack: Settings) -> list[str]:
    """Return the images that a stack needs, as `gateway:images` names them."""
    return list(dict.fromkeys(part.image for part in enabled_parts(stack)))


def host_ports(stack: Settings) -> tuple[Port, ...]:
    """Return the host ports that a stack publishes."""
    return tuple(port for part in enabled_parts(stack) for port in part.ports(stack))


def job_names() -> frozenset[str]:
    """Return the names of the jobs of every stack."""
    return frozenset(part.name for part in PARTS if part.kind is Kind.JOB)


def volume_names() -> frozenset[str]:
    """Return the names of the volumes of every stack."""
    return frozenset(part.volume.name for part in PARTS if part.volume)


def outages() -> dict[str, str | None]:
    """Return what requests lose while a part does not run, by the part's name; None: nothing."""
    return {part.name: part.outage for part in PARTS}
