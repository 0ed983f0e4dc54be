"""LiteLLM's config.yaml. It holds no secret (`os.environ/NAME` only), so a preview shows its changes line by line."""

from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import Field

from components.data import redis
from components.settings.base import Section

DOCUMENTATION = "https://docs.litellm.ai/docs"


class RetryPolicy(Section):
    """How often a failed call is tried again, by the provider's error."""

    authentication: int = Field(0, ge=0, le=10)
    """AuthenticationErrorRetries: a refused key stays refused."""
    timeout: int = Field(3, ge=0, le=10)
    """TimeoutErrorRetries: the next call may be answered in time."""
    rate_limit: int = Field(5, ge=0, le=10)
    """RateLimitErrorRetries: a rate limit passes."""
    content_policy: int = Field(0, ge=0, le=10)
    """ContentPolicyViolationErrorRetries: a refused text stays refused."""
    internal_server: int = Field(3, ge=0, le=10)
    """InternalServerErrorRetries: most such errors pass."""

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
    """Failures a deployment may have within `cooldown_time` before it is left out for as long, by error."""

    bad_request: int = Field(1000, ge=0)
    """BadRequestErrorAllowedFails: the caller's fault, not the provider's."""
    authentication: int = Field(5, ge=0)
    """AuthenticationErrorAllowedFails: a refused key stays refused, which a few calls show."""
    timeout: int = Field(20, ge=0)
    """TimeoutErrorAllowedFails: a provider that is late is not down."""
    rate_limit: int = Field(10000, ge=0)
    """RateLimitErrorAllowedFails: retries handle them."""
    internal_server: int = Field(20, ge=0)
    """InternalServerErrorAllowedFails: some pass; more are an outage."""

    def render(self) -> dict[str, int]:
        """Write LiteLLM's own names."""
        return {
            "BadRequestErrorAllowedFails": self.bad_request,
            "AuthenticationErrorAllowedFails": self.authentication,
            "TimeoutErrorAllowedFails": self.timeout,
            "RateLimitErrorAllowedFails": self.rate_limit,
            "InternalServerErrorAllowedFails": self.internal_server,
        }


class DatabaseTimeouts(Section):
    """How long LiteLLM waits for its database. All in seconds (https://docs.litellm.ai/docs/proxy/prod)."""

    pool: int = Field(60, ge=1, le=600)
    """For a connection of the pool to become free (database_connection_timeout)."""
    connect: int = Field(15, ge=1, le=600)
    """For a new connection (database_connect_timeout)."""
    socket: int = Field(300, ge=1, le=3600)
    """For an answer (database_socket_timeout)."""
    statement: int = Field(60, ge=1, le=3600)
    """For one statement, which then ends on the server too (database_statement_timeout)."""
    lock: int = Field(15, ge=1, le=3600)
    """For a lock that another statement holds (database_lock_timeout)."""

    def render(self) -> dict[str, int]:
        """Write LiteLLM's own names."""
        return {
            "database_connection_timeout": self.pool,
            "database_connect_timeout": self.connect,
            "database_socket_timeout": self.socket,
            "database_statement_timeout": self.statement,
            "database_lock_timeout": self.lock,
        }


