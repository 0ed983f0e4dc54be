"""LiteLLM: the replicas that answer requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pulumi

from components.engine.engine import Engine
from components.engine.labels import SCHEMA_LABEL
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    Autoscaling,
    HealthCheck,
    HttpGet,
    Network,
    Probe,
    Replacement,
    Service,
    TcpSocket,
    request_command,
)
from components.litellm import validation
from components.litellm.config_yaml import ConfigContext, config_yaml
from components.litellm.environment import (
    ENVIRONMENT_FILE,
    METRICS_ENVIRONMENT,
    WORKER,
    entrypoint,
    environment,
    environment_file,
    hook_environment,
    startup_hooks,
)
from components.litellm.settings import LiteLLMSettings
from components.litellm.worker.start import AGENT_PORT, METRICS_SERVER

ALIAS = "litellm"
PORT = 4000
CONFIG_FILE = "config.yaml"
LAUNCHER, LOADER = WORKER / "start.py", WORKER / "load.py"
"""Run in each replica: the one tells the edge before LiteLLM stops, the other is LiteLLM's process."""
READINESS = HttpGet(PORT, "/health/readiness")
LIVENESS = Probe(HttpGet(PORT, "/health/liveliness"), timeout=30, retries=6)
"""A busy Python worker answers late, and late is not dead: only after minutes without an answer."""
DISCOVERY = Probe(TcpSocket(AGENT_PORT), retries=6)
"""Asks the launcher, which no busy worker delays. The edge itself asks each replica whether it lives."""
STOP_MARGIN_SECONDS = 20
"""Between LiteLLM's own end and the kill."""


@dataclass(frozen=True)
class LiteLLMArgs:
    """What the replicas need."""

    settings: LiteLLMSettings
    image: str
    context: ConfigContext
    """What config.yaml needs beside the settings."""
    files: Mapping[str, str]
    """Own files beside config.yaml: Python and certificates, by name."""
    secrets: Mapping[str, pulumi.Input[str]]
    """The secret part of the environment, by name."""
    migrated: pulumi.Output[str]
    """Known once the schema fits."""
    attempt: int
    """Attempt number of the check of the configuration; a new one makes a failed check run again."""
    cpuset: str | None
    """The setting `cpuset` in Docker's form."""
    engine: Engine
    autoscaling: Autoscaling | None = None
    """How their number follows the load; None: it is fixed."""
    scaled_before: bool = False
    """Whether it has followed the load at some time."""
    external_postgres: bool = False
    """Whether somebody else runs the database."""
    depends_on: Sequence[pulumi.Resource] = ()


def command(settings: LiteLLMSettings) -> tuple[str, ...]:
    """Return the command line of LiteLLM's process: that of `litellm`, loaded by this project's program.

    Several workers run under Gunicorn, which starts the next as soon as one has ended, and from memory. Uvicorn's
    parent waits for a worker that ended as long as for one that hangs.
    """
    options = ("--port", str(PORT), "--config", f"{CONFIG_FOLDER}/{CONFIG_FILE}")
    litellm = (*python(LOADER), *options)
    return (*litellm, "--run_gunicorn") if settings.workers > 1 else litellm


def python(program: Path) -> tuple[str, str]:
    """Return the command line of one of the replica's programs."""
    return ("python3", f"{PROGRAMS_FOLDER}/{program.name}")


def config_files(args: LiteLLMArgs) -> dict[str, str]:
    """Return config.yaml and the stack's own files beside it."""
    text = config_yaml(args.settings.config, args.context, args.settings.config_yaml.sections)
    return {CONFIG_FILE: text, **args.files}


def replica(args: LiteLLMArgs, name: str, secret_environment: pulumi.Input[str]) -> Service:
    """Describe a replica. All are alike."""
    settings, metrics = args.settings, args.context.metrics
    hooks = startup_hooks(settings, metrics=metrics, external_postgres=args.external_postgres)
    programs = (LAUNCHER, LOADER, *([METRICS_SERVER] if metrics else []), *hooks)
    return Service(
        name=name,
        alias=name,
        image=args.image,
        user="101:101",
        networks=(Network.DATA, Network.FRONT),
        memory_mib=settings.memory_mib,
        cpuset=args.cpuset,
        entrypoint=entrypoint(
            *python(LAUNCHER),
            *command(settings),
            own_authorities=settings.ca_certificates is not None,
        ),
        environment={
            **environment(settings, metrics=metrics),
            **hook_environment(hooks),
            **(METRICS_ENVIRONMENT if metrics else {}),
        },
        config=config_files(args),
        programs={program.name: program.read_text() for program in programs},
        secrets={ENVIRONMENT_FILE: secret_environment},
        health=HealthCheck(
            command=request_command(READINESS, timeout=9),
            request=READINESS,
            timeout=10,
            start_period=settings.startup_timeout,
            deadline=settings.startup_timeout,
        ),
        discovery=DISCOVERY,
        liveness=LIVENESS,
        stop_timeout=settings.stop_timeout + STOP_MARGIN_SECONDS,
        replacement=Replacement.CREATE_BEFORE_DELETE,
        host_gateway=True,
    )


class LiteLLM(pulumi.ComponentResource):
    """Replicas behind one network alias. A new one is healthy before an old one stops."""

    replicas: Sequence[pulumi.Resource]

    def __init__(self, name: str, args: LiteLLMArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start the replicas once the schema fits and LiteLLM accepts its configuration."""
        super().__init__("gateway:index:LiteLLM", name, {}, opts)
        secret_environment = environment_file(args.secrets)
        service = replica(args, name, secret_environment)
        check = validation.job(
            service, CONFIG_FILE, attempt=args.attempt, own_authorities=args.settings.ca_certificates is not None
        )
        validated = args.engine.run_once(check, self, failure=validation.FAILURE).succeeded
        # Both gate the replicas. The label holds what is the same for each good check.
        gate = pulumi.Output.all(args.migrated, validated).apply(lambda passed: str(passed[0]))
        service = replace(
            service,
            labels={SCHEMA_LABEL: gate},
            autoscaling=args.autoscaling,
            scaled_before=args.scaled_before,
        )
        self.replicas = args.engine.run_replicas(service, args.settings.replicas, self, args.depends_on)
        self.register_outputs({"url": f"http://{name}:{PORT}", "replicas": args.settings.replicas})
