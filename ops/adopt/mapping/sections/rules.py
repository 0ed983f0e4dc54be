"""What becomes of each key of config.yaml that the gateway writes itself."""

from collections.abc import Mapping
from typing import Any

from ops.adopt.draft import Place
from ops.adopt.mapping.context import ByGateway, Context, NoCounterpart, Rule, Setting
from ops.adopt.mapping.sections.cache import Cache, CacheParams
from ops.adopt.mapping.sections.callbacks import Alerting, Callbacks
from ops.adopt.mapping.sections.fallbacks import Aliases, Fallbacks
from ops.adopt.mapping.sections.policies import ALLOWED_FAILS, FAILS, NUM_RETRIES, RETRIES

CONFIG = "litellm.config"
REDIS = ByGateway("the gateway has its own Redis, with its own password")
POSTGRES = ByGateway("the gateway has its own Postgres, with its own password")
POOL = Setting(f"{CONFIG}.redis_connection_pool_limit")


class Verbose(Rule):
    """LiteLLM's old switch for debug lines."""

    def apply(self, context: Context, place: Place, value: Any) -> None:
        """Turn the log level to DEBUG, if the environment names none."""
        if value is True and not context.variables.get("LITELLM_LOG"):
            context.draft.set("litellm.log_level", "DEBUG", place)
        else:
            context.draft.by_gateway(place, "litellm.log_level decides")


RULES: Mapping[str, Mapping[str, Rule]] = {
    "litellm_settings": {
        "allowed_fails": FAILS,
        "budget_duration": Setting(f"{CONFIG}.budget.budget_duration"),
        "cache": Cache(),
        "cache_params": CacheParams(),
        "callbacks": Callbacks("litellm.config_yaml.litellm_settings.callbacks"),
        "content_policy_fallbacks": Fallbacks("content_policy_fallbacks"),
        "context_window_fallbacks": Fallbacks("context_window_fallbacks"),
        "drop_params": Setting(f"{CONFIG}.drop_params"),
        "failure_callback": Callbacks("litellm.config_yaml.litellm_settings.failure_callback"),
        "fallbacks": Fallbacks("fallbacks"),
        "json_logs": Setting(f"{CONFIG}.json_logs"),
        "max_budget": Setting(f"{CONFIG}.budget.max_budget"),
        "model_alias_map": Aliases(),
        "num_retries": NUM_RETRIES,
        "prometheus_exclude_labels": ByGateway("labels whose values callers choose are left out"),
        "redis_connection_pool_limit": POOL,
        "request_correlation_in_logs": Setting(f"{CONFIG}.request_correlation_in_logs"),
        "request_timeout": Setting(f"{CONFIG}.request_timeout"),
        "service_callback": Callbacks("litellm.config_yaml.litellm_settings.service_callback"),
        "set_verbose": Verbose(),
        "success_callback": Callbacks("litellm.config_yaml.litellm_settings.success_callback"),
        "timezone": Setting(f"{CONFIG}.budget.timezone"),
    },
    "router_settings": {
        "allowed_fails": FAILS,
        "allowed_fails_policy": ALLOWED_FAILS,
        "content_policy_fallbacks": Fallbacks("content_policy_fallbacks"),
        "context_window_fallbacks": Fallbacks("context_window_fallbacks"),
        "cooldown_time": Setting(f"{CONFIG}.cooldown_time"),
        "fallbacks": Fallbacks("fallbacks"),
        "model_group_alias": Aliases(),
        "model_list": NoCounterpart("models stand in model_list at the top"),
        "num_retries": NUM_RETRIES,
        "redis_connection_pool_limit": POOL,
        "redis_db": REDIS,
        "redis_host": REDIS,
        "redis_password": REDIS,
        "redis_port": REDIS,
        "redis_url": REDIS,
        "retry_policy": RETRIES,
        "routing_strategy": Setting(f"{CONFIG}.routing_strategy"),
        "set_verbose": Verbose(),
        "timeout": Setting(f"{CONFIG}.request_timeout"),
    },
    "general_settings": {
        "alerting": Alerting(),
        "alerting_threshold": Setting(f"{CONFIG}.alerting_threshold"),
        "allow_requests_on_db_unavailable": Setting(f"{CONFIG}.allow_requests_on_db_unavailable"),
        "dangerously_permit_weak_or_unset_master_key": ByGateway("there is always a strong master key"),
        "database_connect_timeout": Setting(f"{CONFIG}.database_timeouts.connect"),
        "database_connection_pool_limit": Setting(f"{CONFIG}.database_connection_pool_limit"),
        "database_connection_timeout": Setting(f"{CONFIG}.database_timeouts.pool"),
        "database_lock_timeout": Setting(f"{CONFIG}.database_timeouts.lock"),
        "database_socket_timeout": Setting(f"{CONFIG}.database_timeouts.socket"),
        "database_statement_timeout": Setting(f"{CONFIG}.database_timeouts.statement"),
        "database_url": POSTGRES,
        "disable_error_logs": Setting(f"{CONFIG}.disable_error_logs"),
        "maximum_spend_logs_cleanup_cron": Setting(f"{CONFIG}.spend_logs_cleanup"),
        "maximum_spend_logs_retention_interval": ByGateway("litellm.config.spend_logs_cleanup decides: once a day"),
        "maximum_spend_logs_retention_period": Setting(f"{CONFIG}.spend_logs_retention"),
        "proxy_batch_write_at": Setting(f"{CONFIG}.proxy_batch_write_at"),
        "redis_connection_pool_limit": POOL,
        "store_model_in_db": Setting(f"{CONFIG}.store_model_in_db"),
        "trusted_proxy_ranges": ByGateway("only the edge reaches LiteLLM, and it names the client"),
        "use_redis_transaction_buffer": Setting(f"{CONFIG}.use_redis_transaction_buffer"),
        "use_x_forwarded_for": ByGateway("the edge names the client"),
        "user_api_key_cache_ttl": Setting(f"{CONFIG}.user_api_key_cache_ttl"),
    },
}
"""Section → key → rule. All other keys stay under LiteLLM's own names."""

ORDER = ("cache", "model_alias_map", "model_group_alias", "allowed_fails_policy", "retry_policy")
"""Keys that others depend on come first."""
