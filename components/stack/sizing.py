"""The checks that the sizes of a stack's parts fit each other. Each sentence shows the sum."""

from dataclasses import dataclass

from components.data.postgres import MAX_CONNECTIONS
from components.litellm import capacity
from components.litellm.settings import LiteLLMSettings
from components.stack import expected_load
from components.stack.settings import Settings

CONNECTIONS_RESERVED = 15
"""Connections kept for superusers (3), the migration, backups, monitoring and a person with psql."""

OVERLAP = 2
"""An update starts all new replicas before it stops the old: for a while there are twice as many."""

WORKER_MEMORY_MIB = 4096
"""LiteLLM's own floor for a worker with its database engine (https://docs.litellm.ai/docs/proxy/prod)."""


@dataclass(frozen=True)
class Findings:
    """What is wrong with a stack, a sentence each."""

    refusals: tuple[str, ...]
    """The stack must not run like this."""
    warnings: tuple[str, ...]
    """It may, outside production."""


def connections_needed(litellm: LiteLLMSettings, replicas: int) -> int:
    """Return the connections that Postgres must take while an update of so many replicas runs."""
    pool = litellm.config.database_connection_pool_limit
    return pool * litellm.workers * replicas * OVERLAP + CONNECTIONS_RESERVED


def connections_total(stack: Settings) -> tuple[int, str]:
    """Return the connections that Postgres must take while an update runs, and the sum in words."""
    litellm, needed = stack.litellm, connections_needed(stack.litellm, stack.max_replicas)
    return needed, (
        f"pool {litellm.config.database_connection_pool_limit} × workers {litellm.workers} × replicas"
        f" {stack.max_replicas} × {OVERLAP} while an update runs + {CONNECTIONS_RESERVED} reserved = {needed}"
    )


def max_connections(stack: Settings) -> int:
    """Return the number that the setting `postgres.max_connections` stands for."""
    allowed = stack.postgres.max_connections
    return connections_needed(stack.litellm, stack.max_replicas) if allowed == "auto" else allowed


def too_few_processors(litellm: LiteLLMSettings, processors: int) -> str | None:
    """Return a warning when there are more workers than processors for them; None when there are not."""
    workers = litellm.workers * litellm.replicas
    if workers <= processors:
        return None
    return (
        f"litellm.workers: workers {litellm.workers} × replicas {litellm.replicas} = {workers},"
        f" more than the {processors} processors for them; they wait for each other"
    )


def check(stack: Settings) -> Findings:
    """Return what does not fit."""
    checks = (_connections(stack), _coordination(stack), _buffer(stack), _cache(stack), _mock(stack), _recycling(stack))
    refusals = tuple(sentence for sentence in checks if sentence)
    sizes = (_memory(stack), _shutdown(stack), _bodies(stack), _requests(stack))
    risks = tuple(sentence for sentence in (*sizes, *expected_load.check(stack)) if sentence)
    return Findings(refusals + risks, ()) if stack.production else Findings(refusals, risks)


def _connections(stack: Settings) -> str | None:
    if stack.postgres.external:
        # What an external server takes is seen at a preview, not set.
        return None
    allowed, needed, total = stack.postgres.max_connections, *connections_total(stack)
    if needed > MAX_CONNECTIONS:
        return (
            f"postgres.max_connections: {total}, more than the possible {MAX_CONNECTIONS};"
            " lower litellm.config.database_connection_pool_limit, workers or replicas"
        )
    if allowed == "auto" or allowed >= needed:
        return None
    return f"postgres.max_connections: {allowed} is too few: {total}; set {needed} or auto"


def _coordination(stack: Settings) -> str | None:
    workers = stack.litellm.workers * stack.max_replicas
    if stack.redis.enabled or workers == 1:
        return None
    return f"redis.enabled: {workers} workers would each count limits and budgets for themselves; set it to true"


def _buffer(stack: Settings) -> str | None:
    if not stack.litellm.config.use_redis_transaction_buffer:
        return None
    if not stack.redis.enabled:
        return "litellm.config.use_redis_transaction_buffer: needs redis.enabled; set it to false where there is none"
    if not stack.redis.append_only:
        return "litellm.config.use_redis_transaction_buffer: needs redis.append_only; a restart would lose the spend"
    return None


def _cache(stack: Settings) -> str | None:
    if stack.redis.enabled or stack.litellm.config.response_cache is None:
        return None
    return "litellm.config.response_cache: needs redis.enabled, where answers are kept"


def _mock(stack: Settings) -> str | None:
    if not (stack.production and stack.mock_provider.enabled):
        return None
    return "mock_provider.enabled: must be false in production: it answers in place of every model"


def _recycling(stack: Settings) -> str | None:
    limit, workers = stack.litellm.max_requests_before_restart, stack.litellm.workers
    if limit is None or workers > 1:
        return None
    return (
        f"litellm.max_requests_before_restart: {limit} with workers {workers} ends the whole replica each time;"
        " set workers to 2 or more, or null"
    )


def _memory(stack: Settings) -> str | None:
    memory, workers = stack.litellm.memory_mib, stack.litellm.workers
    needed = workers * WORKER_MEMORY_MIB
    if memory >= needed:
        return None
    return f"litellm.memory_mib: {memory} MiB is too little: workers {workers} × {WORKER_MEMORY_MIB} MiB = {needed} MiB"


def _bodies(stack: Settings) -> str | None:
    """A worker answers 413 to a body that it has no memory for, so this is about what clients may send."""
    largest, litellm = stack.edge.max_body_mib, stack.litellm
    room = capacity.body_bytes(litellm, metrics=stack.monitoring.enabled) // 2**20
    if largest <= room:
        return None
    total = f"{largest} MiB × {capacity.BODY_COPIES} copies = {largest * capacity.BODY_COPIES} MiB"
    return (
        f"edge.max_body_mib: {total} is more than a worker has for bodies;"
        f" it takes {room} MiB of litellm.memory_mib {litellm.memory_mib};"
        f" set {room}, or more memory"
    )


def _requests(stack: Settings) -> str | None:
    given = stack.edge.replica_concurrency
    most = capacity.requests_of_a_replica(stack.litellm, metrics=stack.monitoring.enabled)
    if given == "auto" or given <= most:
        return None
    memory, total = stack.litellm.memory_mib, f"{given} × {capacity.REQUEST_MIB} MiB"
    total += f" = {given * capacity.REQUEST_MIB:.0f} MiB"
    return (
        f"edge.replica_concurrency: {total} is more than litellm.memory_mib {memory} has for requests;"
        f" set {most} or auto"
    )


def _shutdown(stack: Settings) -> str | None:
    stop, request = stack.litellm.stop_timeout, stack.litellm.config.request_timeout
    if stop >= request:
        return None
    return (
        f"litellm.stop_timeout: {stop} s is shorter than config.request_timeout {request} s;"
        " a stop would cut answers that are still within their time"
    )
