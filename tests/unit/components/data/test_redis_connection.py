"""How LiteLLM reaches the Redis."""

from components.data import redis
from components.data.external.settings import ExternalRedisSettings
from components.data.redis import RedisSettings
from components.data.redis_connection import RedisConnection
from components.data.tls import Tls, TlsMode
from tests.unit.components.outputs import texts

CA = Tls(TlsMode.VERIFY_FULL, "redis-ca.pem", "certificates")
REQUIRED = {"mode": "require"}


def external(**settings: object) -> RedisConnection:
    given = ExternalRedisSettings.model_validate({"tls": {"mode": "disable"}, **settings})
    return redis.connection(RedisSettings(external=given), given="hush", sentinel_password="quiet")


def test_own_redis_is_named_by_its_alias() -> None:
    own = redis.connection(RedisSettings(), "hush")
    assert own.client_parameters == {"host": "redis", "port": 6379, "password": "os.environ/REDIS_PASSWORD"}
    assert texts(lambda: own.client_environment) == {"REDIS_PASSWORD": "hush"}
    assert own.files == {}


def test_verified_redis_is_named_with_user_and_authorities() -> None:
    connection = RedisConnection([("cache.example.com", 6380)], "hush", external=True, username="gateway", tls=CA)
    assert connection.client_parameters == {
        "host": "cache.example.com",
        "port": 6380,
        "username": "gateway",
        "password": "os.environ/REDIS_PASSWORD",
        "ssl": True,
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": True,
        "ssl_ca_certs": "/etc/gateway/redis-ca.pem",
    }
    assert connection.files == {"redis-ca.pem": "certificates"}


def test_redis_with_tls_alone_is_not_verified() -> None:
    parameters = external(host="cache", tls=REQUIRED).client_parameters
    assert parameters["ssl"] is True
    assert parameters["ssl_cert_reqs"] == "none"
    assert parameters["ssl_check_hostname"] is False


def test_redis_without_a_password_names_none() -> None:
    connection = RedisConnection([("cache", 6379)], None, external=True)
    assert connection.client_parameters == {"host": "cache", "port": 6379}
    assert connection.client_environment == {}


def test_cluster_is_named_by_its_nodes() -> None:
    parameters = external(startup_nodes=[{"host": "a"}, {"host": "b", "port": 7000}]).client_parameters
    assert parameters == {
        "redis_startup_nodes": [{"host": "a", "port": 6379}, {"host": "b", "port": 7000}],
        "password": "os.environ/REDIS_PASSWORD",
    }


def test_sentinels_name_the_master() -> None:
    connection = external(sentinel_nodes=[{"host": "a", "port": 26379}], service_name="main")
    assert connection.client_parameters == {
        "sentinel_nodes": [["a", 26379]],
        "service_name": "main",
        "sentinel_password": "os.environ/REDIS_SENTINEL_PASSWORD",
        "password": "os.environ/REDIS_PASSWORD",
    }
    assert texts(lambda: connection.client_environment) == {
        "REDIS_PASSWORD": "hush",
        "REDIS_SENTINEL_PASSWORD": "quiet",
    }
