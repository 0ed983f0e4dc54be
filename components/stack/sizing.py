"""What no single component can check: whether the parts of a stack fit each other. Each sentence shows the sum."""

from dataclasses import dataclass
from typing import Protocol

from components.data.postgres import MOST_CONNECTIONS, PostgresSettings
from components.data.redis import RedisSettings
from components.litellm.settings import LiteLLMSettings

CONNECTIONS_RESERVED = 15
"""Connections kept for superusers (3), the migration, backups, monitoring and a person with psql."""

OVERLAP = 2
"""An update starts all new replicas before it stops the old: for a while there are twice as many."""

MEMORY_A_WORKER = 4096
"""MiB. LiteLLM's own floor for a worker with its database engine (https://docs.litellm.ai/docs/proxy/prod)."""


class Sizes(Protocol):
    """The settings that must fit each other."""

    @property
    def production(self) -> bool:
        """Whether risks are refused."""

    @property
    def postgres(self) -> PostgresSettings:
        """The database."""

    @property
    def redis(self) -> RedisSettings:
        """The Redis."""

    @property
    def litellm(self) -> LiteLLMSettings:
        """The replicas."""


@dataclass(frozen=True)
class Findings:
    """What is wrong with a stack's sizes, a sentence each."""

    refusals: tuple[str, ...]
    """The stack must not run like this."""
    warnings: tuple[str, ...]
    """It may, outside production."""


def connections_needed(litellm: LiteLLMSettings) -> int:
    """Give the connections Postgres must take while an update runs."""
    pool = litellm.config.database_connection_pool_limit
    return pool * litellm.workers * litellm.replicas * OVERLAP + CONNECTIONS_RESERVED


def max_connections(sizes: Sizes) -> int:
    """Give what Postgres is told: the setting, or the number needed where it is `auto`."""
    allowed = sizes.postgres.max_connections
    return connections_needed(sizes.litellm) if allowed == "auto" else allowed


def crowded(litellm: LiteLLMSettings, processors: int) -> str | None:
    """Say that there are more workers than processors that they may use; None when there are not."""
    workers = litellm.workers * litellm.replicas
    if workers <= processors:
        return None
    return (
        f"litellm.workers: workers {litellm.workers} × replicas {litellm.replicas} = {workers},"
        f" more than the {processors} processors that they may use; they wait for one another"
    )


def check(sizes: Sizes) -> Findings:
    """Compare the parts' sizes."""
    checks = (_connections(sizes), _coordination(sizes), _buffer(sizes), _recycling(sizes))
    refusals = tuple(sentence for sentence in checks if sentence)
    risks = tuple(sentence for sentence in (_memory(sizes), _shutdown(sizes)) if sentence)
    return Findings(refusals + risks, ()) if sizes.production else Findings(refusals, risks)


def _connections(sizes: Sizes) -> str | None:
    allowed, needed, litellm = sizes.postgres.max_connections, connections_needed(sizes.litellm), sizes.litellm
    total = (
        f"pool {litellm.config.database_connection_pool_limit} × workers {litellm.workers}"
        f" × replicas {litellm.replicas} × {OVERLAP} while an update runs + {CONNECTIONS_RESERVED} reserved = {needed}"
    )
    if needed > MOST_CONNECTIONS:
        return (
            f"postgres.max_connections: {total}, more than the {MOST_CONNECTIONS} that there can be;"
            " lower litellm.config.database_connection_pool_limit, workers or replicas"
        )
    if allowed == "auto" or allowed >= needed:
        return None
    return f"postgres.max_connections: {allowed} is too few: {total}; set {needed} or auto"


def _coordination(sizes: Sizes) -> str | None:
    workers = sizes.litellm.workers * sizes.litellm.replicas
    if sizes.redis.enabled or workers == 1:
        return None
    return f"redis.enabled: {workers} workers would each count limits and budgets for themselves; Redis must be enabled"


def _buffer(sizes: Sizes) -> str | None:
    if not sizes.litellm.config.use_redis_transaction_buffer:
        return None
    if not sizes.redis.enabled:
        return "litellm.config.use_redis_transaction_buffer: needs redis.enabled; set it to false where there is none"
    if not sizes.redis.append_only:
        return "litellm.config.use_redis_transaction_buffer: needs redis.append_only; a restart would lose the spend"
    return None


def _recycling(sizes: Sizes) -> str | None:
    limit, workers = sizes.litellm.max_requests_before_restart, sizes.litellm.workers
    if limit is None or workers > 1:
        return None
    return (
        f"litellm.max_requests_before_restart: {limit} with workers {workers} ends the whole replica each time;"
        " set workers to 2 or more, or null"
    )


def _memory(sizes: Sizes) -> str | None:
    memory, workers = sizes.litellm.memory, sizes.litellm.workers
    needed = workers * MEMORY_A_WORKER
    if memory >= needed:
        return None
    return f"litellm.memory: {memory} MiB is too little: workers {workers} × {MEMORY_A_WORKER} MiB = {needed} MiB"


def _shutdown(sizes: Sizes) -> str | None:
    grace, request = sizes.litellm.graceful_shutdown_timeout, sizes.litellm.config.request_timeout
    if grace >= request:
        return None
    return (
        f"litellm.graceful_shutdown_timeout: {grace} s is shorter than config.request_timeout {request} s;"
        " a stop would cut answers that are still within their time"
    )
