"""What keeps a stack from running on an external Redis, and its risks, a sentence each. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.data.external.failure import Failure, ServerPlace, failure, shortened, unusable
from components.data.external.settings import ExternalRedisSettings
from components.data.tls import TlsMode

PATH = "redis.external"
OLDEST_VERSION = 7
"""LiteLLM's own floor (https://docs.litellm.ai/docs/proxy/redis_requirements)."""


def refusals(settings: ExternalRedisSettings, facts: Mapping[str, Any]) -> Iterator[str]:
    """Return what is wrong with a Redis, from what the probe found there."""
    if error := facts.get("error"):
        yield _unusable(settings, str(error))
        return
    version = str(facts["redis_version"])
    if int(version.partition(".")[0]) < OLDEST_VERSION:
        yield f"{PATH}: {address(settings)} is Redis {version}, too old; {OLDEST_VERSION}.0 or newer is needed"
    if facts["cluster_enabled"] and not settings.startup_nodes:
        yield f"{PATH}.host: {address(settings)} is a node of a Redis Cluster; name its nodes in startup_nodes"
    elif facts["role"] == "slave" and settings.host:
        yield f"{PATH}.host: {address(settings)} is a replica, which takes no writes; name the master"


def warnings(settings: ExternalRedisSettings, facts: Mapping[str, Any]) -> Iterator[str]:
    """Return what a Redis may lose, from what the probe found there."""
    policy = facts.get("maxmemory_policy")
    if policy not in (None, "noeviction"):
        yield f"{PATH}: {address(settings)} drops limits and spend when it is full (maxmemory-policy {policy})"
    if facts.get("aof_enabled") == 0:
        yield f"{PATH}: {address(settings)} has no append-only file: its restart loses spend that waits in it"


def address(settings: ExternalRedisSettings) -> str:
    """Return where the Redis is, for a sentence."""
    if settings.host:
        return f"{settings.host}:{settings.port}"
    nodes = settings.startup_nodes or settings.sentinel_nodes
    return ", ".join(f"{node.host}:{node.port}" for node in nodes)


def _unusable(settings: ExternalRedisSettings, error: str) -> str:
    place, reason, user = address(settings), shortened(error), settings.username or "default"
    key = next(key for key in ("host", "startup_nodes", "sentinel_nodes") if getattr(settings, key))
    match failure(error):
        case Failure.UNREACHABLE if settings.tls.mode is TlsMode.DISABLE and "closed" in error:
            return f"{PATH}.tls.mode: {place} closes a connection without TLS"
        case Failure.LOGIN:
            return f"redis_password: {place} refuses the user {user} with this password"
        case Failure.NO_CLUSTER:
            return f"{PATH}.startup_nodes: {place} is no Redis Cluster; name it in host"
        case Failure.NO_MASTER:
            return f"{PATH}.service_name: {place} know no master {settings.service_name}: {reason}"
        case Failure.RIGHTS:
            return f"{PATH}.username: {place} forbids {user} what LiteLLM does: {reason}"
        case _:
            return unusable(ServerPlace(PATH, f"{PATH}.{key}", f"{PATH}.tls", place), error)
