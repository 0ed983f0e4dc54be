"""Redis as a service, and its configuration."""

import pytest

from components.data.redis import RedisArgs, RedisSettings, redis_conf, service
from components.engine.workload import Network, Replacement, Volume
from tests.unit.components.workloads import NO_ENGINE

ARGS = RedisArgs(RedisSettings(memory_mib=1024, stop_timeout=20), "redis:7", "hush", NO_ENGINE)
SERVICE = service(ARGS, "redis", "data-volume")


def options(settings: RedisSettings) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in redis_conf(settings).splitlines())


@pytest.mark.parametrize(("append_only", "word"), [(True, "yes"), (False, "no")])
def test_append_only_is_the_setting(append_only: bool, word: str) -> None:  # noqa: FBT001
    assert options(RedisSettings(append_only=append_only))["appendonly"] == word


def test_crash_loses_at_most_one_second() -> None:
    assert options(RedisSettings())["appendfsync"] == "everysec"


def test_full_redis_refuses_writes() -> None:
    assert options(RedisSettings())["maxmemory-policy"] == "noeviction"


def test_quarter_of_the_memory_is_left_for_the_rewrite() -> None:
    assert options(RedisSettings(memory_mib=1024))["maxmemory"] == "768mb"


def test_password_is_included_from_a_secret_file() -> None:
    assert options(RedisSettings())["include"] == "/run/secrets/authentication.conf"
    assert SERVICE.secrets == {"password": "hush", "authentication.conf": "requirepass hush\n"}


def test_configuration_and_arguments_hold_no_password() -> None:
    assert "hush" not in str(SERVICE.config) + " ".join(SERVICE.command) + str(dict(SERVICE.environment))
    assert "requirepass" not in str(SERVICE.config)


def test_health_check_passes_the_password_by_a_pipe() -> None:
    kind, line = SERVICE.health.command
    assert kind == "CMD-SHELL"
    assert line.startswith("{ printf 'AUTH '; cat /run/secrets/password; printf '\\nPING\\n'; } | redis-cli |")
    assert "grep -q PONG" in line
    assert not {"-a", "--pass", "REDISCLI_AUTH"} & set(line.replace("=", " ").split())


def test_server_reads_its_configuration_file() -> None:
    assert SERVICE.command == ("redis-server", "/etc/gateway/redis.conf")
    assert set(SERVICE.config) == {"redis.conf"}


def test_data_is_on_a_volume_that_one_server_holds() -> None:
    assert SERVICE.volumes == (Volume("data-volume", "/data"),)
    assert options(RedisSettings())["dir"] == "/data"
    assert SERVICE.replacement is Replacement.DELETE_BEFORE_CREATE
    assert SERVICE.networks == (Network.DATA,)


def test_settings_reach_the_server() -> None:
    assert (SERVICE.memory_mib, SERVICE.stop_timeout) == (1024, 20)
    assert "maxmemory 768mb" in str(SERVICE.config["redis.conf"])
