"""LiteLLM's config.yaml, to the letter."""

from dataclasses import replace

import pytest
import yaml

from components.litellm.config_settings import ConfigSettings
from components.litellm.config_yaml import ConfigContext, config_yaml, document

CONTEXT = ConfigContext(
    model_list=[
        {
            "model_name": "small",
            "litellm_params": {"model": "openai/small", "api_key": "os.environ/OPENAI_API_KEY"},
            "model_info": {"mode": "chat"},
        }
    ],
    fallbacks={"fallbacks": [{"small": ["large"]}]},
    metrics=True,
)

HARDENED = """\
model_list:
- model_name: small
  litellm_params:
    model: openai/small
    api_key: os.environ/OPENAI_API_KEY
  model_info:
    mode: chat
litellm_settings:
  request_timeout: 600
  json_logs: true
  set_verbose: false
  callbacks:
  - prometheus
  prometheus_exclude_labels:
  - client_ip
  - user_agent
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
    password: os.environ/REDIS_PASSWORD
    max_connections: 50
    supported_call_types: []
router_settings:
  routing_strategy: simple-shuffle
  allowed_fails: 5
  cooldown_time: 60
  fallbacks:
  - small:
    - large
  retry_policy:
    AuthenticationErrorRetries: 0
    TimeoutErrorRetries: 3
    RateLimitErrorRetries: 5
    ContentPolicyViolationErrorRetries: 0
    InternalServerErrorRetries: 3
  allowed_fails_policy:
    BadRequestErrorAllowedFails: 1000
    AuthenticationErrorAllowedFails: 5
    TimeoutErrorAllowedFails: 20
    RateLimitErrorAllowedFails: 10000
    InternalServerErrorAllowedFails: 20
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  database_url: os.environ/DATABASE_URL
  database_connection_pool_limit: 50
  database_connection_timeout: 60
  database_connect_timeout: 15
  database_socket_timeout: 300
  database_statement_timeout: 60
  database_lock_timeout: 15
  proxy_batch_write_at: 60
  use_redis_transaction_buffer: true
  store_model_in_db: false
  user_api_key_cache_ttl: 60
  trusted_proxy_ranges: []
  maximum_spend_logs_retention_period: 30d
  maximum_spend_logs_cleanup_cron: 30 3 * * *
"""

PLAIN = """\
model_list: []
litellm_settings:
  request_timeout: 600
  json_logs: false
  set_verbose: false
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
    password: os.environ/REDIS_PASSWORD
    max_connections: 50
    supported_call_types: []
router_settings:
  routing_strategy: simple-shuffle
  allowed_fails: 5
  cooldown_time: 60
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  database_url: os.environ/DATABASE_URL
  database_connection_pool_limit: 10
  database_connection_timeout: 60
  database_connect_timeout: 15
  database_socket_timeout: 300
  database_statement_timeout: 60
  database_lock_timeout: 15
  proxy_batch_write_at: 10
  use_redis_transaction_buffer: false
  store_model_in_db: true
  user_api_key_cache_ttl: 60
  trusted_proxy_ranges: []
"""


def test_defaults_are_the_hardened_configuration() -> None:
    assert config_yaml(ConfigSettings(), CONTEXT) == HARDENED


def test_what_is_off_is_left_out() -> None:
    settings = ConfigSettings(
        database_connection_pool_limit=10,
        proxy_batch_write_at=10,
        use_redis_transaction_buffer=False,
        store_model_in_db=True,
        retry_policy=None,
        allowed_fails_policy=None,
        spend_logs_retention=None,
        json_logs=False,
    )
    assert config_yaml(settings, ConfigContext([])) == PLAIN


def test_text_is_the_document() -> None:
    assert yaml.safe_load(config_yaml(ConfigSettings(), CONTEXT)) == document(ConfigSettings(), CONTEXT)


@pytest.mark.parametrize("policy", ["retry_policy", "allowed_fails_policy"])
def test_null_policy_is_left_out(policy: str) -> None:
    router = document(ConfigSettings(**{policy: None}), CONTEXT)["router_settings"]
    assert {"retry_policy", "allowed_fails_policy"} - router.keys() == {policy}


def test_each_number_reaches_its_own_key() -> None:
    settings = ConfigSettings(
        database_connection_pool_limit=11,
        redis_connection_pool_limit=12,
        proxy_batch_write_at=13,
        request_timeout=14,
        allowed_fails=15,
        cooldown_time=16,
    )
    written = document(settings, CONTEXT)
    assert written["general_settings"]["database_connection_pool_limit"] == 11
    assert written["litellm_settings"]["cache_params"]["max_connections"] == 12
    assert written["general_settings"]["proxy_batch_write_at"] == 13
    assert written["litellm_settings"]["request_timeout"] == 14
    assert written["router_settings"]["allowed_fails"] == 15
    assert written["router_settings"]["cooldown_time"] == 16


