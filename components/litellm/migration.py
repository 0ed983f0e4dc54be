"""The schema migration: a job on the target LiteLLM image, before any replica of that image starts."""

import hashlib
from dataclasses import dataclass

import pulumi

from components.data import postgres
from components.data.postgres import PostgresSettings
from components.data.postgres_connection import Database, PostgresConnection
from components.engine.engine import Engine
from components.engine.labels import ATTEMPT_LABEL, DUMP_LABEL
from components.engine.workload import Job
from components.litellm.environment import COMMON_ENVIRONMENT, ENVIRONMENT_FILE, entrypoint, environment_file

ALIAS = "migration"
MEMORY_MIB = 2048
TIMEOUT_SECONDS = 900
"""Ends a migration that hangs. LiteLLM's own limit for one `migrate deploy` is 600."""
MIGRATION_ALONE = "--skip_server_startup"
"""LiteLLM's option: migrate, and end."""
PROGRAM = """\
import gc, os, sys, traceback
del sys.path[0]
gc.disable()
code = 1
try:
    from litellm import run_server
    run_server()
    code = 0
except SystemExit as end:
    code = end.code or 0
except BaseException:
    traceback.print_exc()
if not isinstance(code, int):
    print(code, file=sys.stderr)
    code = 1
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
"""
"""What the command `litellm` does, but for its end: Python would take down all that LiteLLM has loaded, object by
object, while the update waits. Garbage is not collected, as in the check of the configuration (`validation.py`). As
with the command, Python looks for no module in the working folder."""


@dataclass(frozen=True)
class MigrationArgs:
    """What a migration needs."""

    image: str
    """LiteLLM's image. The migration runs once for each."""
    attempt: int
    """Attempt number of the stack's jobs; a new one makes a failed migration run again."""
    dumped: pulumi.Output[str]
    """Known once the database can be restored. The migration waits for it."""
    database: Database
    """What is migrated."""
    engine: Engine


def job(
    image: str,
    secret_environment: pulumi.Input[str],
    connection: PostgresConnection,
    labels: dict[str, pulumi.Input[str]] | None = None,
) -> Job:
    """Describe the migration."""
    return Job(
        name=ALIAS,
        alias=ALIAS,
        image=image,
        user="101:101",
        networks=connection.networks,
        memory_mib=MEMORY_MIB,
        entrypoint=entrypoint("timeout", str(TIMEOUT_SECONDS), "python3", "-c", PROGRAM, MIGRATION_ALONE),
        environment={
            **COMMON_ENVIRONMENT,
            "DISABLE_SCHEMA_UPDATE": "false",
            "ENFORCE_PRISMA_MIGRATION_CHECK": "true",
            "LITELLM_LOG": "INFO",
        },
        config=connection.files,
        secrets={ENVIRONMENT_FILE: secret_environment},
        labels=labels or {},
        stop_timeout=60,
        timeout=TIMEOUT_SECONDS,
        host_gateway=connection.external,
    )


def version(image: str) -> str:
    """Return the version of an image's migration: 12 hex digits of all that decides what it does."""
    found = job(image, "", postgres.connection(PostgresSettings()))
    text = repr((found.image, found.entrypoint, found.command, sorted(found.environment.items())))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Migration(pulumi.ComponentResource):
    """Brings the schema to what the image needs. A failure stops the update and prints the log."""

    migrated: pulumi.Output[str]
    """Known once the schema fits. Replicas wait for it."""

    def __init__(self, name: str, args: MigrationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Run the migration after the dump."""
        super().__init__("gateway:index:Migration", name, {}, opts)
        run = args.engine.run_once(
            job(
                args.image,
                environment_file({"DATABASE_URL": args.database.connection.url}),
                args.database.connection,
                {ATTEMPT_LABEL: str(args.attempt), DUMP_LABEL: args.dumped},
            ),
            self,
            failure="migration failed; no replica was touched",
            depends_on=args.database.depends_on,
        )
        self.migrated = run.succeeded
        self.register_outputs({"migrated": self.migrated})
