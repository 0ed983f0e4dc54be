"""The exporters: Prometheus reads from them the statistics of Postgres and Redis, and the certificate's expiry."""

import json
from typing import Any

import pulumi
import yaml

from components.data import postgres, redis
from components.engine.workload import (
    CONFIG_FOLDER,
    LOOPBACK,
    SECRETS_FOLDER,
    HealthCheck,
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
REDIS_ADDRESS = f"redis://{redis.ALIAS}:{redis.PORT}"
MEMORY_MIB = 64
"""Memory limit of each."""


def postgres_exporter(image: str, password: pulumi.Input[str]) -> Service:
    """Describe the exporter of Postgres's statistics."""
    return _exporter(
        POSTGRES_EXPORTER,
        image,
        user="65534:65534",
        port=POSTGRES_EXPORTER_PORT,
        environment={
            "DATA_SOURCE_PASS_FILE": f"{SECRETS_FOLDER}/{PASSWORD_FILE}",
            "DATA_SOURCE_URI": f"{postgres.ALIAS}:{postgres.PORT}/{postgres.DATABASE}?sslmode=disable",
            "DATA_SOURCE_USER": postgres.USER,
        },
        secrets={PASSWORD_FILE: password},
    )


def redis_exporter(image: str, password: pulumi.Input[str]) -> Service:
    """Describe the exporter of Redis's statistics."""
    passwords = password.apply(_passwords) if isinstance(password, pulumi.Output) else _passwords(str(password))
    return _exporter(
        REDIS_EXPORTER,
        image,
        user="59000:59000",
        port=REDIS_EXPORTER_PORT,
        environment={"REDIS_ADDR": REDIS_ADDRESS, "REDIS_PASSWORD_FILE": f"{SECRETS_FOLDER}/{PASSWORDS_FILE}"},
        secrets={PASSWORDS_FILE: passwords},
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


def _passwords(password: str) -> str:
    return json.dumps({REDIS_ADDRESS: password})


def _exporter(
    name: str,
    image: str,
    *,
    user: str,
    port: int,
    networks: tuple[Network, ...] = (Network.DATA, Network.FRONT),
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
            interval=2,
            retries=5,
            deadline=60,
        ),
        stop_timeout=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        **more,
    )
