"""The exporters: Prometheus reads from them the statistics of Postgres and Redis, and the certificate's expiry."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pulumi
import yaml

from components.data.postgres_connection import PostgresConnection
from components.data.redis_connection import RedisConnection
from components.data.tls import Tls, TlsMode
from components.engine.workload import (
    CONFIG_FOLDER,
    LOOPBACK,
    SECRETS_FOLDER,
    HealthCheck,
    HttpGet,
    Network,
    Replacement,
    Service,
)

POSTGRES_EXPORTER, POSTGRES_EXPORTER_PORT = "postgres-exporter", 9187
REDIS_EXPORTER, REDIS_EXPORTER_PORT = "redis-exporter", 9121
BLACKBOX_EXPORTER, BLACKBOX_EXPORTER_PORT = "blackbox-exporter", 9115
TLS_MODULE = "tls"
BLACKBOX_FILE = "blackbox.yml"
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
        networks=_networks(external=connection.external),
        host_gateway=connection.external,
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
        networks=_networks(external=connection.external),
        host_gateway=connection.external,
    )


def blackbox_document(tls_name: str | None) -> dict[str, Any]:
    """Return the blackbox exporter's configuration as data: one handshake, as a client that trusts every certificate.

    One that nobody trusts has an expiry too, and what is asked here is the expiry alone.
    """
    name = {"server_name": tls_name} if tls_name else {}
    tcp = {"tls": True, "tls_config": {"insecure_skip_verify": True, **name}}
    return {"modules": {TLS_MODULE: {"prober": "tcp", "timeout": "5s", "tcp": tcp}}}


def blackbox_exporter(image: str, tls_name: str | None) -> Service:
    """Describe the exporter that connects to the ingress over TLS, as a client that asks for this host name."""
    return _exporter(
        BLACKBOX_EXPORTER,
        image,
        user="65534:65534",
        port=BLACKBOX_EXPORTER_PORT,
        networks=(Network.FRONT,),
        command=(f"--config.file={CONFIG_FOLDER}/{BLACKBOX_FILE}",),
        config={BLACKBOX_FILE: yaml.safe_dump(blackbox_document(tls_name), sort_keys=False)},
    )


def _redis_tls(tls: Tls) -> dict[str, str]:
    if tls.mode is TlsMode.REQUIRE:
        return {"REDIS_EXPORTER_SKIP_TLS_VERIFICATION": "true"}
    return {"REDIS_EXPORTER_TLS_CA_CERT_FILE": tls.ca_path} if tls.ca_path else {}


def _networks(*, external: bool) -> tuple[Network, ...]:
    """Return the networks of an exporter of a database; an external one is beyond the data network."""
    return (Network.FRONT,) if external else (Network.DATA, Network.FRONT)


def _exporter(
    name: str,
    image: str,
    *,
    user: str,
    port: int,
    networks: tuple[Network, ...],
    **more: Any,
) -> Service:
    return Service(
        name=name,
        alias=name,
        image=image,
        user=user,
        networks=networks,
        memory_mib=MEMORY_MIB,
        # Its first page: to read the metrics would put a load on what is watched.
        health=HealthCheck(
            command=("CMD", "wget", "-q", "-O", "/dev/null", f"http://{LOOPBACK}:{port}/"),
            request=HttpGet(port, "/"),
            interval=2,
            command_interval=10,
            retries=5,
            deadline=60,
        ),
        stop_timeout=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        listens=(port,),
        **more,
    )
