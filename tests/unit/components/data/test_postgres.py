"""The database's workload."""

from components.data.postgres import PostgresSettings, workload
from components.engine.workload import Network, Replacement, Volume

SETTINGS = PostgresSettings(memory=4096, stop_seconds=45)
WORKLOAD = workload(SETTINGS, "postgres:15", "hush", "data-volume", max_connections=250)


def test_every_connection_from_the_network_is_by_scram() -> None:
    assert "password_encryption=scram-sha-256" in WORKLOAD.command
    assert "--auth-host=scram-sha-256" in WORKLOAD.environment["POSTGRES_INITDB_ARGS"].split()


def test_the_password_goes_by_file_alone() -> None:
    assert WORKLOAD.secrets == {"password": "hush"}
    assert WORKLOAD.environment["POSTGRES_PASSWORD_FILE"] == "/run/secrets/password"
    assert "POSTGRES_PASSWORD" not in WORKLOAD.environment
    assert "hush" not in " ".join((*WORKLOAD.command, *WORKLOAD.environment.values(), *WORKLOAD.health.command))


def test_settings_reach_the_server() -> None:
    assert WORKLOAD.command[0] == "postgres"
    assert "max_connections=250" in WORKLOAD.command
    assert "shared_buffers=1024MB" in WORKLOAD.command
    assert (WORKLOAD.memory, WORKLOAD.stop_seconds) == (4096, 45)


def test_each_option_of_the_server_follows_its_switch() -> None:
    assert set(WORKLOAD.command[1::2]) == {"-c"}
    assert all("=" in option for option in WORKLOAD.command[2::2])


def test_the_data_stand_on_the_volume_that_only_one_server_may_hold() -> None:
    assert WORKLOAD.volumes == (Volume("data-volume", "/var/lib/postgresql/data"),)
    assert WORKLOAD.environment["PGDATA"] == "/var/lib/postgresql/data"
    assert WORKLOAD.replacement is Replacement.DELETE_BEFORE_CREATE


def test_the_server_is_reached_from_inside_alone() -> None:
    assert WORKLOAD.networks == (Network.DATA,)
    assert WORKLOAD.ports == ()


def test_health_is_the_server_s_answer_over_the_network() -> None:
    assert WORKLOAD.health.command[:2] == ("CMD", "pg_isready")
    assert "127.0.0.1" in WORKLOAD.health.command
