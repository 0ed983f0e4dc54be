"""Backups: dumps of the database in a volume of their own. Each is proved by restoring it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pulumi
from pydantic import Field

from components.data import postgres
from components.data.postgres_connection import Database
from components.engine.engine import Engine
from components.engine.labels import ATTEMPT_LABEL, MIGRATION_LABEL, SCHEMA_LABEL
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    DataVolume,
    HealthCheck,
    Job,
    Replacement,
    Service,
    Volume,
)
from components.secrets import fingerprint
from components.settings.base import SettingsModel
from components.settings.schedule import Schedule, as_json

ALIAS = "backup"
DUMP = "dump"
"""Name of the job that dumps before a migration."""
CPU_SHARES = 256
VOLUME = DataVolume("backups", size_gib=20)
FOLDER = postgres.DATA_FOLDER
"""Where all dumps are. The image's own volume belongs to the user that writes here, so nothing has to be root."""
MANIFEST_FILE = "stack.json"
PASSWORD_FILE = "pgpass"  # noqa: S105 - a file's name
PROGRAMS = Path(__file__).parent / "dump"
OVERDUE_SECONDS = 3600
"""A dump that is later than this makes the service unhealthy."""
DUMP_TIMEOUT_SECONDS = 3600
"""For a dump before a migration, and its proof."""


class BackupSettings(SettingsModel):
    """Dumps of the database. One is made before each migration, whatever is set here."""

    renamed: ClassVar[Mapping[str, str]] = {"memory": "memory_mib"}

    schedule: Schedule | None = None
    """When the database is dumped, in cron's form, UTC, such as `15 2 * * *`; null: only by `python -m ops backup`."""
    keep: int = Field(14, ge=1, le=1000)
    """Dumps kept of each reason: scheduled, manual, before a migration. Older ones go after the next good one."""
    memory_mib: int = Field(256, ge=128)
    """Memory limit of the container that dumps."""


@dataclass(frozen=True)
class BackupArgs:
    """What dumps need."""

    settings: BackupSettings
    image: str
    """Postgres's own: the dump program has to be of the server's version."""
    litellm_image: str
    """LiteLLM's image that the stack migrates to. Each manifest names it."""
    migration_version: str
    """Version of the migration that is about to run; another one is dumped before."""
    attempt: int
    """Attempt number of the stack's jobs; a new one makes a failed dump run again."""
    stack: str
    salt_key: pulumi.Input[str]
    database: Database
    """What is dumped."""
    engine: Engine


def manifest(stack: str, salt_key: str) -> str:
    """Return what each dump's manifest says of the stack, as JSON."""
    return json.dumps({"stack": stack, "salt_key": fingerprint(salt_key)}) + "\n"


def programs(database: str) -> dict[str, str]:
    """Return the programs by name.

    The databases that they make beside the live one are named after it, because stacks may share a server.
    """
    texts = {file.name: file.read_text() for file in sorted(PROGRAMS.glob("*.s[hq]*"))}
    return {name: text.replace(f"{postgres.DATABASE}_", f"{database}_") for name, text in texts.items()}


@dataclass(frozen=True)
class Files:
    """The files of the dump job and of the backup service, which share an alias."""

    manifest: pulumi.Input[str]
    password: pulumi.Input[str]
    """In libpq's form."""


def dump_job(args: BackupArgs, volume: pulumi.Input[str], files: Files) -> Job:
    """Describe the job that dumps the database before the migration to LiteLLM's image."""
    return Job(
        name=DUMP,
        entrypoint=("timeout", str(DUMP_TIMEOUT_SECONDS), "sh", f"{PROGRAMS_FOLDER}/dump.sh", "before-migration"),
        environment=_environment(args),
        labels={ATTEMPT_LABEL: str(args.attempt), MIGRATION_LABEL: args.migration_version},
        timeout=DUMP_TIMEOUT_SECONDS,
        **_common(args, volume, files),
    )


def backup_service(
    args: BackupArgs, name: str, volume: pulumi.Input[str], files: Files, migrated: pulumi.Input[str]
) -> Service:
    """Describe the service that dumps on schedule, and in which `python -m ops backup` and `restore` work."""
    own = {
        "GRACE": str(OVERDUE_SECONDS),
        "KEEP": str(args.settings.keep),
        "SCHEDULE": as_json(args.settings.schedule),
    }
    return Service(
        name=name,
        entrypoint=("sh", f"{PROGRAMS_FOLDER}/schedule.sh"),
        environment=_environment(args) | own,
        labels={SCHEMA_LABEL: migrated},
        health=HealthCheck(
            ("CMD", "sh", f"{PROGRAMS_FOLDER}/health.sh"), interval=2, command_interval=10, retries=3, deadline=60
        ),
        replacement=Replacement.DELETE_BEFORE_CREATE,
        cpu_shares=CPU_SHARES,
        **_common(args, volume, files),
    )


class Backup(pulumi.ComponentResource):
    """The volume of all dumps, the dump before a migration, and the service that dumps on schedule."""

    volume: pulumi.Output[str]
    """Name of the volume of all dumps on the engine."""
    dumped: pulumi.Output[str]
    """Known once the database is dumped. The migration waits for it."""

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Dump the database once for each version of the migration."""
        super().__init__("gateway:index:Backup", name, {}, opts)
        self._name, self._args = name, args
        self._files = Files(
            # A fingerprint is no secret: a preview may show it, and so all of the file.
            manifest=pulumi.Output.unsecret(
                pulumi.Output.from_input(args.salt_key).apply(lambda key: manifest(args.stack, key))
            ),
            password=args.database.connection.password_file,
        )
        self.volume = args.engine.create_volume(VOLUME, self)
        dump = args.engine.run_once(
            dump_job(args, self.volume, self._files),
            self,
            failure="the dump before the migration failed; nothing was migrated",
            depends_on=args.database.depends_on,
        )
        self.dumped = dump.succeeded.apply(lambda _: "yes")
        self.register_outputs({"volume": self.volume, "dumped": self.dumped})

    def start_schedule(self, migrated: pulumi.Output[str]) -> pulumi.Resource:
        """Start the service once the schema is migrated: it dumps what LiteLLM of this version can read."""
        service = backup_service(self._args, self._name, self.volume, self._files, migrated)
        return self._args.engine.run(service, self)


def _common(args: BackupArgs, volume: pulumi.Input[str], files: Files) -> dict[str, Any]:
    return {
        "alias": ALIAS,
        "image": args.image,
        "user": "999:999",
        "networks": args.database.connection.networks,
        "memory_mib": args.settings.memory_mib,
        "config": {MANIFEST_FILE: files.manifest, **args.database.connection.files},
        "programs": programs(args.database.connection.database),
        "secrets": {PASSWORD_FILE: files.password},
        "volumes": (Volume(volume, FOLDER),),
        "stop_timeout": 10,
        "host_gateway": args.database.connection.external,
    }


def _environment(args: BackupArgs) -> dict[str, str]:
    return {
        "ABOUT": f"{CONFIG_FOLDER}/{MANIFEST_FILE}",
        "DUMPS": FOLDER,
        "IMAGE": args.litellm_image,
        **args.database.connection.libpq_environment,
    }
