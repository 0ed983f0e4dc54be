"""LiteLLM: the replicas that answer requests."""

import shlex
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import pulumi
import pulumi_docker as docker
from pydantic import Field, SecretStr

from components.engines.docker import DockerEngine
from components.litellm_config import ConfigSettings
from components.naming import SCHEMA_LABEL
from components.postgres import database_url
from components.secrets import Secrets
from components.section import Section
from components.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    SECRETS_FOLDER,
    HealthCheck,
    Network,
    Replacement,
    Workload,
    http_get,
)

ALIAS = "litellm"
PORT = 4000
METRICS_PORT = 4003
"""Without a key, hence on the private networks only."""
WORKER_METRICS = Path(__file__).parent.parent / "replica" / "worker_metrics.py"
"""Runs in each worker of a replica that Prometheus asks."""
CONFIG_FILE = "config.yaml"
ENVIRONMENT_FILE = "environment"
LAUNCHER = Path(__file__).parent.parent / "replica" / "start.py"
"""Runs in each replica: tells the edge before LiteLLM stops."""
READINESS = http_get(f"http://127.0.0.1:{PORT}/health/readiness", timeout=9)


class LogLevel(StrEnum):
    """What LiteLLM logs: this and all that is worse."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LiteLLMSettings(Section):
    """The replicas of a stack, and what each of them is told."""

    replicas: int = Field(1, ge=1, le=16)
    """Containers that answer requests."""
    workers: int = Field(1, ge=1, le=64)
    """Worker processes in each replica; one a core (https://docs.litellm.ai/docs/proxy/prod)."""
    memory: int = Field(4096, ge=1024)
    """Memory limit of a replica, MiB; 4096 a worker (https://docs.litellm.ai/docs/proxy/prod)."""
    cpu_set: str | None = Field(None, pattern=r"^\d+(-\d+)?$")
    """Processors of the host that replicas may use, e.g. 0-3; null: all
    (https://docs.docker.com/engine/containers/resource_constraints/)."""
    log_level: LogLevel = LogLevel.ERROR
    """LITELLM_LOG."""
    max_requests_before_restart: int | None = Field(None, ge=1)
    """Requests, health checks included, after which a worker is replaced, against leaks; null: never. Needs two
    workers: the only one would end the replica (https://docs.litellm.ai/docs/proxy/prod)."""
    max_requests_before_restart_jitter: int = Field(1000, ge=0)
    """At most so many requests later, by chance, so that workers are not replaced all at once."""
    keepalive_timeout: int = Field(75, ge=5, le=3600)
    """Seconds an idle connection stays open; longer than the edge keeps it."""
    docs: bool = False
    """Whether LiteLLM serves its interactive API documentation (NO_DOCS, NO_REDOC, NO_OPENAPI)."""
    graceful_shutdown_timeout: int = Field(600, ge=0, le=3600)
    """Seconds for requests in flight to end after the stop signal (GRACEFUL_SHUTDOWN_TIMEOUT)."""
    start_deadline: int = Field(180, ge=10, le=1800)
    """Seconds for a new replica to become healthy; after that the update fails and the old ones serve on."""
    config: ConfigSettings = ConfigSettings()
    """What goes into config.yaml."""


def environment(settings: LiteLLMSettings) -> dict[str, str]:
    """Give the environment that is not secret."""
    recycling = {
        "MAX_REQUESTS_BEFORE_RESTART": settings.max_requests_before_restart,
        "MAX_REQUESTS_BEFORE_RESTART_JITTER": settings.max_requests_before_restart_jitter,
    }
    return {
        "DISABLE_SCHEMA_UPDATE": "true",
        "GRACEFUL_SHUTDOWN_TIMEOUT": str(settings.graceful_shutdown_timeout),
        "KEEPALIVE_TIMEOUT": str(settings.keepalive_timeout),
        "LITELLM_LOG": settings.log_level.value,
        "LITELLM_MODE": "PRODUCTION",
        "NUM_WORKERS": str(settings.workers),
        # A worker imports for longer than uvicorn's 5 s; killed for it, it would never get ready.
        "TIMEOUT_WORKER_HEALTHCHECK": "120",
        **COMMON_ENVIRONMENT,
        # Retries are the router's alone: below it, OpenAI's client would make three calls of each of its embeddings.
        **({"DEFAULT_MAX_RETRIES": "0"} if settings.config.retry_policy else {}),
        **({} if settings.docs else dict.fromkeys(("NO_DOCS", "NO_REDOC", "NO_OPENAPI"), "True")),
        **({name: str(value) for name, value in recycling.items()} if settings.max_requests_before_restart else {}),
    }


COMMON_ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108
    # The price list that came with the release: a start does not depend on a download, nor a price on the day.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MIGRATION_DIR": "/tmp/migrations",  # noqa: S108
    "LITELLM_NON_ROOT": "true",
    "XDG_CACHE_HOME": "/tmp/cache",  # noqa: S108
}
"""What LiteLLM needs to run without root on a read-only root file system; the migration runs with it too."""


