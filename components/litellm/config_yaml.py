"""LiteLLM's config.yaml. It holds no secret (`os.environ/NAME` only), so a preview shows its changes line by line."""

from dataclasses import dataclass
from typing import Any

import yaml

from components.data import redis
from components.litellm.config_settings import ConfigSettings


@dataclass(frozen=True)
class ConfigContext:
    """What config.yaml needs beside its own settings."""

    model_list: list[dict[str, Any]]
    fallbacks: list[dict[str, list[str]]]
    redis: bool = True
    """Whether the stack has one."""
    slack: bool = False
    """Whether a webhook is set. Without one every alert raises an error and fills the log."""
    metrics: bool = False
    """Whether Prometheus scrapes the replicas. Metrics cost about a quarter of a request's processor time."""


METRICS = {
    "callbacks": ["prometheus"],
    # Callers choose the values of these labels; each new one would be kept and scraped for the life of the replica.
    "prometheus_exclude_labels": ["client_ip", "user_agent"],
}
"""What turns LiteLLM's metrics on (https://docs.litellm.ai/docs/proxy/prometheus)."""


def document(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    """Return config.yaml as data."""
    return {
        "model_list": context.model_list,
        "litellm_settings": _litellm_settings(settings, context),
        "router_settings": _router_settings(settings, context),
        "general_settings": _general_settings(settings, context),
    }


def config_yaml(settings: ConfigSettings, context: ConfigContext) -> str:
    """Return config.yaml as text."""
    return yaml.safe_dump(document(settings, context), sort_keys=False, width=120)


def _litellm_settings(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    cache_params = {
        "type": "redis",
        "host": redis.ALIAS,
        "port": redis.PORT,
        "password": "os.environ/REDIS_PASSWORD",
        "max_connections": settings.redis_connection_pool_limit,
        # Redis serves the coordination between workers; answers are not cached.
        "supported_call_types": [],
    }
    return {
        "request_timeout": settings.request_timeout,
        "json_logs": settings.json_logs,
        "set_verbose": False,
        **(METRICS if context.metrics else {}),
        **({"cache": True, "cache_params": cache_params} if context.redis else {}),
    }


def _router_settings(settings: ConfigSettings, context: ConfigContext) -> dict[str, Any]:
    policies = {"retry_policy": settings.retry_policy, "allowed_fails_policy": settings.allowed_fails_policy}
    return {
        "routing_strategy": "simple-shuffle",
        # No redis_host: the router uses the cache's Redis. Its own would be a second, unbounded pool.
        "allowed_fails": settings.allowed_fails,
        "cooldown_time": settings.cooldown_time,
        **({"fallbacks": context.fallbacks} if context.fallbacks else {}),
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
        "user_api_key_cache_ttl": settings.user_api_key_cache_ttl,
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
