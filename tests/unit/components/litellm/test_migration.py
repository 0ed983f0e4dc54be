"""The schema migration as a job."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from components.data import postgres
from components.data.postgres import PostgresSettings
from components.engine.workload import Network
from components.litellm.environment import COMMON_ENVIRONMENT
from components.litellm.migration import PROGRAM, TIMEOUT_SECONDS, job, version
from tests.unit.program import Program, is_secret

OWN = postgres.connection(PostgresSettings(), "hush")
JOB = job("litellm:1.108.14", "export DATABASE_URL=hush\n", OWN)


def test_migration_changes_the_schema_and_fails_when_it_cannot() -> None:
    assert JOB.environment["DISABLE_SCHEMA_UPDATE"] == "false"
    assert JOB.environment["ENFORCE_PRISMA_MIGRATION_CHECK"] == "true"


def test_migration_starts_no_server_and_ends_in_time() -> None:
    shell, option, line = JOB.entrypoint
    assert (shell, option) == ("sh", "-c")
    assert shlex.split(line) == [
        *(".", "/run/secrets/environment", "&&", "exec", "timeout", str(TIMEOUT_SECONDS)),
        *("python3", "-c", PROGRAM, "--skip_server_startup"),
    ]


@pytest.mark.parametrize(
    ("command", "exit_code", "printed"),
    [
        ("print('migrated')", 0, "migrated"),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(0)", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('no database')", 1, "no database"),
        ("raise ValueError('no schema')", 1, "ValueError: no schema"),
    ],
)
def test_migration_ends_as_litellm_s_command_does(tmp_path: Path, command: str, exit_code: int, printed: str) -> None:
    (tmp_path / "litellm.py").write_text(f"def run_server():\n    {command}\n    raise SystemExit(0)\n")
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--skip_server_startup"],
        env={"PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == exit_code
    assert printed in ended.stdout + ended.stderr


def test_migration_does_not_wait_for_what_litellm_leaves(tmp_path: Path) -> None:
    (tmp_path / "litellm.py").write_text(
        "import threading, time\ndef run_server():\n    threading.Thread(target=time.sleep, args=(60,)).start()\n"
    )
    subprocess.run([sys.executable, "-c", PROGRAM], env={"PYTHONPATH": str(tmp_path)}, check=True, timeout=30)


def test_migration_reaches_the_database_alone() -> None:
    assert JOB.networks == (Network.DATA,)
    assert JOB.volumes == ()


def test_database_url_is_a_secret_file() -> None:
    assert JOB.secrets == {"environment": "export DATABASE_URL=hush\n"}
    assert "hush" not in str(dict(JOB.environment)) + " ".join(JOB.entrypoint)


def test_migration_runs_as_the_replicas_do() -> None:
    assert COMMON_ENVIRONMENT.items() <= JOB.environment.items()


def test_migration_knows_no_secret_but_the_database_url(program: Program) -> None:
    url = "postgresql://litellm:generated-postgres-password@postgres:5432/litellm"
    assert program.files("migration-secrets") == {"/run/secrets/environment": f"export DATABASE_URL={url}\n"}
    assert is_secret(program.named("migration-secrets")["uploads"])


def test_replicas_have_the_id_of_the_migrated_image(program: Program) -> None:
    labels = {label["label"]: label["value"] for label in program.named("litellm-1")["labels"]}
    assert labels["gateway.schema"] == program.named("migration")["image"] == "sha256:litellm-image"


def test_another_image_or_timeout_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version("litellm:1")
    assert version("litellm:1") == before
    assert version("litellm:2") != before
    monkeypatch.setattr("components.litellm.migration.TIMEOUT_SECONDS", 1)
    assert version("litellm:1") != before


def test_attempt_and_secrets_do_not_change_the_version() -> None:
    labelled = job("litellm:1", "export DATABASE_URL=other\n", OWN, {"gateway.attempt": "3"})
    assert labelled.environment == job("litellm:1", "", OWN).environment
    assert len(version("litellm:1")) == 12
