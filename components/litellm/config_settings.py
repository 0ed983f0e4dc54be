"""The settings that become LiteLLM's config.yaml."""

from enum import StrEnum
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from components.settings.base import SettingsModel
from components.settings.errors import nearest
from components.settings.schedule import Schedule


class RetryPolicy(SettingsModel):
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
        """Return the policy under LiteLLM's own names."""
        return {
            "AuthenticationErrorRetries": self.authentication,
            "TimeoutErrorRetries": self.timeout,
            "RateLimitErrorRetries": self.rate_limit,
            "ContentPolicyViolationErrorRetries": self.content_policy,
            "InternalServerErrorRetries": self.internal_server,
        }


class AllowedFailsPolicy(SettingsModel):
    """Failures of a deployment within `cooldown_time` before it is left out for as long, by error."""

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
        """Return the policy under LiteLLM's own names."""
        return {
            "BadRequestErrorAllowedFails": self.bad_request,
            "AuthenticationErrorAllowedFails": self.authentication,
            "TimeoutErrorAllowedFails": self.timeout,
            "RateLimitErrorAllowedFails": self.rate_limit,
            "InternalServerErrorAllowedFails": self.internal_server,
        }


class DatabaseTimeouts(SettingsModel):
    """How long LiteLLM waits for its database (https://docs.litellm.ai/docs/proxy/prod)."""

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
        """Return the policy under LiteLLM's own names."""
        return {
            "database_connection_timeout": self.pool,
            "database_connect_timeout": self.connect,
            "database_socket_timeout": self.socket,
            "database_statement_timeout": self.statement,
            "database_lock_timeout": self.lock,
        }