def test_config_without_redis_does_not_name_it() -> None:
    written = config_yaml(ConfigSettings(), replace(CONTEXT, redis=None)).replace("use_redis_transaction_buffer", "")
    assert "redis" not in written.lower()


@pytest.mark.parametrize("buffered", [True, False])
def test_transaction_buffer_is_the_setting(buffered: bool) -> None:  # noqa: FBT001
    settings = ConfigSettings(use_redis_transaction_buffer=buffered)
    assert document(settings, CONTEXT)["general_settings"]["use_redis_transaction_buffer"] is buffered


def test_chosen_metrics_are_a_group_beside_which_a_stack_may_add_one() -> None:
    own_group = {"group": "budgets", "metrics": ["litellm_remaining_team_budget_metric"]}
    own = {"litellm_settings": {"prometheus_metrics_config": [own_group]}}
    chosen = replace(CONTEXT, only_metrics=("litellm_spend_metric",))
    settings = document(ConfigSettings(), chosen, own)["litellm_settings"]
    assert settings["prometheus_metrics_config"] == [
        {"group": "gateway", "metrics": ["litellm_spend_metric"]},
        own_group,
    ]
    assert (
        "prometheus_metrics_config"
        not in document(ConfigSettings(), replace(chosen, metrics=False))["litellm_settings"]
    )


def test_typed_settings_reach_their_own_keys() -> None:
    settings = ConfigSettings.model_validate(
        {
            "routing_strategy": "least-busy",
            "num_retries": 0,
            "drop_params": True,
            "budget": {"max_budget": 50, "budget_duration": "1mo", "timezone": "Europe/Berlin"},
            "response_cache": {"call_types": ["acompletion"], "ttl": 60},
            "disable_error_logs": True,
            "request_correlation_in_logs": True,
            "allow_requests_on_db_unavailable": True,
        }
    )
    written = document(settings, replace(CONTEXT, aliases={"tiny": "small"}))
    assert (
        written["litellm_settings"].items()
        >= {
            "drop_params": True,
            "request_correlation_in_logs": True,
            "num_retries": 0,
            "timezone": "Europe/Berlin",
            "max_budget": 50,
            "budget_duration": "1mo",
        }.items()
    )
    cache = written["litellm_settings"]["cache_params"]
    assert (cache["supported_call_types"], cache["ttl"]) == (["acompletion"], 60)
    router, general = written["router_settings"], written["general_settings"]
    assert (router["routing_strategy"], router["model_group_alias"]) == ("least-busy", {"tiny": "small"})
    assert (general["disable_error_logs"], general["allow_requests_on_db_unavailable"]) == (True, True)


def test_budget_s_period_needs_a_budget() -> None:
    settings = ConfigSettings.model_validate({"budget": {"timezone": "UTC"}})
    written = document(settings, CONTEXT)["litellm_settings"]
    assert written["timezone"] == "UTC"
    assert not {"max_budget", "budget_duration"} & written.keys()


def test_edge_s_client_is_trusted_and_no_other() -> None:
    assert document(ConfigSettings(), CONTEXT)["general_settings"]["trusted_proxy_ranges"] == []


def test_own_section_is_written_as_it_is() -> None:
    own = {"guardrails": [{"guardrail_name": "a"}], "mcp_servers": {"one": {"url": "http://m"}}}
    written = document(ConfigSettings(), CONTEXT, own)
    assert {name: written[name] for name in own} == own
    assert list(written)[:4] == ["model_list", "litellm_settings", "router_settings", "general_settings"]


@pytest.mark.parametrize("callbacks", [["otel", "prometheus"], ["otel"], "otel"])
def test_own_keys_join_the_gateway_s(callbacks: object) -> None:
    own = {"litellm_settings": {"callbacks": callbacks, "telemetry": False}}
    before, after = (document(ConfigSettings(), CONTEXT, sections)["litellm_settings"] for sections in ({}, own))
    assert after == {**before, "callbacks": ["prometheus", "otel"], "telemetry": False}


def test_alerting_needs_a_webhook() -> None:
    settings = ConfigSettings(alerting_threshold=300)
    without, alerts = (document(settings, replace(CONTEXT, slack=slack))["general_settings"] for slack in (False, True))
    assert not {"alerting", "alerting_threshold"} & without.keys()
    assert (alerts["alerting"], alerts["alerting_threshold"]) == (["slack"], 300)
