"""How clients reach the database."""

from components.data import postgres
from components.data.postgres import PostgresSettings
from components.data.postgres_connection import PostgresConnection, PostgresServer
from components.data.tls import Tls, TlsMode
from components.engine.workload import Network
from tests.unit.components.outputs import texts

CA = Tls(TlsMode.VERIFY_FULL, "postgres-ca.pem", "certificates")
SERVER = PostgresServer("db.example.com", 5433, CA)
EXTERNAL = PostgresConnection(SERVER, "gateway_db", "my user@x", "p:a\\s/s w?o#r%d", external=True)
VERIFIED = "sslmode=verify-full&sslrootcert=/etc/gateway/postgres-ca.pem"
USERINFO = "my%20user%40x:p%3Aa%5Cs%2Fs%20w%3Fo%23r%25d"


def client(connection: PostgresConnection) -> dict[str, str]:
    return texts(lambda: connection.client_environment)


def test_own_database_is_reached_on_the_data_network_without_tls() -> None:
    own = postgres.connection(PostgresSettings(), "hush")
    assert client(own) == {"DATABASE_URL": "postgresql://litellm:hush@postgres:5432/litellm"}
    assert own.networks == (Network.DATA,)
    assert own.files == own.client_files == {}
    assert own.libpq_environment == {"PGDATABASE": "litellm", "PGHOST": "postgres", "PGUSER": "litellm"}
    assert texts(lambda: {"": own.password_file}) == {"": "*:*:*:litellm:hush\n"}


def test_external_database_is_reached_through_the_front_network_with_its_authorities() -> None:
    assert EXTERNAL.networks == (Network.FRONT,)
    assert EXTERNAL.files == EXTERNAL.client_files == {"postgres-ca.pem": "certificates"}
    assert EXTERNAL.libpq_environment == {
        "PGDATABASE": "gateway_db",
        "PGHOST": "db.example.com",
        "PGPORT": "5433",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/gateway/postgres-ca.pem",
        "PGUSER": "my user@x",
    }


def test_user_and_password_may_hold_any_sign() -> None:
    assert client(EXTERNAL) == {"DATABASE_URL": f"postgresql://{USERINFO}@db.example.com:5433/gateway_db?{VERIFIED}"}
    assert texts(lambda: {"": EXTERNAL.password_file}) == {"": "*:*:*:my user@x:p\\:a\\\\s/s w?o#r%d\n"}


def test_replicas_go_through_pgbouncer_and_migrations_past_it() -> None:
    other = Tls(TlsMode.VERIFY_FULL, "pgbouncer-ca.pem", "others")
    pooled = PostgresConnection(
        SERVER, "db", "u", "p", external=True, pgbouncer=PostgresServer("pool.example.com", 6432, other)
    )
    root = "/etc/gateway/pgbouncer-ca.pem"
    assert client(pooled) == {
        "DATABASE_URL": "postgresql://u:p@pool.example.com:6432/db?"
        f"sslmode=verify-full&sslrootcert={root}&pgbouncer=true"
    }
    assert texts(lambda: {"": pooled.url}) == {"": f"postgresql://u:p@db.example.com:5433/db?{VERIFIED}"}
    assert pooled.client_files == {"pgbouncer-ca.pem": "others"}
    assert pooled.files == {"postgres-ca.pem": "certificates"}


def test_read_replica_has_a_url_of_its_own() -> None:
    plain = Tls(TlsMode.REQUIRE, "read-replica-ca.pem", None)
    replica = PostgresServer("reader.example.com", 5432, plain)
    connection = PostgresConnection(SERVER, "db", "u", "p", external=True, read_replica=replica)
    assert client(connection) == {
        "DATABASE_URL": f"postgresql://u:p@db.example.com:5433/db?{VERIFIED}",
        "DATABASE_URL_READ_REPLICA": "postgresql://u:p@reader.example.com:5432/db?sslmode=require",
    }
    pooled = PostgresConnection(
        SERVER, "db", "u", "p", external=True, pgbouncer=PostgresServer("pool", 6432, CA), read_replica=replica
    )
    assert client(pooled)["DATABASE_URL_READ_REPLICA"].endswith("?sslmode=require&pgbouncer=false")


def test_password_is_not_shown() -> None:
    assert "p:a" not in repr(EXTERNAL)
