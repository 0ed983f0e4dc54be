"""The dump before a migration, and the backup service."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from components.data.backup import (
    PROGRAMS,
    BackupArgs,
    BackupSettings,
    Files,
    backup_service,
    dump_job,
    fingerprint,
    manifest,
)
from components.data.postgres import PostgresSettings, connection
from components.data.postgres_connection import Database
from components.engine.workload import Job, Network, Replacement, Service, Volume
from tests.unit.components.workloads import NO_ENGINE, NO_RESOURCE

ARGS = BackupArgs(
    BackupSettings(schedule="15 2 * * *", keep=3, memory_mib=384),
    "postgres:15",
    litellm_image="litellm:1",
    migration_version="0123456789ab",
    attempt=2,
    stack="test",
    salt_key="sk-salt",
    database=Database(connection(PostgresSettings(), "hush"), [NO_RESOURCE]),
    engine=NO_ENGINE,
)
FILES = Files(manifest("test", "sk-salt"), "*:*:*:litellm:hush\n")


def service(args: BackupArgs = ARGS) -> Service:
    return backup_service(args, "backup", "backups", FILES, "sha256:litellm")


DUMP = dump_job(ARGS, "backups", FILES)
BACKUP = service()
BOTH = pytest.mark.parametrize("workload", [DUMP, BACKUP], ids=["dump", "backup"])


@BOTH
def test_password_is_a_file(workload: Job | Service) -> None:
    assert workload.secrets == {"pgpass": "*:*:*:litellm:hush\n"}
    seen = (workload.environment, workload.entrypoint, workload.config, workload.labels, BACKUP.health)
    assert "hush" not in str(seen)


@BOTH
def test_dumps_go_to_one_volume_with_the_server_s_own_image(workload: Job | Service) -> None:
    assert workload.volumes == (Volume("backups", workload.environment["DUMPS"]),)
    assert workload.image == "postgres:15"
    assert workload.networks == (Network.DATA,)


@BOTH
def test_every_program_is_in_the_container(workload: Job | Service) -> None:
    assert set(workload.programs) == {file.name for file in PROGRAMS.iterdir() if file.is_file()}
    assert workload.entrypoint[-1 if workload is BACKUP else -2].rpartition("/")[2] in workload.programs


@BOTH
def test_both_share_alias_and_files(workload: Job | Service) -> None:
    assert workload.alias == "backup"
    assert (workload.config, workload.programs, workload.secrets) == (DUMP.config, DUMP.programs, DUMP.secrets)


@BOTH
def test_memory_limit_is_the_setting(workload: Job | Service) -> None:
    assert workload.memory_mib == 384


def test_dump_before_a_migration_keeps_all_and_names_the_new_image() -> None:
    assert DUMP.entrypoint[-1] == "before-migration"
    assert "KEEP" not in DUMP.environment
    assert DUMP.environment["IMAGE"] == "litellm:1"


def test_dump_has_attempt_and_migration_as_labels() -> None:
    assert DUMP.labels == {"gateway.attempt": "2", "gateway.migration": "0123456789ab"}


def test_backup_service_has_the_migrated_schema_as_label() -> None:
    assert BACKUP.labels == {"gateway.schema": "sha256:litellm"}
    assert BACKUP.replacement is Replacement.DELETE_BEFORE_CREATE


def test_settings_reach_the_backup_service() -> None:
    assert BACKUP.environment["KEEP"] == "3"
    assert '"hours": [2]' in BACKUP.environment["SCHEDULE"]
    assert service(replace(ARGS, settings=BackupSettings())).environment["SCHEDULE"] == "null"


def test_fingerprint_identifies_the_salt_key_and_hides_it() -> None:
    assert fingerprint("sk-salt") == fingerprint("sk-salt") != fingerprint("sk-other")
    assert "sk-salt" not in manifest("test", "sk-salt")
    assert fingerprint("sk-salt") in manifest("test", "sk-salt")


@pytest.mark.parametrize("schedule", ["daily", "15 25 * * *"])
def test_wrong_schedule_is_refused(schedule: str) -> None:
    with pytest.raises(ValidationError):
        BackupSettings(schedule=schedule)
