"""The exporters: they read the statistics of Postgres and Redis and give them to Prometheus."""

import json

import pulumi

from components.data import postgres, redis
from components.engine.workload import SECRETS_FOLDER, HealthCheck, Network, Replacement, Workload
from components.monitoring.prometheus import POSTGRES_PORT, REDIS_PORT

PASSWORD_FILE = "password"  # noqa: S105 - a file's name
PASSWORDS_FILE = "passwords.json"
REDIS_ADDRESS = f"redis://{redis.ALIAS}:{redis.PORT}"
LOOPBACK = "127.0.0.1"
MEMORY = 64
"""Limit of each, MiB."""


def _passwords(password: str) -> str:
    return json.dumps({REDIS_ADDRESS: password})


def postgres_exporter(image: str, password: pulumi.Input[str]) -> Workload:
    """Describe what reads Postgres's statistics."""
    return _exporter(
        "postgres-exporter",
        image,
        user="65534:65534",
        port=POSTGRES_PORT,
        environment={
            "DATA_SOURCE_PASS_FILE": f"{SECRETS_FOLDER}/{PASSWORD_FILE}",
            "DATA_SOURCE_URI": f"{postgres.ALIAS}:5432/{postgres.DATABASE}?sslmode=disable",
            "DATA_SOURCE_USER": postgres.USER,
        },
        secrets={PASSWORD_FILE: password},
    )


def redis_exporter(image: str, password: str | pulumi.Output[str]) -> Workload:
    """Describe what reads Redis's statistics."""
    return _exporter(
        "redis-exporter",
        image,
        user="59000:59000",
        port=REDIS_PORT,
        environment={"REDIS_ADDR": REDIS_ADDRESS, "REDIS_PASSWORD_FILE": f"{SECRETS_FOLDER}/{PASSWORDS_FILE}"},
        secrets={
            PASSWORDS_FILE: password.apply(_passwords) if isinstance(password, pulumi.Output) else _passwords(password)
        },
    )


def _exporter(
    name: str,
    image: str,
    *,
    user: str,
    port: int,
    environment: dict[str, str],
    secrets: dict[str, pulumi.Input[str]],
) -> Workload:
    return Workload(
        name=name,
        alias=name,
        image=image,
        user=user,
        networks=(Network.DATA, Network.FRONT),
        memory=MEMORY,
        environment=environment,
        secrets=secrets,
        # Its first page: reading the metrics would put a load on what is watched.
        health=HealthCheck(
            command=("CMD", "wget", "-q", "-O", "/dev/null", f"http://{LOOPBACK}:{port}/"),
            interval=2, retries=5, deadline=60,
        ),
        stop_seconds=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
    )  # fmt: skip