class ConfigSettings(Section):
    """What goes into config.yaml."""

    database_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Database connections a worker may open (https://docs.litellm.ai/docs/proxy/config_settings)."""
    database_timeouts: DatabaseTimeouts = DatabaseTimeouts()
    """How long LiteLLM waits for its database."""
    redis_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Redis connections a worker may open, one pool for all that it shares with others; one connection more is for
    what it asks without waiting (https://docs.litellm.ai/docs/proxy/caching)."""
    proxy_batch_write_at: int = Field(60, ge=1, le=600)
    """Seconds between two writes of the spend collected in memory (https://docs.litellm.ai/docs/proxy/prod)."""
    use_redis_transaction_buffer: bool = True
    """Whether spend is collected in Redis before it is written to Postgres. There it waits until Postgres is back;
    LiteLLM otherwise forgets it (https://docs.litellm.ai/docs/proxy/db_deadlocks)."""
    request_timeout: int = Field(600, ge=1, le=6000)
    """Seconds after which a call to a provider is given up (https://docs.litellm.ai/docs/proxy/prod)."""
    allowed_fails: int = Field(5, ge=0, le=1000)
    """Failures within `cooldown_time` before a deployment cools down, where `allowed_fails_policy` has no count for
    the error (https://docs.litellm.ai/docs/routing)."""
    cooldown_time: int = Field(60, ge=1, le=3600)
    """Seconds that a failing deployment is left out, and over which failures are counted
    (https://docs.litellm.ai/docs/routing)."""
    retry_policy: RetryPolicy | None = RetryPolicy()
    """Retries by error; null leaves LiteLLM's default (https://docs.litellm.ai/docs/routing)."""
    allowed_fails_policy: AllowedFailsPolicy | None = AllowedFailsPolicy()
    """Allowed failures by error; null leaves `allowed_fails` alone (https://docs.litellm.ai/docs/routing)."""
    store_model_in_db: bool = False
    """Whether models may be stored in the database. Then the database overrides config.yaml, and a preview tells
    half the truth (https://docs.litellm.ai/docs/proxy/config_settings)."""
    user_api_key_cache_ttl: int = Field(60, ge=5, le=86400)
    """Seconds that a worker knows a key without asking the database: for so long a key that was used goes on while
    Postgres is down, and one that was deleted or changed may go on elsewhere
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    json_logs: bool = True
    """Whether log lines are JSON objects, each with its level and time (https://docs.litellm.ai/docs/proxy/prod)."""
    alerting_threshold: int = Field(1000, ge=1, le=86400)
    """Seconds after which a request counts as hanging and is told to Slack, where `slack_webhook_url` is set
    (https://docs.litellm.ai/docs/proxy/alerting)."""
    spend_logs_retention: str | None = Field("30d", pattern="^\\d+[smhd]$")
    """How long a request's spend log is kept, e.g. 30d; null keeps all for ever, at some KiB each
    (https://docs.litellm.ai/docs/proxy/spend_logs_deletion)."""
    spend_logs_cleanup: str = Field("30 3 * * *", pattern="^(\\S+\\s){4}\\S+$")
    """When spend logs past their retention are deleted, as cron writes it, UTC. By the clock: an interval would begin
    anew with each worker, and never end where workers are replaced more often than daily
    (https://docs.litellm.ai/docs/proxy/spend_logs_deletion)."""


@dataclass(frozen=True)
class Surroundings:
    """What config.yaml tells of beside its own settings."""

    model_list: list[dict[str, Any]]
    fallbacks: list[dict[str, list[str]]]
    redis: bool = True
    """Whether the stack has one."""
    slack: bool = False
    """Whether a webhook is set. Alerting without one raises in a task for each alert and fills the log."""
    metrics: bool = False
    """Whether Prometheus asks the replicas. Counting costs about a quarter of a request's processor time."""


METRICS = {
    "callbacks": ["prometheus"],
    # Labels that callers choose: each new value would be kept, and scraped, for as long as the replica lives.
    "prometheus_exclude_labels": ["client_ip", "user_agent"],
}
"""What makes LiteLLM count (https://docs.litellm.ai/docs/proxy/prometheus)."""


def document(settings: ConfigSettings, around: Surroundings) -> dict[str, Any]:
    """Give config.yaml as data."""
    return {
        "model_list": around.model_list,
        "litellm_settings": _litellm_settings(settings, around),
        "router_settings": _router_settings(settings, around),
        "general_settings": _general_settings(settings, around),
    }


def text(settings: ConfigSettings, around: Surroundings) -> str:
    """Write config.yaml."""
    return yaml.safe_dump(document(settings, around), sort_keys=False, width=120)


def _litellm_settings(settings: ConfigSettings, around: Surroundings) -> dict[str, Any]:
    cache_params = {
        "type": "redis",
        "host": redis.ALIAS,
        "port": redis.PORT,
        "password": "os.environ/REDIS_PASSWORD",
        "max_connections": settings.redis_connection_pool_limit,
        # Coordination between workers needs Redis; answers are not cached.
        "supported_call_types": [],
    }
    return {
        "request_timeout": settings.request_timeout,
        "json_logs": settings.json_logs,
        "set_verbose": False,
        **(METRICS if around.metrics else {}),
        **({"cache": True, "cache_params": cache_params} if around.redis else {}),
    }


def _router_settings(settings: ConfigSettings, around: Surroundings) -> dict[str, Any]:
    policies = {"retry_policy": settings.retry_policy, "allowed_fails_policy": settings.allowed_fails_policy}
    return {
        "routing_strategy": "simple-shuffle",
        # No redis_host: the router takes the cache's Redis, while one of its own would be a second, unbounded pool.
        "allowed_fails": settings.allowed_fails,
        "cooldown_time": settings.cooldown_time,
        **({"fallbacks": around.fallbacks} if around.fallbacks else {}),
        **{name: policy.render() for name, policy in policies.items() if policy},
    }


def _general_settings(settings: ConfigSettings, around: Surroundings) -> dict[str, Any]:
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
        **({"alerting": ["slack"], "alerting_threshold": settings.alerting_threshold} if around.slack else {}),
        **(
            {
                "maximum_spend_logs_retention_period": retention,
                "maximum_spend_logs_cleanup_cron": settings.spend_logs_cleanup,
            }
            if retention
            else {}
        ),
    }
