"""The settings that become config.yaml, under LiteLLM's own names."""

import pytest
from pydantic import ValidationError

from components.litellm.config_settings import AllowedFailsPolicy, ConfigSettings, DatabaseTimeouts, RetryPolicy


def test_each_retry_count_reaches_its_error() -> None:
    policy = RetryPolicy(authentication=1, timeout=2, rate_limit=3, content_policy=4, internal_server=5)
    assert policy.render() == {
        "AuthenticationErrorRetries": 1,
        "TimeoutErrorRetries": 2,
        "RateLimitErrorRetries": 3,
        "ContentPolicyViolationErrorRetries": 4,
        "InternalServerErrorRetries": 5,
    }


def test_each_allowed_failure_count_reaches_its_error() -> None:
    policy = AllowedFailsPolicy(bad_request=1, authentication=2, timeout=3, rate_limit=4, internal_server=5)
    assert policy.render() == {
        "BadRequestErrorAllowedFails": 1,
        "AuthenticationErrorAllowedFails": 2,
        "TimeoutErrorAllowedFails": 3,
        "RateLimitErrorAllowedFails": 4,
        "InternalServerErrorAllowedFails": 5,
    }


def test_each_database_timeout_reaches_its_key() -> None:
    assert DatabaseTimeouts(pool=1, connect=2, socket=3, statement=4, lock=5).render() == {
        "database_connection_timeout": 1,
        "database_connect_timeout": 2,
        "database_socket_timeout": 3,
        "database_statement_timeout": 4,
        "database_lock_timeout": 5,
    }


@pytest.mark.parametrize("retention", ["30d", "12h", "90m", "5s"])
def test_retention_is_a_number_with_a_unit(retention: str) -> None:
    assert ConfigSettings(spend_logs_retention=retention).spend_logs_retention == retention


@pytest.mark.parametrize("changes", [{"spend_logs_retention": "30"}, {"spend_logs_cleanup": "daily"}], ids=str)
def test_wrong_retention_or_schedule_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ConfigSettings.model_validate(changes)
