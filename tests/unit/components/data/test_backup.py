"""What dumps the database."""

import pytest
from pydantic import ValidationError

from components.data.backup import SOURCE, BackupSettings, Surroundings, about, before_migration, fingerprint, scheduled
from components.engine.workload import Network, Replacement, Volume, Workload

AROUND = Surroundings("postgres:15", "litellm:1", about("test", "sk-salt"), "*:*:*:litellm:hush\n", "backups")
DUMP = before_migration(AROUND)
BACKUP = scheduled(BackupSettings(schedule="15 2 * * *", keep=3), AROUND)
BOTH = pytest.mark.parametrize("workload", [DUMP, BACKUP], ids=["dump", "backup"])


@BOTH
def test_the_password_goes_by_file_alone(workload: Workload) -> None:
    assert workload.secrets == {"pgpass": "*:*:*:litellm:hush\n"}
    assert "hush" not in str((workload.environment, workload.entrypoint, workload.config, workload.health))


@BOTH
def test_dumps_stand_in_one_volume_and_are_made_by_the_server_s_own_image(workload: Workload) -> None:
    assert workload.volumes == (Volume("backups", workload.environment["DUMPS"]),)
    assert workload.image == "postgres:15"
    assert workload.networks == (Network.DATA,)


@BOTH
def test_every_program_that_one_calls_is_beside_it(workload: Workload) -> None:
    assert set(workload.programs) == {file.name for file in SOURCE.iterdir() if file.is_file()}
    assert workload.entrypoint[-1 if workload is BACKUP else -2].rpartition("/")[2] in workload.programs


def test_what_dumps_before_a_migration_keeps_all_and_names_the_image_to_come() -> None:
    assert DUMP.entrypoint[-1] == "before-migration"
    assert "KEEP" not in DUMP.environment
    assert DUMP.environment["IMAGE"] == "litellm:1"
    assert DUMP.replacement is Replacement.CREATE_BEFORE_DELETE


def test_settings_reach_what_dumps_by_the_clock() -> None:
    assert BACKUP.environment["KEEP"] == "3"
    assert '"hours": [2]' in BACKUP.environment["SCHEDULE"]
    assert scheduled(BackupSettings(), AROUND).environment["SCHEDULE"] == "null"


def test_a_salt_key_is_told_from_another_and_not_told() -> None:
    assert fingerprint("sk-salt") == fingerprint("sk-salt") != fingerprint("sk-other")
    assert "sk-salt" not in about("test", "sk-salt")
    assert fingerprint("sk-salt") in about("test", "sk-salt")


@pytest.mark.parametrize("schedule", ["daily", "15 25 * * *"])
def test_a_schedule_that_cannot_be_followed_is_no_setting(schedule: str) -> None:
    with pytest.raises(ValidationError):
        BackupSettings(schedule=schedule)