def environment_file(variables: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Write the secret part of the environment as a file that the shell loads."""
    return pulumi.Output.all(**variables).apply(
        lambda values: "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(values.items()))
    )


def secret_variables(secrets: Secrets, keys: Mapping[str, SecretStr]) -> dict[str, pulumi.Input[str]]:
    """Give the secret part of the environment: the stack's own secrets and the providers' keys."""
    return {
        "DATABASE_URL": database_url(secrets),
        "LITELLM_MASTER_KEY": secrets.master_key,
        "LITELLM_SALT_KEY": secrets.salt_key,
        "REDIS_PASSWORD": secrets.redis_password,
        **{name: pulumi.Output.secret(key.get_secret_value()) for name, key in keys.items()},
    }


OWN_SECRETS = frozenset(
    {"DATABASE_URL", "LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "REDIS_PASSWORD", "SLACK_WEBHOOK_URL"}
)
"""Secret variables that no provider's key may be named like."""


def own_variables() -> frozenset[str]:
    """Give the names of all variables that the gateway itself may set in a replica, secret or not."""
    most = environment(LiteLLMSettings(max_requests_before_restart=1))
    return OWN_SECRETS | most.keys() | METRICS_ENVIRONMENT.keys()


def start(*command: str) -> tuple[str, ...]:
    """Give the entrypoint that loads the secret environment and becomes the command."""
    return ("sh", "-c", f". {SECRETS_FOLDER}/{ENVIRONMENT_FILE} && exec {shlex.join(command)}")


METRICS_ENVIRONMENT = {
    "LITELLM_WORKER_STARTUP_HOOKS": f"{WORKER_METRICS.stem}:start",
    "PROMETHEUS_METRICS_PORT": str(METRICS_PORT),
    "PROMETHEUS_MULTIPROC_DIR": "/tmp/metrics",  # noqa: S108
    "PYTHONPATH": PROGRAMS_FOLDER,
}
"""What makes a replica serve the sum of its workers' metrics, from a process of its own (200 MiB)."""


def workload(
    settings: LiteLLMSettings,
    image: str,
    config: str,
    secret_environment: pulumi.Input[str],
    number: int,
    *,
    metrics: bool = False,
) -> Workload:
    """Describe one replica; all are alike but for the number. `metrics` tells whether Prometheus asks it."""
    return Workload(
        name=f"litellm-{number}",
        alias=ALIAS,
        image=image,
        user="101:101",
        networks=(Network.DATA, Network.FRONT),
        memory=settings.memory,
        cpu_set=settings.cpu_set,
        entrypoint=start(
            *("python3", f"{PROGRAMS_FOLDER}/{LAUNCHER.name}"),
            *("litellm", "--port", str(PORT), "--config", f"{CONFIG_FOLDER}/{CONFIG_FILE}"),
        ),
        environment=environment(settings) | (METRICS_ENVIRONMENT if metrics else {}),
        config={CONFIG_FILE: config},
        programs={LAUNCHER.name: LAUNCHER.read_text()}
        | ({WORKER_METRICS.name: WORKER_METRICS.read_text()} if metrics else {}),
        secrets={ENVIRONMENT_FILE: secret_environment},
        health=HealthCheck(
            command=READINESS, timeout=10, start_period=settings.start_deadline, deadline=settings.start_deadline
        ),
        stop_seconds=settings.graceful_shutdown_timeout + 20,
        replacement=Replacement.CREATE_BEFORE_DELETE,
        host_gateway=True,
    )


class LiteLLM(pulumi.ComponentResource):
    """Replicas behind one network alias. A new one is healthy before an old one stops."""

    replicas: Sequence[docker.Container]

    def __init__(
        self,
        settings: LiteLLMSettings,
        image: str,
        *,
        config: str,
        secret_environment: pulumi.Output[str],
        migrated: pulumi.Output[str],
        metrics: bool,
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start the replicas one after the other with this config.yaml, once `migrated` says that the schema fits."""
        super().__init__("gateway:index:LiteLLM", "litellm", {}, opts)
        replicas: list[docker.Container] = []
        for number in range(1, settings.replicas + 1):
            replica = workload(settings, image, config, secret_environment, number, metrics=metrics)
            before = replicas[-1:] or depends_on
            replicas.append(engine.run(replica, self, before, labels={SCHEMA_LABEL: migrated}))
        self.replicas = replicas
        self.register_outputs({})
