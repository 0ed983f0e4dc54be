"""What the program makes of a stack whose databases somebody else runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.engine.files import FILE_KINDS
from components.stack import external_check, parts
from components.stack.settings import Settings
from testbed.certificates import Authority
from tests.unit.program import VOLUME, Program, is_secret, run, stack_config

FRONT = "made-front-network"
PASSWORD, REDIS_PASSWORD = "p:w/o", "hidden-in-redis"
SECRET_KEYS = ("gateway:postgres_password", "gateway:redis_password")
ALONE = ("dump", "migration", "backup", "postgres-exporter", "redis-exporter")
"""Use a database and nothing else of the stack."""


def configuration(folder: Path) -> dict[str, Any]:
    file = folder / "authority.pem"
    file.write_text(Authority().certificate)
    tls = {"ca_file": str(file)}
    pgbouncer = {"host": "pool.example.com", "tls": {"mode": "disable"}}
    postgres = {"host": "db.example.com", "database": "gateway_db", "tls": tls, "pgbouncer": pgbouncer}
    return stack_config("dev") | {
        "gateway:monitoring": {"enabled": True},
        "gateway:postgres": {"external": postgres},
        "gateway:postgres_password": PASSWORD,
        "gateway:redis": {"external": {"host": "cache.example.com", "tls": tls}},
        "gateway:redis_password": REDIS_PASSWORD,
    }


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program with external databases."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(external_check, "check", lambda *_: None)
        return run(monkeypatch, "dev", configuration(tmp_path_factory.mktemp("external")), secret_keys=SECRET_KEYS)


def test_no_database_is_made(program: Program, tmp_path: Path) -> None:
    assert not {"postgres", "redis"} & program.containers.keys()
    made = {args.name for args in program.resources}
    assert not {name for name in made if name.startswith(("postgres-secrets", "redis-secrets", "redis-config"))}
    volumes = {args.name for args in program.resources if args.typ == VOLUME}
    assert {name for name in volumes if name.rpartition("-")[2] not in FILE_KINDS} == {
        *("backups", "identity", "prometheus-data"),
    }
    config = configuration(tmp_path)
    stack = Settings.model_validate({key.removeprefix("gateway:"): value for key, value in config.items()})
    registered = {name for part in parts.enabled_parts(stack) for name in part.containers(stack)}
    assert program.containers.keys() == registered


def test_workers_know_what_pgbouncer_says_of_an_outage(program: Program) -> None:
    (hooks,) = [
        text for text in program.containers["litellm-1"]["envs"] if text.startswith("LITELLM_WORKER_STARTUP_HOOKS=")
    ]
    assert hooks.endswith(
        "pgbouncer:start,provider_failures:start,rate_limit_metrics:start,worker_metrics:start,garbage_collection:start"
    )
    assert "server login has been failing" in program.files("litellm-programs")["/opt/gateway/pgbouncer.py"]


def test_clients_leave_the_data_network_and_replicas_join_both(program: Program) -> None:
    for name in ALONE:
        container = program.containers[name]
        assert [network["name"] for network in container["networksAdvanced"]] == [FRONT], name
        assert container["hosts"] == [{"host": "host.docker.internal", "ip": "host-gateway"}], name
    assert len(program.containers["litellm-1"]["networksAdvanced"]) == 2


def test_passwords_are_in_encrypted_files_alone(program: Program) -> None:
    holders = set()
    for args in program.resources:
        text = json.dumps(args.inputs, default=str)
        if any(word in text for word in (PASSWORD, "p\\\\:w/o", "p%3Aw%2Fo", REDIS_PASSWORD)):
            holders.add(args.name)
            assert is_secret(args.inputs["uploads"]), args.name
    assert holders == {
        "litellm-secrets",
        "migration-secrets",
        "backup-secrets",
        "postgres-exporter-secrets",
        "redis-exporter-secrets",
    }


def test_replicas_go_through_pgbouncer_and_the_migration_past_it(program: Program) -> None:
    replica = program.files("litellm-secrets")["/run/secrets/environment"]
    assert "@pool.example.com:6432/gateway_db?sslmode=disable&pgbouncer=true'" in replica
    migration = program.files("migration-secrets")["/run/secrets/environment"]
    root = "/etc/gateway/postgres-ca.pem"
    assert f"@db.example.com:5432/gateway_db?sslmode=verify-full&sslrootcert={root}'" in migration
    assert root in program.files("migration-config")


def test_redis_is_verified_by_the_replicas(program: Program) -> None:
    files = program.files("litellm-config")
    assert "ssl_ca_certs: /etc/gateway/redis-ca.pem" in files["/etc/gateway/config.yaml"]
    assert "/etc/gateway/redis-ca.pem" in files


def test_databases_beside_the_live_one_are_named_after_it(program: Program) -> None:
    programs = program.files("backup-programs")
    assert "scratch=gateway_db_scratch_" in programs["/opt/gateway/dump.sh"]
    assert not [name for name, text in programs.items() if "litellm_" in text]


def test_migration_still_waits_for_the_dump(program: Program) -> None:
    assert "dump" in program.waits_for("migration")
    assert "migration" in program.waits_for("litellm-1")
