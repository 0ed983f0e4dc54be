"""What can be full: for each part how much it has to carry, how much it can, and the setting that moves it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.scale.profile import Demand
from benchmarks.scale.stack import MOST_EDGES, MOST_REPLICAS, Stack, busy_processors, most
from components.data.postgres import MAX_CONNECTIONS
from components.edge.settings import EdgeSettings
from components.litellm.capacity import REQUEST_MIB
from components.stack.costs import Costs
from components.stack.expected_load import EDGE, REPLICA, UTILISATION

POSTGRES, REDIS = "postgres", "redis"
SMALL_POOL = 10
"""Connections of a worker: LiteLLM's own default (https://docs.litellm.ai/docs/proxy/config_settings)."""
REDIS_CLIENTS = 10_000
"""Redis' own `maxclients` (https://redis.io/docs/latest/develop/reference/errors/common/err-max-clients/)."""
CLUSTER_MASTERS = 3
"""The fewest of a Redis Cluster (https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/)."""
MORE_STACKS = "several stacks"
LARGER_NODES = f"larger nodes, with more `litellm.workers`; {MORE_STACKS}"


@dataclass(frozen=True)
class Change:
    """What gives a part more room."""

    setting: str
    stack: Stack | None
    """The stack with it; None: one stack has no more."""


@dataclass(frozen=True)
class Part:
    """Something that can be full."""

    name: str
    unit: str
    need: Callable[[Stack, Demand, Costs], float]
    room: Callable[[Stack], float]
    """At most, in one stack."""
    change: Callable[[Stack], Change]

    def load(self, stack: Stack, demand: Demand, costs: Costs) -> float:
        """Return which share of its room is taken; 1: it is full."""
        return self.need(stack, demand, costs) / self.room(stack)


def _postgres_connections(stack: Stack) -> Change:
    if stack.litellm.config.database_connection_pool_limit > SMALL_POOL:
        setting = f"`litellm.config.database_connection_pool_limit: {SMALL_POOL}`"
        return Change(setting, _with_pool(stack, "database_connection_pool_limit"))
    return Change("`postgres.external.pgbouncer`", replace(stack, pgbouncer=True))


def _redis_connections(stack: Stack) -> Change:
    if stack.litellm.config.redis_connection_pool_limit > SMALL_POOL:
        setting = f"`litellm.config.redis_connection_pool_limit: {SMALL_POOL}`"
        return Change(setting, _with_pool(stack, "redis_connection_pool_limit"))
    return Change(f"`redis.external` with more `maxclients`; {MORE_STACKS}", None)


def _with_pool(stack: Stack, name: str) -> Stack:
    config = stack.litellm.config.model_copy(update={name: SMALL_POOL})
    return replace(stack, litellm=stack.litellm.model_copy(update={"config": config}))


def _redis_masters(stack: Stack) -> Change:
    masters = stack.redis_masters * CLUSTER_MASTERS
    setting = f"`redis.external.startup_nodes`: a Redis Cluster of {masters} masters"
    return Change(setting, replace(stack, redis_masters=masters))


def _postgres_processors(stack: Stack) -> Change:
    processors = 2 * stack.postgres_processors
    setting = f"`postgres.external` with {processors} processors; for reads `postgres.external.read_replica`"
    return Change(setting, replace(stack, postgres_processors=processors))


def _edge_connections(stack: Stack) -> Change:
    largest = most(EdgeSettings, "max_connections")
    if stack.edge.max_connections >= largest:
        return Change(MORE_STACKS, None)
    setting = f"`edge.max_connections: {largest}`"
    return Change(setting, replace(stack, edge=stack.edge.model_copy(update={"max_connections": largest})))


def _edge_memory(stack: Stack) -> Change:
    memory = 2 * stack.edge.memory_mib
    edge = stack.edge.model_copy(update={"memory_mib": memory})
    return Change(f"`edge.memory_mib: {memory}`", replace(stack, edge=edge))


PARTS = (
    Part(
        "LiteLLM workers",
        "busy processors",
        lambda _, demand, costs: busy_processors(demand, costs)[REPLICA],
        lambda stack: MOST_REPLICAS * stack.litellm.workers * UTILISATION,
        lambda _: Change(LARGER_NODES, None),
    ),
    Part(
        "LiteLLM memory",
        "MiB of requests in flight",
        lambda _, demand, costs: demand.in_flight * costs.in_flight_mib[REPLICA],
        lambda stack: MOST_REPLICAS * stack.room_of_a_replica * REQUEST_MIB,
        lambda _: Change(LARGER_NODES, None),
    ),
    Part(
        "edge processors",
        "busy processors",
        lambda _, demand, costs: busy_processors(demand, costs)[EDGE],
        lambda _: MOST_EDGES * UTILISATION,
        lambda _: Change(MORE_STACKS, None),
    ),
    Part(
        "edge connections",
        "connections",
        lambda _, demand, __: demand.connections,
        lambda stack: MOST_EDGES * stack.edge.max_connections,
        _edge_connections,
    ),
    Part(
        "edge memory",
        "MiB",
        lambda _, demand, costs: edge_mib(demand, costs),
        lambda stack: MOST_EDGES * stack.edge.memory_mib,
        _edge_memory,
    ),
    Part(
        "Postgres connections",
        "connections",
        lambda stack, demand, costs: stack.postgres_connections(demand, costs),
        lambda stack: math.inf if stack.pgbouncer else MAX_CONNECTIONS,
        _postgres_connections,
    ),
    Part(
        "Postgres processors",
        "busy processors",
        lambda _, demand, costs: busy_processors(demand, costs)[POSTGRES],
        lambda stack: stack.postgres_processors * UTILISATION,
        _postgres_processors,
    ),
    Part(
        "Redis thread",
        "busy processors",
        lambda _, demand, costs: busy_processors(demand, costs)[REDIS],
        lambda stack: stack.redis_masters * UTILISATION,
        _redis_masters,
    ),
    Part(
        "Redis connections",
        "connections",
        lambda stack, demand, costs: stack.redis_connections(demand, costs),
        lambda _: REDIS_CLIENTS,
        _redis_connections,
    ),
)


def edge_mib(demand: Demand, costs: Costs) -> float:
    """Return the memory of all edges' connections and requests in flight."""
    idle = demand.connections / 1000 * costs.connections_mib[EDGE]
    return idle + demand.in_flight * costs.in_flight_mib[EDGE]
