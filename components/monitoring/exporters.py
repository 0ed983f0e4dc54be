"""The exporters: they read the statistics of Postgres and Redis for Prometheus."""

import json
from urllib.parse import quote, urlencode

import pulumi

from components.data.postgres_connection import PostgresConnection
from components.data.redis_connection import RedisConnection
from components.data.tls import Tls, TlsMode
from components.engine.workload import LOOPBACK, SECRETS_FOLDER, HealthCheck, Network, Replacement, Service

POSTGRES_EXPORTER, POSTGRES_EXPORTER_PORT = "postgres-exporter", 9187
REDIS_EXPORTER, REDIS_EXPORTER_PORT = "redis-exporter", 9121
PASSWORD_FILE = "password"  # noqa: S105 - a file's name
PASSWORDS_FILE = "passwords.json"
MEMORY_MIB = 64
"""Memory limit of each."""


def postgres_exporter(image: str, connection: PostgresConnection) -> Service:
    """Describe the exporter of Postgres's statistics."""
    server = connection.server
    parameters = urlencode(server.libpq_parameters or {"sslmode": "disable"}, safe="/")
    return _exporter(
        POSTGRES_EXPORTER,
        image,
        user="65534:65534",
        port=POSTGRES_EXPORTER_PORT,
        environment={
            "DATA_SOURCE_PASS_FILE": f"{SECRETS_FOLDER}/{PASSWORD_FILE}",
            "DATA_SOURCE_URI": f"{server.host}:{server.port}/{connection.database}?{parameters}",
            "DATA_SOURCE_USER": connection.user,
        },
        config=connection.files,
        secrets={PASSWORD_FILE: pulumi.Output.secret(connection.password)},
        external=connection.external,
    )


def redis_exporter(image: str, connection: RedisConnection) -> Service:
    """Describe the exporter of Redis's statistics: those of the first node of a Cluster."""
    host, port = connection.nodes[0]
    encrypted = connection.tls is not None and connection.tls.mode is not TlsMode.DISABLE
    scheme = "rediss" if encrypted else "redis"
    address, user = f"{scheme}://{host}:{port}", connection.username
    # The exporter looks for a user's password under both.
    keys = [address, *([f"{scheme}://{quote(user, safe='')}@{host}:{port}"] if user else [])]
    passwords = pulumi.Output.secret(connection.password or "").apply(
        lambda password: json.dumps(dict.fromkeys(keys, password))
    )
    return _exporter(
        REDIS_EXPORTER,
        image,
        user="59000:59000",
        port=REDIS_EXPORTER_PORT,
        environment={
            "REDIS_ADDR": address,
            "REDIS_PASSWORD_FILE": f"{SECRETS_FOLDER}/{PASSWORDS_FILE}",
            **({"REDIS_USER": user} if user else {}),
            **({"REDIS_EXPORTER_IS_CLUSTER": "true"} if connection.cluster else {}),
            **(_redis_tls(connection.tls) if connection.tls else {}),
        },
        config=connection.files,
        secrets={PASSWORDS_FILE: passwords},
        external=connection.external,
    )


def _redis_tls(tls: Tls) -> dict[str, str]:
    if tls.mode is TlsMode.REQUIRE:
        return {"REDIS_EXPORTER_SKIP_TLS_VERIFICATION": "true"}
    return {"REDIS_EXPORTER_TLS_CA_CERT_FILE": tls.ca_path} if tls.ca_path else {}


def _exporter(
    name: str,
    image: str,
    *,
    user: str,
    port: int,
    environment: dict[str, str],
    config: dict[str, str],
    secrets: dict[str, pulumi.Input[str]],
    external: bool,
) -> Service:
    return Service(
        name=name,
        alias=name,
        image=image,
        user=user,
        networks=(Network.FRONT,) if external else (Network.DATA, Network.FRONT),
        memory_mib=MEMORY_MIB,
        environment=environment,
        config=config,
        secrets=secrets,
        host_gateway=external,
        # Its first page: to read the metrics would put a load on what is watched.
        health=HealthCheck(
            command=("CMD", "wget", "-q", "-O", "/dev/null", f"http://{LOOPBACK}:{port}/"),
            interval=2,
            retries=5,
            deadline=60,
        ),
        stop_timeout=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
    )
