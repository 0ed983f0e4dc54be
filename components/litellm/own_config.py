"""The part of config.yaml that a stack writes under LiteLLM's own names, and the checks of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ConfigDict

from components.releases.check import mistakes
from components.releases.entries import entry_mistakes
from components.releases.release import Release
from components.releases.secret_values import references
from components.settings.base import SettingsModel
from components.settings.errors import nearest, printable

PATH = "litellm.config_yaml"

OWNED_SECTIONS = {
    "environment_variables": "set litellm.environment, or secret_environment for secrets",
    "include": "write the sections here: only this text is carried into the replicas",
    "model_list": "each model is a file in stacks/models",
}
"""Sections that the gateway writes or replaces → what to do instead."""

OWNED = {
    "litellm_settings": {
        "allowed_fails": "litellm.config.allowed_fails",
        "budget_duration": "litellm.config.budget",
        "cache": "redis.enabled",
        "cache_params": "litellm.config.response_cache",
        "content_policy_fallbacks": "content_policy_fallbacks of a model's file",
        "context_window_fallbacks": "context_window_fallbacks of a model's file",
        "drop_params": "litellm.config.drop_params",
        "fallbacks": "fallbacks of a model's file",
        "json_logs": "litellm.config.json_logs",
        "max_budget": "litellm.config.budget",
        "model_alias_map": "aliases of a model's file",
        "num_retries": "litellm.config.num_retries",
        "prometheus_exclude_labels": "monitoring.enabled",
        "request_correlation_in_logs": "litellm.config.request_correlation_in_logs",
        "request_timeout": "litellm.config.request_timeout",
        "set_verbose": "litellm.log_level",
        "timezone": "litellm.config.budget",
    },
    "router_settings": {
        "allowed_fails": "litellm.config.allowed_fails",
        "allowed_fails_policy": "litellm.config.allowed_fails_policy",
        "content_policy_fallbacks": "content_policy_fallbacks of a model's file",
        "context_window_fallbacks": "context_window_fallbacks of a model's file",
        "cooldown_time": "litellm.config.cooldown_time",
        "fallbacks": "fallbacks of a model's file",
        "model_group_alias": "aliases of a model's file",
        "model_list": "stacks/models",
        "num_retries": "litellm.config.num_retries",
        "redis_db": "redis.enabled",
        "redis_host": "redis.enabled",
        "redis_password": "redis.enabled",
        "redis_port": "redis.enabled",
        "redis_url": "redis.enabled",
        "retry_policy": "litellm.config.retry_policy",
        "routing_strategy": "litellm.config.routing_strategy",
        "set_verbose": "litellm.log_level",
        "timeout": "litellm.config.request_timeout",
    },
    "general_settings": {
        "alerting": "slack_webhook_url",
        "alerting_threshold": "litellm.config.alerting_threshold",
        "allow_requests_on_db_unavailable": "litellm.config.allow_requests_on_db_unavailable",
        "dangerously_permit_weak_or_unset_master_key": "no setting: the master key is generated",
        "database_connect_timeout": "litellm.config.database_timeouts",
        "database_connection_pool_limit": "litellm.config.database_connection_pool_limit",
        "database_connection_timeout": "litellm.config.database_timeouts",
        "database_lock_timeout": "litellm.config.database_timeouts",
        "database_socket_timeout": "litellm.config.database_timeouts",
        "database_statement_timeout": "litellm.config.database_timeouts",
        "database_url": "postgres",
        "disable_error_logs": "litellm.config.disable_error_logs",
        "master_key": "master_key_generation",
        "maximum_spend_logs_cleanup_cron": "litellm.config.spend_logs_cleanup",
        "maximum_spend_logs_retention_interval": "litellm.config.spend_logs_cleanup",
        "maximum_spend_logs_retention_period": "litellm.config.spend_logs_retention",
        "proxy_batch_write_at": "litellm.config.proxy_batch_write_at",
        "store_model_in_db": "litellm.config.store_model_in_db",
        "trusted_proxy_ranges": "no setting: only the edge reaches a replica",
        "use_redis_transaction_buffer": "litellm.config.use_redis_transaction_buffer",
        "use_x_forwarded_for": "no setting: the edge names the client",
        "user_api_key_cache_ttl": "litellm.config.user_api_key_cache_ttl",
    },
}
"""Keys that the gateway writes, by section → the setting that decides about them."""


class ConfigYaml(SettingsModel):
    """Sections of config.yaml under LiteLLM's own names (https://docs.litellm.ai/docs/proxy/config_settings).

    They are merged with what the gateway writes. Secrets are references: `os.environ/NAME`.
    """

    model_config = ConfigDict(extra="allow")

    unchecked: bool = False
    """Whether names that the release does not know are passed on. Secrets in clear are refused all the same."""

    @property
    def sections(self) -> dict[str, Any]:
        """The sections."""
        return dict(self.model_extra or {})


def refusals(config: ConfigYaml, release: Release) -> Iterator[str]:
    """Return a sentence for each mistake, but for references to variables that nobody sets."""
    for section, values in config.sections.items():
        path = f"{PATH}.{printable(section)}"
        if section in OWNED_SECTIONS:
            yield f"{path}: is the gateway's own; {OWNED_SECTIONS[section]}"
        elif section not in release.sections and not config.unchecked:
            yield f"{path}: is no section of LiteLLM's config.yaml; {nearest(section, release.sections)}"
        elif section in OWNED:
            yield from _settings(section, values, release, unchecked=config.unchecked)
        else:
            yield from mistakes({section: values}, {section: []}, PATH)
            yield from entry_mistakes(section, values, path)


def unset_references(config: ConfigYaml, variables: frozenset[str]) -> Iterator[str]:
    """Return a sentence for each reference to a variable that is not among these."""
    for place, name in references(config.sections, PATH):
        if name not in variables:
            yield (
                f"{place}: refers to {name}, which nothing sets;"
                f" `pulumi config set --secret --path 'gateway:secret_environment.{name}'`"
            )


def _settings(section: str, values: Any, release: Release, *, unchecked: bool) -> Iterator[str]:
    path = f"{PATH}.{section}"
    if not isinstance(values, Mapping):
        yield f"{path}: should be a list of keys and values"
        return
    for name in values:
        if name in OWNED[section]:
            yield f"{path}.{name}: is written by the gateway; set {OWNED[section][name]}"
    rest = {name: value for name, value in values.items() if name not in OWNED[section]}
    yield from mistakes(rest, getattr(release, section), path, unchecked=unchecked)
