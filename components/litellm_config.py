"""LiteLLM's config.yaml. It holds no secret (`os.environ/NAME` only), so a preview shows its changes line by line."""

from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import Field

from components import redis
from components.section import Section

DOCUMENTATION = "https://docs.litellm.ai/docs"


class RetryPolicy(Section):
    """How often a failed call is tried again, by the provider's error."""

    authentication: int = Field(0, ge=0, le=10)
    """AuthenticationErrorRetries: a refused key stays refused."""
    timeout: int = Field(3, ge=0, le=10)
    """TimeoutErrorRetries."""
    rate_limit: int = Field(5, ge=0, le=10)
    """RateLimitErrorRetries: a rate limit passes."""
    content_policy: int = Field(0, ge=0, le=10)
    """ContentPolicyViolationErrorRetries: a refused text stays refused."""
    internal_server: int = Field(3, ge=0, le=10)
    """InternalServerErrorRetries."""

    def render(self) -> dict[str, int]:
        """Write LiteLLM's own names."""
        return {
            "AuthenticationErrorRetries": self.authentication,
            "TimeoutErrorRetries": self.timeout,
            "RateLimitErrorRetries": self.rate_limit,
            "ContentPolicyViolationErrorRetries": self.content_policy,
            "InternalServerErrorRetries": self.internal_server,
        }


class AllowedFailsPolicy(Section):
    """Failures a deployment may have within a minute before it is left out for `cooldown_time`, by error."""

    bad_request: int = Field(1000, ge=0)
    """BadRequestErrorAllowedFails: the caller's fault, not the provider's."""
    authentication: int = Field(5, ge=0)
    """AuthenticationErrorAllowedFails."""
    timeout: int = Field(20, ge=0)
    """TimeoutErrorAllowedFails."""
    rate_limit: int = Field(10000, ge=0)
    """RateLimitErrorAllowedFails: retries handle them."""
    internal_server: int = Field(20, ge=0)
    """InternalServerErrorAllowedFails."""

    def render(self) -> dict[str, int]:
        """Write LiteLLM's own names."""
        return {
            "BadRequestErrorAllowedFails": self.bad_request,
            "AuthenticationErrorAllowedFails": self.authentication,
            "TimeoutErrorAllowedFails": self.timeout,
            "RateLimitErrorAllowedFails": self.rate_limit,
            "InternalServerErrorAllowedFails": self.internal_server,
        }


class ConfigSettings(Section):
    """What goes into config.yaml."""

    database_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Database connections a worker may open (https://docs.litellm.ai/docs/proxy/config_settings)."""
    redis_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Redis connections a worker may open for its cache (https://docs.litellm.ai/docs/proxy/caching)."""
    proxy_batch_write_at: int = Field(60, ge=1, le=600)
    """Seconds between two writes of the spend collected in memory (https://docs.litellm.ai/docs/proxy/prod)."""
    request_timeout: int = Field(600, ge=1, le=6000)
    """Seconds after which a call to a provider is given up (https://docs.litellm.ai/docs/proxy/prod)."""
    allowed_fails: int = Field(5, ge=0, le=1000)
    """Failures in a minute before a deployment cools down, where `allowed_fails_policy` has no count for the error
    (https://docs.litellm.ai/docs/routing)."""
    cooldown_time: int = Field(60, ge=1, le=3600)
    """Seconds that a failing deployment is left out."""
    retry_policy: RetryPolicy | None = RetryPolicy()
    """Retries by error; null leaves LiteLLM's default (https://docs.litellm.ai/docs/routing)."""
    allowed_fails_policy: AllowedFailsPolicy | None = AllowedFailsPolicy()
    """Allowed failures by error; null leaves `allowed_fails` alone (https://docs.litellm.ai/docs/routing)."""
    store_model_in_db: bool = False
    """Whether models may be stored in the database. Then the database overrides config.yaml, and a preview tells
    half the truth."""
    json_logs: bool = True
    """Whether log lines are JSON objects."""
    prometheus: bool = True
    """Whether each replica serves /metrics (https://docs.litellm.ai/docs/proxy/prometheus)."""
    spend_logs_retention: str | None = Field("30d", pattern="^\\d+[smhd]$")
    """How long a request's spend log is kept, e.g. 30d; null keeps all for ever."""


@dataclass(frozen=True)
class Models:
    """The models of a stack, in LiteLLM's shapes."""

    model_list: list[dict[str, Any]]
    fallbacks: list[dict[str, list[str]]]


def document(settings: ConfigSettings, models: Models) -> dict[str, Any]:
    """Give config.yaml as data."""
    return {
        "model_list": models.model_list,
        "litellm_settings": _litellm_settings(settings),
        "router_settings": _router_settings(settings, models),
        "general_settings": _general_settings(settings),
    }


def text(settings: ConfigSettings, models: Models) -> str:
    """Write config.yaml."""
    return yaml.safe_dump(document(settings, models), sort_keys=False, width=120)


def _litellm_settings(settings: ConfigSettings) -> dict[str, Any]:
    return {
        "request_timeout": settings.request_timeout,
        "json_logs": settings.json_logs,
        "set_verbose": False,
        **({"callbacks": ["prometheus"]} if settings.prometheus else {}),
        "cache": True,
        "cache_params": {
            "type": "redis",
            **_redis("host", "port", "password"),
            "max_connections": settings.redis_connection_pool_limit,
            # Coordination between workers needs Redis; answers are not cached unless a caller's key asks for it.
            "supported_call_types": [],
        },
    }


def _router_settings(settings: ConfigSettings, models: Models) -> dict[str, Any]:
    policies = {"retry_policy": settings.retry_policy, "allowed_fails_policy": settings.allowed_fails_policy}
    return {
        "routing_strategy": "simple-shuffle",
        **_redis("redis_host", "redis_port", "redis_password"),
        "allowed_fails": settings.allowed_fails,
        "cooldown_time": settings.cooldown_time,
        **({"fallbacks": models.fallbacks} if models.fallbacks else {}),
        **{name: policy.render() for name, policy in policies.items() if policy},
    }


def _general_settings(settings: ConfigSettings) -> dict[str, Any]:
    retention = settings.spend_logs_retention
    return {
        "master_key": "os.environ/LITELLM_MASTER_KEY",
        "database_url": "os.environ/DATABASE_URL",
        "database_connection_pool_limit": settings.database_connection_pool_limit,
        "proxy_batch_write_at": settings.proxy_batch_write_at,
        "store_model_in_db": settings.store_model_in_db,
        **({"maximum_spend_logs_retention_period": retention} if retention else {}),
    }


def _redis(host: str, port: str, password: str) -> dict[str, Any]:
    return {host: redis.ALIAS, port: redis.PORT, password: "os.environ/REDIS_PASSWORD"}
