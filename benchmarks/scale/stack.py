"""The stack on paper: its nodes, its settings, and how many of each a load takes."""

import math
from dataclasses import dataclass, field

from annotated_types import Le

from benchmarks.scale.profile import Demand
from components.edge.settings import EdgeSettings
from components.engine.kubernetes.settings import KubernetesSettings
from components.litellm import capacity
from components.litellm.settings import LiteLLMSettings
from components.settings.base import SettingsModel
from components.stack.costs import Costs
from components.stack.expected_load import EDGE, INGRESS, REPLICA, UTILISATION, processors, workers_needed
from components.stack.sizing import OVERLAP, WORKER_MEMORY_MIB, connections_needed


def most(settings: type[SettingsModel], name: str) -> int:
    """Return the largest value that a setting may have."""
    (limit,) = [each.le for each in settings.model_fields[name].metadata if isinstance(each, Le)]
    assert isinstance(limit, int)
    return limit


MOST_REPLICAS, MOST_WORKERS = most(LiteLLMSettings, "replicas"), most(LiteLLMSettings, "workers")
MOST_EDGES = most(KubernetesSettings, "edge_replicas")
MOST_NODES = 100
SURGE_NODES = 1
"""For the new replica of an update, with `kubernetes.max_surge: 1`."""


@dataclass(frozen=True)
class Node:
    """A machine of the cluster."""

    processors: int = 8
    memory_mib: int = 32 * 1024
    kept_processors: int = 1
    """For an edge and the system."""
    kept_memory_mib: int = 2048

    @property
    def workers(self) -> int:
        """The workers of the one replica on it."""
        memory = (self.memory_mib - self.kept_memory_mib) // WORKER_MEMORY_MIB
        return min(MOST_WORKERS, self.processors - self.kept_processors, memory)


def replica_of(node: Node) -> LiteLLMSettings:
    """Return the settings of replicas that fill such a node each, with this program's defaults otherwise."""
    return LiteLLMSettings(workers=node.workers, memory_mib=node.workers * WORKER_MEMORY_MIB)


@dataclass(frozen=True)
class Stack:
    """One stack on a cluster, with the settings' defaults. It gets as many replicas and edges as a load needs."""

    node: Node = Node()
    litellm: LiteLLMSettings = field(default_factory=lambda: replica_of(Node()))
    edge: EdgeSettings = field(default_factory=EdgeSettings)
    pgbouncer: bool = False
    """Whether replicas reach an external Postgres through a PgBouncer."""
    postgres_processors: int = Node().processors
    redis_masters: int = 1
    """More than one: an external Redis Cluster."""

    @property
    def room_of_a_replica(self) -> int:
        """Requests in flight at one replica."""
        return capacity.requests_of_a_replica(self.litellm, metrics=True)

    def replicas(self, demand: Demand, costs: Costs) -> int:
        """Return how many replicas the load needs, however many a stack may have."""
        by_processors = math.ceil(workers_needed(demand.load, costs) / self.litellm.workers)
        return max(by_processors, math.ceil(demand.in_flight / self.room_of_a_replica))

    def edges(self, demand: Demand, costs: Costs) -> int:
        """Return how many edges it needs: two at least, so that one may be lost."""
        by_processor = math.ceil(round(busy_processors(demand, costs)[EDGE] / UTILISATION, 6))
        return max(2, by_processor, math.ceil(demand.connections / self.edge.max_connections))

    def nodes(self, demand: Demand, costs: Costs) -> int:
        """Return how many nodes it needs: one a replica, one for updates, and those of all other parts."""
        busy = busy_processors(demand, costs)
        others = sum(busy[part] for part in busy if part != REPLICA) / UTILISATION / self.node.processors
        return self.replicas(demand, costs) + SURGE_NODES + math.ceil(round(others, 6))

    def postgres_connections(self, demand: Demand, costs: Costs) -> int:
        """Return the most connections of its replicas' pools, while an update runs."""
        return connections_needed(self.litellm, self.replicas(demand, costs))

    def redis_connections(self, demand: Demand, costs: Costs) -> int:
        """Return the same for Redis, where each worker has one beside its pool."""
        pool = self.litellm.config.redis_connection_pool_limit + 1
        return pool * self.litellm.workers * self.replicas(demand, costs) * OVERLAP


def busy_processors(demand: Demand, costs: Costs) -> dict[str, float]:
    """Return the processors that a demand keeps busy, by part, on a cluster, which has no ingress."""
    busy = processors(demand.load, costs)
    busy[EDGE] += demand.connections / 1000 * costs.connections_ms[EDGE] / 1000
    return {part: used for part, used in busy.items() if part != INGRESS}
