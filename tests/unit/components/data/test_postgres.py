"""The database as a service."""

from components.data.postgres import PostgresArgs, PostgresSettings, connection, service
from components.engine.workload import Network, Replacement, Volume
from tests.unit.components.workloads import NO_ENGINE

SETTINGS = PostgresSettings(memory_mib=4096, stop_timeout=45)
ARGS = PostgresArgs(SETTINGS, "postgres:15", connection(SETTINGS, "hush"), max_connections=250, engine=NO_ENGINE)
SERVICE = service(ARGS, "postgres", "data-volume")


def test_connections_from_the_network_use_scram() -> None:
    assert "password_encryption=scram-sha-256" in SERVICE.command
    assert "--auth-host=scram-sha-256" in SERVICE.environment["POSTGRES_INITDB_ARGS"].split()


def test_password_is_a_file() -> None:
    assert SERVICE.secrets == {"password": "hush"}
    assert SERVICE.environment["POSTGRES_PASSWORD_FILE"] == "/run/secrets/password"
    assert "POSTGRES_PASSWORD" not in SERVICE.environment
    assert "hush" not in " ".join((*SERVICE.command, *SERVICE.environment.values(), *SERVICE.health.command))


def test_settings_reach_the_server() -> None:
    assert SERVICE.command[0] == "postgres"
    assert "max_connections=250" in SERVICE.command
    assert "shared_buffers=1024MB" in SERVICE.command
    assert (SERVICE.memory_mib, SERVICE.stop_timeout) == (4096, 45)


def test_each_option_follows_its_switch() -> None:
    assert set(SERVICE.command[1::2]) == {"-c"}
    assert all("=" in option for option in SERVICE.command[2::2])


def test_data_is_on_a_volume_that_one_server_holds() -> None:
    assert SERVICE.volumes == (Volume("data-volume", "/var/lib/postgresql/data"),)
    assert SERVICE.environment["PGDATA"] == "/var/lib/postgresql/data"
    assert SERVICE.replacement is Replacement.DELETE_BEFORE_CREATE


def test_server_has_no_host_port() -> None:
    assert SERVICE.networks == (Network.DATA,)
    assert SERVICE.ports == ()


def test_health_check_asks_over_the_network() -> None:
    assert SERVICE.health.command[:2] == ("CMD", "pg_isready")
    assert "127.0.0.1" in SERVICE.health.command
