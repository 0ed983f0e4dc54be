"""Backups: dumps of the database in a volume of their own, each proved by restoring it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker
from pydantic import Field

from components.data import postgres
from components.engine.container_report import judge
from components.engine.docker import DockerEngine
from components.engine.labels import ATTEMPT_LABEL, MIGRATION_LABEL, SCHEMA_LABEL
from components.engine.workload import (
    CONFIG_FOLDER,
    PROGRAMS_FOLDER,
    HealthCheck,
    Network,
    Replacement,
    Volume,
    Workload,
)
from components.secrets import Secrets
from components.settings.base import Section
from components.settings.schedule import Schedule, as_json

ALIAS = "backup"
DUMP = "dump"
"""Name of the workload that dumps before a migration."""
FOLDER = postgres.DATA_FOLDER
"""Of all dumps. The image's own volume: it belongs to the user that writes here, so nothing has to be root."""
ABOUT_FILE = "stack.json"
PASSWORD_FILE = "pgpass"  # noqa: S105 - a file's name
SOURCE = Path(__file__).parent / "dump"
GRACE = 3600
"""Seconds after which a dump that was due makes the workload unhealthy."""
DEADLINE = 3600
"""Seconds for a dump and its proof before a migration."""
FINGERPRINT_DOMAIN = b"gateway salt key fingerprint\0"
"""No other program's hash of the same key is the same."""


class BackupSettings(Section):
    """Dumps of the database. One is made before each migration, whatever is set here."""

    schedule: Schedule | None = None
    """When the database is dumped, as cron writes it, UTC, e.g. `15 2 * * *`; null: by `python -m ops backup` alone."""
    keep: int = Field(14, ge=1, le=1000)
    """Dumps kept of each reason: scheduled, by hand, before a migration. Older ones go after the next good one."""
    memory: int = Field(256, ge=128)
    """Memory limit of the container that dumps, MiB."""


def fingerprint(salt_key: str) -> str:
    """Tell salt keys apart without telling them: 16 hex digits."""
    return hashlib.sha256(FINGERPRINT_DOMAIN + salt_key.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Surroundings:
    """What the workloads that dump have in common."""

    image: str
    """Postgres's own: what dumps has to be of the server's version."""
    serves: str
    """LiteLLM's image."""
    about: pulumi.Input[str]
    """What each manifest says of the stack."""
    password: pulumi.Input[str]
    """Postgres's password file, as libpq reads it."""
    volume: pulumi.Input[str]
    """Name of the volume of all dumps."""


def before_migration(around: Surroundings) -> Workload:
    """Describe what dumps before the migration to LiteLLM's image."""
    return Workload(
        name=DUMP,
        memory=BackupSettings().memory,
        entrypoint=("timeout", str(DEADLINE), "sh", f"{PROGRAMS_FOLDER}/dump.sh", "before-migration"),
        environment=_environment(around),
        health=HealthCheck(command=("NONE",)),
        replacement=Replacement.CREATE_BEFORE_DELETE,
        **_common(around),
    )


def scheduled(settings: BackupSettings, around: Surroundings) -> Workload:
    """Describe what dumps by the clock, and where `python -m ops backup` and `restore` do their work."""
    own = {"GRACE": str(GRACE), "KEEP": str(settings.keep), "SCHEDULE": as_json(settings.schedule)}
    return Workload(
        name=ALIAS,
        memory=settings.memory,
        entrypoint=("sh", f"{PROGRAMS_FOLDER}/schedule.sh"),
        environment=_environment(around) | own,
        health=HealthCheck(command=("CMD", "sh", f"{PROGRAMS_FOLDER}/health.sh"), interval=2, retries=3, deadline=60),
        replacement=Replacement.DELETE_BEFORE_CREATE,
        **_common(around),
    )


def _common(around: Surroundings) -> dict[str, Any]:
    return {
        "alias": ALIAS,
        "image": around.image,
        "user": "999:999",
        "networks": (Network.DATA,),
        "cpu_shares": 256,
        "config": {ABOUT_FILE: around.about},
        "programs": {file.name: file.read_text() for file in sorted(SOURCE.glob("*.s[hq]*"))},
        "secrets": {PASSWORD_FILE: around.password},
        "volumes": (Volume(around.volume, FOLDER),),
        "stop_seconds": 10,
    }


def _environment(around: Surroundings) -> dict[str, str]:
    return {
        "ABOUT": f"{CONFIG_FOLDER}/{ABOUT_FILE}",
        "DUMPS": FOLDER,
        "IMAGE": around.serves,
        "PGDATABASE": postgres.DATABASE,
        "PGHOST": postgres.ALIAS,
        "PGUSER": postgres.USER,
    }


def about(stack: str, salt_key: str) -> str:
    """Write what each manifest says of the stack."""
    return json.dumps({"stack": stack, "salt_key": fingerprint(salt_key)}) + "\n"


class Backup(pulumi.ComponentResource):
    """The volume of all dumps, what dumps before a migration, and what dumps by the clock."""

    dumped: pulumi.Output[str]
    """Known once the database is dumped; the migration waits for it."""

    def __init__(
        self,
        settings: BackupSettings,
        image: str,
        *,
        serves: str,
        migration: str,
        attempt: int,
        stack: str,
        secrets: Secrets,
        engine: DockerEngine,
        database: docker.Container,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Dump the database once for each `migration`; `serves` is the LiteLLM image that it is for.

        A new `attempt` makes a failed dump run again.
        """
        super().__init__("gateway:index:Backup", "backup", {}, opts)
        self._settings, self._engine = settings, engine
        self._around = Surroundings(
            image,
            serves,
            # A fingerprint is no secret: a preview may show it, and so all of the file.
            about=pulumi.Output.unsecret(secrets.salt_key.apply(lambda key: about(stack, key))),
            password=pulumi.Output.concat(f"*:*:*:{postgres.USER}:", secrets.postgres_password, "\n"),
            volume=engine.volume("backups", self).name,
        )
        container = engine.run_once(
            before_migration(self._around), self, [database],
            labels={ATTEMPT_LABEL: str(attempt), MIGRATION_LABEL: migration},
        )  # fmt: skip
        self.dumped = pulumi.Output.all(container.id, container.exit_code).apply(
            lambda result: judge(
                *result, failed="the dump before the migration failed; nothing was migrated", done="yes"
            )
        )
        self.register_outputs({})

    def run(self, migrated: pulumi.Output[str]) -> docker.Container:
        """Start what dumps by the clock, once `migrated` says that the schema fits."""
        return self._engine.run(scheduled(self._settings, self._around), self, labels={SCHEMA_LABEL: migrated})
