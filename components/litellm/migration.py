"""The schema migration: a one-shot container of the target LiteLLM image, before any replica of it starts."""

import hashlib
from collections.abc import Sequence

import pulumi

from components.engine.container_report import judge
from components.engine.docker import DockerEngine
from components.engine.labels import ATTEMPT_LABEL, DUMP_LABEL
from components.engine.workload import HealthCheck, Network, Replacement, Workload
from components.litellm.environment import COMMON_ENVIRONMENT, ENVIRONMENT_FILE, environment_file, start

ALIAS = "migration"
DEADLINE = 900
"""Seconds. `timeout` ends a migration that hangs; LiteLLM's own limit for one `migrate deploy` is 600."""


def workload(image: str, secret_environment: pulumi.Input[str]) -> Workload:
    """Describe the migration."""
    return Workload(
        name=ALIAS,
        alias=ALIAS,
        image=image,
        user="101:101",
        networks=(Network.DATA,),
        memory=2048,
        entrypoint=start("timeout", str(DEADLINE), "litellm", "--skip_server_startup"),
        environment={
            **COMMON_ENVIRONMENT,
            "DISABLE_SCHEMA_UPDATE": "false",
            "ENFORCE_PRISMA_MIGRATION_CHECK": "true",
            "LITELLM_LOG": "INFO",
        },
        secrets={ENVIRONMENT_FILE: secret_environment},
        health=HealthCheck(command=("NONE",)),
        stop_seconds=60,
        replacement=Replacement.CREATE_BEFORE_DELETE,
    )


def version(image: str) -> str:
    """Name the migration that an image makes, by all that decides what it does: 12 hex digits."""
    found = workload(image, "")
    text = repr((found.image, found.entrypoint, found.command, sorted(found.environment.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Migration(pulumi.ComponentResource):
    """Brings the schema to what the image needs. A non-zero exit fails the update and prints the log."""

    done: pulumi.Output[str]
    """Known once the schema fits; replicas wait for it."""

    def __init__(
        self,
        image: str,
        *,
        database_url: pulumi.Output[str],
        attempt: int,
        dumped: pulumi.Output[str],
        engine: DockerEngine,
        depends_on: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Run the migration once for each image; a new `attempt` runs a failed one again.

        It starts once `dumped` says that the schema which it changes can be restored.
        """
        super().__init__("gateway:index:Migration", "migration", {}, opts)
        secret_environment = environment_file({"DATABASE_URL": database_url})
        container = engine.run_once(
            workload(image, secret_environment), self, depends_on,
            labels={ATTEMPT_LABEL: str(attempt), DUMP_LABEL: dumped},
        )  # fmt: skip
        self.done = pulumi.Output.all(container.id, container.exit_code, container.image).apply(
            lambda result: judge(*result[:2], done=result[2], failed="migration failed; no replica was touched")
        )
        self.register_outputs({})
