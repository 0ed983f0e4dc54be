"""Redis's workload and configuration."""

import pytest

from components.data.redis import RedisSettings, configuration, workload
from components.engine.workload import Network, Replacement, Volume

WORKLOAD = workload(RedisSettings(memory=1024, stop_seconds=20), "redis:7", "hush", "data-volume")


def options(settings: RedisSettings) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in configuration(settings).splitlines())


@pytest.mark.parametrize(("append_only", "word"), [(True, "yes"), (False, "no")])
def test_writes_go_to_the_append_only_file_where_it_is_on(append_only: bool, word: str) -> None:  # noqa: FBT001
    assert options(RedisSettings(append_only=append_only))["appendonly"] == word


def test_a_crash_loses_at_most_one_second() -> None:
    assert options(RedisSettings())["appendfsync"] == "everysec"


def test_a_full_redis_says_so_instead_of_forgetting() -> None:
    assert options(RedisSettings())["maxmemory-policy"] == "noeviction"


def test_a_quarter_of_the_memory_is_left_for_the_rewrite() -> None:
    assert options(RedisSettings(memory=1024))["maxmemory"] == "768mb"


def test_the_password_is_included_from_a_secret_file() -> None:
    assert options(RedisSettings())["include"] == "/run/secrets/authentication.conf"
    assert WORKLOAD.secrets == {"password": "hush", "authentication.conf": "requirepass hush\n"}


def test_configuration_and_arguments_hold_no_password() -> None:
    assert "hush" not in str(WORKLOAD.config) + " ".join(WORKLOAD.command) + str(dict(WORKLOAD.environment))
    assert "requirepass" not in str(WORKLOAD.config)


def test_health_is_an_authenticated_ping_whose_password_goes_through_a_pipe() -> None:
    kind, line = WORKLOAD.health.command
    assert kind == "CMD-SHELL"
    assert line.startswith("{ printf 'AUTH '; cat /run/secrets/password; printf '\\nPING\\n'; } | redis-cli |")
    assert "grep -q PONG" in line
    assert not {"-a", "--pass", "REDISCLI_AUTH"} & set(line.replace("=", " ").split())


def test_the_server_reads_the_file_it_is_given() -> None:
    assert WORKLOAD.command == ("redis-server", "/etc/gateway/redis.conf")
    assert set(WORKLOAD.config) == {"redis.conf"}


def test_the_data_stand_on_the_volume_that_only_one_server_may_hold() -> None:
    assert WORKLOAD.volumes == (Volume("data-volume", "/data"),)
    assert options(RedisSettings())["dir"] == "/data"
    assert WORKLOAD.replacement is Replacement.DELETE_BEFORE_CREATE
    assert WORKLOAD.networks == (Network.DATA,)