class Budget(SettingsModel):
    """Spend that the whole gateway may cause (https://docs.litellm.ai/docs/proxy/users)."""

    max_budget: float | None = Field(None, gt=0)
    """USD in each period, over all keys; null: no limit."""
    budget_duration: str = Field("30d", pattern=r"^[1-9]\d*(s|m|h|d|mo)$")
    """Length of a period, such as 30d."""
    timezone: str | None = Field(None, pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$")
    """Time zone in which budgets of all keys begin anew at midnight, such as Europe/Berlin; null: UTC."""

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        # A machine without a database of time zones knows none.
        known = sorted(available_timezones())
        if value and known and value not in known:
            raise ValueError(f"{value!r} is no time zone; {nearest(value, known)}")
        return value

    def render(self) -> dict[str, float | str]:
        """Return the budget under LiteLLM's own names."""
        found: dict[str, float | str] = {"timezone": self.timezone} if self.timezone else {}
        if self.max_budget is not None:
            found |= {"max_budget": self.max_budget, "budget_duration": self.budget_duration}
        return found


class CallType(StrEnum):
    """A kind of call, as LiteLLM's caches name it (litellm/types/caching.py)."""

    ACOMPLETION = "acompletion"
    """Chat; the proxy's own calls are those that begin with an `a`."""
    COMPLETION = "completion"
    AEMBEDDING = "aembedding"
    EMBEDDING = "embedding"
    ATEXT_COMPLETION = "atext_completion"
    TEXT_COMPLETION = "text_completion"
    ARERANK = "arerank"
    RERANK = "rerank"
    ATRANSCRIPTION = "atranscription"
    TRANSCRIPTION = "transcription"
    ARESPONSES = "aresponses"
    RESPONSES = "responses"
    AANTHROPIC_MESSAGES = "aanthropic_messages"
    ANTHROPIC_MESSAGES = "anthropic_messages"


class ResponseCache(SettingsModel):
    """Answers kept in Redis and given again for the same request (https://docs.litellm.ai/docs/proxy/caching)."""

    call_types: tuple[CallType, ...] = (
        CallType.ACOMPLETION,
        CallType.AEMBEDDING,
        CallType.ATEXT_COMPLETION,
        CallType.ARERANK,
    )
    """Kinds of calls whose answers are kept, by LiteLLM's names."""
    ttl: int = Field(600, ge=1, le=2592000)
    """How long an answer is kept."""


class RoutingStrategy(StrEnum):
    """How the router chooses among a model's deployments (https://docs.litellm.ai/docs/routing)."""

    SIMPLE_SHUFFLE = "simple-shuffle"
    """By chance, weighted by `weight`, `rpm` or `tpm`. It costs no call of Redis."""
    LEAST_BUSY = "least-busy"
    LATENCY = "latency-based-routing"
    COST = "cost-based-routing"
    USAGE = "usage-based-routing"
    USAGE_V2 = "usage-based-routing-v2"


class ConfigSettings(SettingsModel):
    """What goes into config.yaml. Everything without a setting here goes into `litellm.config_yaml`."""

    database_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Maximum number of database connections of a worker (https://docs.litellm.ai/docs/proxy/config_settings)."""
    database_timeouts: DatabaseTimeouts = DatabaseTimeouts()
    """How long LiteLLM waits for its database."""
    redis_connection_pool_limit: int = Field(50, ge=1, le=500)
    """Size of a worker's asynchronous Redis pool; its synchronous client uses one more connection
    (https://docs.litellm.ai/docs/proxy/caching)."""
    proxy_batch_write_at: int = Field(60, ge=1, le=600)
    """Time between two writes of the spend that was collected (https://docs.litellm.ai/docs/proxy/prod)."""
    use_redis_transaction_buffer: bool = True
    """Whether spend is collected in Redis before it is written to Postgres. It waits there while Postgres is down;
    otherwise LiteLLM loses it (https://docs.litellm.ai/docs/proxy/db_deadlocks)."""
    request_timeout: int = Field(600, ge=1, le=6000)
    """Time limit of a call to a provider (https://docs.litellm.ai/docs/proxy/prod)."""
    allowed_fails: int = Field(5, ge=0, le=1000)
    """Failures within `cooldown_time` before a deployment cools down, where `allowed_fails_policy` has no count for
    the error (https://docs.litellm.ai/docs/routing)."""
    cooldown_time: int = Field(60, ge=1, le=3600)
    """How long a failing deployment is left out, and over which failures are counted
    (https://docs.litellm.ai/docs/routing)."""
    retry_policy: RetryPolicy | None = RetryPolicy()
    """Retries by error; null leaves LiteLLM's default (https://docs.litellm.ai/docs/routing)."""
    allowed_fails_policy: AllowedFailsPolicy | None = AllowedFailsPolicy()
    """Allowed failures by error; null leaves `allowed_fails` alone (https://docs.litellm.ai/docs/routing)."""
    store_model_in_db: bool = False
    """Whether models may be stored in the database. Then the database overrides config.yaml, and a preview does not
    show all changes (https://docs.litellm.ai/docs/proxy/config_settings)."""
    user_api_key_cache_ttl: int = Field(60, ge=5, le=86400)
    """How long a worker caches a key. For so long a cached key works while Postgres is down, and a key that was
    deleted or changed may still work on another worker
    (https://docs.litellm.ai/docs/proxy/config_settings)."""
    json_logs: bool = True
    """Whether log lines are JSON objects, each with its level and time (https://docs.litellm.ai/docs/proxy/prod)."""
    alerting_threshold: int = Field(1000, ge=1, le=86400)
    """Time after which a request counts as hanging and an alert goes to Slack, if `slack_webhook_url` is set
    (https://docs.litellm.ai/docs/proxy/alerting)."""
    spend_logs_retention: str | None = Field("30d", pattern=r"^[1-9]\d*[smhd]$")
    """How long a request's spend log is kept, such as 30d; null keeps all for ever, at some KiB each
    (https://docs.litellm.ai/docs/proxy/spend_logs_deletion)."""
    spend_logs_cleanup: Schedule = "30 3 * * *"
    """When spend logs past their retention are deleted, in cron's form, UTC. An interval would begin anew with each
    worker, and never end where workers are replaced more often than daily
    (https://docs.litellm.ai/docs/proxy/spend_logs_deletion)."""
    routing_strategy: RoutingStrategy = RoutingStrategy.SIMPLE_SHUFFLE
    """How the router chooses among a model's deployments (https://docs.litellm.ai/docs/routing)."""
    num_retries: int | None = Field(None, ge=0, le=10)
    """Retries of a failed call where `retry_policy` has no number for the error; null leaves LiteLLM's default
    (https://docs.litellm.ai/docs/routing)."""
    drop_params: bool = False
    """Whether parameters that a provider does not support are left out of the call; otherwise the client gets 400
    (https://docs.litellm.ai/docs/completion/drop_params)."""
    budget: Budget = Budget()
    """Spend that the whole gateway may cause."""
    response_cache: ResponseCache | None = None
    """Answers kept in Redis; null: none are kept."""
    disable_error_logs: bool = False
    """Whether failed requests are left out of the spend logs (https://docs.litellm.ai/docs/proxy/prod)."""
    request_correlation_in_logs: bool = False
    """Whether each log line names its request (https://docs.litellm.ai/docs/proxy/config_settings)."""
    allow_requests_on_db_unavailable: bool = False
    """Whether requests with unknown keys pass while Postgres is down. Only for a private network: any key then works
    (https://docs.litellm.ai/docs/proxy/prod)."""
