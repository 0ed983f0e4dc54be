"""LiteLLM's config.yaml. It holds no secret (`os.environ/NAME` only), so a preview shows its changes line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from components.data import redis
from components.data.redis import RedisSettings
from components.data.redis_connection import RedisConnection
from components.litellm.config_settings import ConfigSettings

Fallbacks = Mapping[str, list[dict[str, list[str]]]]
"""LiteLLM's lists of fallbacks by kind."""

SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The C dumper writes 1,800 models in the time in which the other writes 300."""

METRICS_LABELS = ["client_ip", "user_agent"]
"""Labels that callers choose the values of: each new one would be kept and scraped for the life of the replica."""
CHOICE_OF_METRICS = "prometheus_metrics_config"
"""LiteLLM's setting that names the metrics which are counted (https://docs.litellm.ai/docs/proxy/prometheus)."""


@dataclass(frozen=True)
class ConfigContext:
    """What config.yaml needs beside its own settings."""

    model_list: list[dict[str, Any]]
    fallbacks: Fallbacks = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    """More names of models → the model."""
    redis: RedisConnection | None = field(default_factory=lambda: redis.connection(RedisSettings()))
    """How it is reached; None: the stack has none."""
    slack: bool = False
    """Whether a webhook is set. Without one every alert raises an error and fills the log."""
    requests_of_a_worker: int | None = None
    """Requests in flight that a worker has memory for; None: no limit is written."""
    metrics: bool = False
    """Whether Prometheus scrapes the replicas."""
    only_metrics: tuple[str, ...] = ()
    """The metrics of requests that are counted; none: all that LiteLLM has."""


def document(settings: ConfigSettings, context: ConfigContext, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return config.yaml as data: what the gateway writes, merged with the stack's own keys.

    Args:
        settings: the typed settings.
        context: the rest of the stack.
        own: sections under LiteLLM's own names, checked by `own_config.refusals`.
    """
    written = {
        "model_list": context.model_list,
        "litellm_settings": _litellm_settings(settings, context),
        "router_settings": _router_settings(settings, context),
        "general_settings": _general_settings(settings, context),
    }
    return written | {section: _merged(written.get(section), values) for section, values in (own or {}).items()}


def config_yaml(settings: ConfigSettings, context: ConfigContext, own: Mapping[str, Any] | None = None) -> str:
    """Return config.yaml as text."""
    written = document(settings, context, own)
    return str(yaml.dump(written, Dumper=SAFE_DUMPER, sort_keys=False, width=120))


def _merged(written: Any, own: Any) -> Any:
    """Return a section with the stack's own keys behind the gateway's. A list of both is joined."""
    if not isinstance(written, dict) or not isinstance(own, Mapping):
        return own
    lists = {name: value if isinstance(value, list) else [value] for name, value in own.items()}
    joined = {
        name: [*written[name], *(item for item in lists[name] if item not in written[name])]
        for name in own
        if isinstance(written.get(name), list)
    }
    return {**written, **own, **joined}


def _litellm_settings(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    return {
        "request_timeout": settings.request_timeout,
        "json_logs": settings.json_logs,
        "set_verbose": False,
        **({"drop_params": True} if settings.drop_params else {}),
        **({"request_correlation_in_logs": True} if settings.request_correlation_in_logs else {}),
        **({} if settings.num_retries is None else {"num_retries": settings.num_retries}),
        **settings.budget.render(),
        **(_metrics(context.only_metrics) if context.metrics else {}),
        **({"cache": True, "cache_params": _cache_params(settings, context.redis)} if context.redis else {}),
    }


def _metrics(only: tuple[str, ...]) -> dict[str, Any]:
    """Return the settings of Prometheus's callback (https://docs.litellm.ai/docs/proxy/prometheus)."""
    return {
        "callbacks": ["prometheus"],
        "prometheus_exclude_labels": METRICS_LABELS,
        **({CHOICE_OF_METRICS: [{"group": "gateway", "metrics": [*only]}]} if only else {}),
    }


def _cache_params(settings: ConfigSettings, connection: RedisConnection) -> dict[str, Any]:
    return {
        "type": "redis",
        **connection.client_parameters,
        "max_connections": settings.redis_connection_pool_limit,
        # Redis serves the coordination between workers. Answers are cached only where the setting says so.
        "supported_call_types": [kind.value for kind in settings.response_cache.call_types]
        if settings.response_cache
        else [],
        **({"ttl": settings.response_cache.ttl} if settings.response_cache else {}),
    }


def _router_settings(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    policies = {"retry_policy": settings.retry_policy, "allowed_fails_policy": settings.allowed_fails_policy}
    most = context.requests_of_a_worker
    return {
        # A provider that hangs costs its own callers alone: beyond half of a worker's requests they get 429.
        **({"default_max_parallel_requests": max(1, most // 2)} if most else {}),
        "routing_strategy": settings.routing_strategy.value,
        # No redis_host: the router uses the cache's Redis. Its own would be a second, unbounded pool.
        "allowed_fails": settings.allowed_fails,
        "cooldown_time": settings.cooldown_time,
        **context.fallbacks,
        **({"model_group_alias": dict(context.aliases)} if context.aliases else {}),
        **{name: policy.render() for name, policy in policies.items() if policy},
    }


def _general_settings(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    retention = settings.spend_logs_retention
    return {
        "master_key": "os.environ/LITELLM_MASTER_KEY",
        "database_url": "os.environ/DATABASE_URL",
        "database_connection_pool_limit": settings.database_connection_pool_limit,
        **settings.database_timeouts.render(),
        "proxy_batch_write_at": settings.proxy_batch_write_at,
        "use_redis_transaction_buffer": settings.use_redis_transaction_buffer,
        "store_model_in_db": settings.store_model_in_db,
        # The edge bounds the sum of a replica's workers; this holds where one of them gets more than its part.
        **({"max_in_flight_requests_per_worker": context.requests_of_a_worker} if context.requests_of_a_worker else {}),
        "user_api_key_cache_ttl": settings.user_api_key_cache_ttl,
        # The edge names the client and nobody else can: for LiteLLM, clients connect directly.
        "trusted_proxy_ranges": [],
        **({"disable_error_logs": True} if settings.disable_error_logs else {}),
        **({"allow_requests_on_db_unavailable": True} if settings.allow_requests_on_db_unavailable else {}),
        **({"alerting": ["slack"], "alerting_threshold": settings.alerting_threshold} if context.slack else {}),
        **(
            {
                "maximum_spend_logs_retention_period": retention,
                "maximum_spend_logs_cleanup_cron": settings.spend_logs_cleanup,
            }
            if retention
            else {}
        ),
    }
