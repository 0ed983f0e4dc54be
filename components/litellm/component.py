"""LiteLLM: the replicas that answer requests."""

from collections.abc import Sequence

import pulumi
import pulumi_docker as docker

from components.engine.docker import DockerEngine
from components.engine.labels import SCHEMA_LABEL
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    HealthCheck,
    Network,
    Replacement,
    Workload,
    http_get,
)
from components.litellm.environment import (
    ENVIRONMENT_FILE,
    METRICS_ENVIRONMENT,
    REPLICA,
    environment,
    hook_environment,
    hooks,
    start,
)
from components.litellm.settings import LiteLLMSettings

ALIAS = "litellm"
PORT = 4000
CONFIG_FILE = "config.yaml"
LAUNCHER = REPLICA / "start.py"
"""Runs in each replica: tells the edge before LiteLLM stops."""
READINESS = http_get(f"http://127.0.0.1:{PORT}/health/readiness", timeout=9)


def server(settings: LiteLLMSettings) -> tuple[str, ...]:
    """Give LiteLLM's options.

    Gunicorn is the parent of several workers: it starts the next as soon as one has ended, and from memory. Uvicorn's
    waits for a worker that ended as long as for one that hangs.
    """
    options = ("--port", str(PORT), "--config", f"{CONFIG_FOLDER}/{CONFIG_FILE}")
    return (*options, "--run_gunicorn") if settings.workers > 1 else options


def workload(
    settings: LiteLLMSettings,
    image: str,
    config: str,
    secret_environment: pulumi.Input[str],
    number: int,
    *,
    cpu_set: str | None = None,
    metrics: bool = False,
) -> Workload:
    """Describe one replica; all are alike but for the number. `metrics` tells whether Prometheus asks it."""
    run_in_workers = hooks(settings, metrics=metrics)
    return Workload(
        name=f"litellm-{number}",
        alias=ALIAS,
        image=image,
        user="101:101",
        networks=(Network.DATA, Network.FRONT),
        memory=settings.memory,
        cpu_set=cpu_set,
        entrypoint=start(
            *("python3", f"{PROGRAMS_FOLDER}/{LAUNCHER.name}"),
            *("litellm", *server(settings)),
        ),
        environment=environment(settings) | hook_environment(run_in_workers) | (METRICS_ENVIRONMENT if metrics else {}),
        config={CONFIG_FILE: config},
        programs={program.name: program.read_text() for program in (LAUNCHER, *run_in_workers)},
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
        cpu_set: str | None,
        metrics: bool,
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start the replicas one after the other with this config.yaml, once `migrated` says that the schema fits.

        `cpu_set` is the setting as Docker reads it.
        """
        super().__init__("gateway:index:LiteLLM", "litellm", {}, opts)
        replicas: list[docker.Container] = []
        for number in range(1, settings.replicas + 1):
            replica = workload(settings, image, config, secret_environment, number, cpu_set=cpu_set, metrics=metrics)
            before = replicas[-1:] or depends_on
            replicas.append(engine.run(replica, self, before, labels={SCHEMA_LABEL: migrated}))
        self.replicas = replicas
        self.register_outputs({})
