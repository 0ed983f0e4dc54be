"""LiteLLM's cache: the gateway's own Redis, and whether answers are kept in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ops.adopt.draft import Kind, Outcome, Place
from ops.adopt.mapping.context import Context, Rule

SETTING = "litellm.config.response_cache"
SERVER = ("host", "port", "password", "url", "ssl", "username", "redis_startup_nodes", "sentinel_nodes", "service_name")
IN_REDIS = ("redis", "redis-cluster", "local", None)
"""Types of caches that the stack's Redis stands in for."""


class Cache(Rule):
    """Whether there is a cache: without `supported_call_types: []` it keeps answers."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Turn the response cache on where the old one kept answers in Redis or in memory."""
        settings = context.config.get("litellm_settings", {}).get("cache_params")
        params = settings if isinstance(settings, Mapping) else {}
        if not value:
            context.draft.outcome(place, Outcome(Kind.STACK, SETTING, "null: no answers are kept"))
        elif params.get("supported_call_types") == []:
            context.draft.by_gateway(place, "Redis coordinates the workers; no answers are kept, as before")
        elif params.get("type") not in IN_REDIS:
            context.draft.no_counterpart(
                place, f"answers are kept in Redis only, not in {params['type']}; none are kept"
            )
        else:
            context.draft.set(SETTING, {}, place, "answers are kept in the gateway's own Redis")


class CacheParams(Rule):
    """How the cache works."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Take over lifetime, kinds of calls and pool."""
        for key, given in value.items() if isinstance(value, Mapping) else ():
            inner = replace(place, path=(*place.path, str(key)))
            keeps = context.draft.get(SETTING) is not None
            if key == "max_connections":
                context.draft.set("litellm.config.redis_connection_pool_limit", context.variables.resolve(given), inner)
            elif key in ("type", *SERVER):
                context.draft.by_gateway(inner, "the gateway has its own Redis, with its own password")
            elif key in ("ttl", "supported_call_types") and keeps:
                name = "ttl" if key == "ttl" else "call_types"
                context.draft.set(f"{SETTING}.{name}", context.variables.resolve(given), inner)
            elif key == "supported_call_types" and not given:
                context.draft.by_gateway(inner, "no answers are kept")
            else:
                context.draft.no_counterpart(inner, "the gateway decides it" if keeps else "no answers are kept")
