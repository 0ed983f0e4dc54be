"""The exporters: they read the statistics of Postgres and Redis for Prometheus."""

import json

import pulumi

from components.data import postgres, redis
from components.engine.workload import LOOPBACK, SECRETS_FOLDER, HealthCheck, Network, Replacement, Service

POSTGRES_EXPORTER, POSTGRES_EXPORTER_PORT = "postgres-exporter", 9187
REDIS_EXPORTER, REDIS_EXPORTER_PORT = "redis-exporter", 9121
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


def _passwords(password: str) -> str:
    return json.dumps({REDIS_ADDRESS: password})


def _exporter(
    name: str,
    image: str,
    *,
    user: str,
    port: int,
    environment: dict[str, str],
    secrets: dict[str, pulumi.Input[str]],
) -> Service:
    return Service(
        name=name,
        alias=name,
        image=image,
        user=user,
        networks=(Network.DATA, Network.FRONT),
        memory_mib=MEMORY_MIB,
        environment=environment,
        secrets=secrets,
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
