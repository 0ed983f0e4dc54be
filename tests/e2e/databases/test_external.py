"""A gateway on a Postgres behind a PgBouncer and on a Redis that somebody else runs, all verified by their names."""

import json
import re
from pathlib import Path

import httpx
import pytest

from testbed.external_databases import DATABASE, ExternalDatabases
from testbed.gateway import new_key
from testbed.image import derive_litellm, derived_images
from testbed.project import Project
from testbed.wait import wait_until
from tests.e2e.data.stored_key import StoredKey, copied_backup, new_stored_key

SETTLED_SECONDS = 90
AFTER = "made-after-the-backup"


@pytest.fixture(scope="module")
def stored(gateway: Project, proxy: httpx.Client) -> StoredKey:
    """A virtual key, and a stored model whose credential is encrypted."""
    return new_stored_key(gateway, proxy, "stored-outside")


def keys(outer: ExternalDatabases, alias: str) -> str:
    return outer.sql(f"""select count(*) from "LiteLLM_VerificationToken" where key_alias = '{alias}'""")


def databases(outer: ExternalDatabases) -> list[str]:
    """Return the stack's databases on the server."""
    return outer.sql(f"select datname from pg_database where datname like '{DATABASE}%'", "postgres").splitlines()


def test_stack_runs_no_database_and_previews_show_no_change(gateway: Project, stored: StoredKey) -> None:
    assert stored.works()
    workloads = {container.labels["gateway.workload"] for container in gateway.containers()}
    assert not {name for name in workloads if re.fullmatch(r"(postgres|redis)(-secrets|-config)?", name)}
    assert {"postgres-exporter", "redis-exporter", "backup", "dump", "migration"} <= workloads
    for _ in range(3):
        gateway.expect_no_changes()
    assert gateway.must_ops("drift").strip() == f"{gateway.stack}: no drift"


def test_spend_and_limits_are_in_the_external_databases(
    gateway: Project, outer: ExternalDatabases, stored: StoredKey
) -> None:
    assert stored.works()
    logs = """select count(*) from "LiteLLM_SpendLogs" where model_group = 'stored-outside'"""
    wait_until(lambda: int(outer.sql(logs)) > 0, SETTLED_SECONDS)
    assert int(outer.redis_cli("dbsize")) > 0


def test_connections_are_encrypted(outer: ExternalDatabases, stored: StoredKey) -> None:
    assert stored.works()
    from_outside = "pg_stat_activity join pg_stat_ssl using (pid) where client_addr is not null"
    assert int(outer.sql(f"select count(*) from {from_outside}")) > 0
    assert outer.sql(f"select count(*) from {from_outside} and not ssl") == "0"


def test_health_asks_the_external_servers(gateway: Project, outer: ExternalDatabases, stored: StoredKey) -> None:
    assert stored.works()
    health = json.loads(gateway.must_ops("health", "--json").splitlines()[-1])
    rows = {row["part"]: row for row in health["parts"]}
    assert {rows[name]["asked"] for name in ("postgres", "pgbouncer", "redis")} == {
        f"host.docker.internal:{port}" for port in outer.ports.values()
    }
    assert health["healthy"], health


def test_doctor_leaves_out_what_somebody_else_runs(gateway: Project) -> None:
    checks = json.loads(gateway.ops("doctor", gateway.stack, "--json").output.splitlines()[-1])["checks"]
    (memory,) = [check for check in checks if check["subject"] == f"{gateway.stack}: memory"]
    assert "backup 256" in memory["text"]
    assert not re.search(r"\b(postgres|redis) \d", memory["text"])


def test_exporters_see_the_external_servers(gateway: Project) -> None:
    for exporter, port, up in (("postgres-exporter", 9187, "pg_up 1"), ("redis-exporter", 9121, "redis_up 1")):
        command = ["wget", "-q", "-O", "-", f"http://127.0.0.1:{port}/metrics"]
        _, text = gateway.container(exporter).exec_run(command)
        assert isinstance(text, bytes)
        assert up in text.decode().splitlines(), exporter


def test_no_secret_is_in_arguments_environment_or_preview(gateway: Project, outer: ExternalDatabases) -> None:
    # The last word of it stays itself, however the rest is quoted.
    secrets = (outer.password.split()[-1], outer.redis_password)
    for container in gateway.containers():
        attributes = json.dumps(container.attrs)
        assert not [secret for secret in secrets if secret in attributes], container.name
        if container.status != "created":
            log = container.logs().decode(errors="replace")
            assert not [secret for secret in secrets if secret in log], container.name
    state = gateway.must("stack", "export").output + gateway.must("preview", "--diff").output
    assert not [secret for secret in secrets if secret in state]


def test_backup_and_restore_work_on_the_external_server(
    gateway: Project, outer: ExternalDatabases, proxy: httpx.Client, stored: StoredKey, tmp_path: Path
) -> None:
    dump = copied_backup(gateway, tmp_path)
    assert json.loads(dump.with_suffix(".json").read_text())["rows"]["public.LiteLLM_VerificationToken"] > 0
    new_key(proxy, AFTER)
    assert keys(outer, AFTER) == "1"
    result = gateway.ops("restore", gateway.stack, dump.stem, "--yes")
    assert result.exit_code == 0, result.output
    stored.wait()
    assert keys(outer, AFTER) == "0"
    assert [name for name in databases(outer) if name.startswith(f"{DATABASE}_before_restore_")]
    gateway.must_ops("backup")
    assert databases(outer) == [DATABASE]
    gateway.expect_no_changes()


def test_rotation_of_the_master_key_keeps_what_is_stored(gateway: Project, stored: StoredKey) -> None:
    old = gateway.output("master_key")
    with stored.asking() as caller:
        result = gateway.ops("rotate", gateway.stack, "--yes")
    assert result.exit_code == 0, result.output
    assert gateway.output("master_key") != old
    assert stored.works()
    assert caller.failures == []
    gateway.expect_no_changes()


def test_failed_migration_touches_no_replica_and_is_preceded_by_a_dump(gateway: Project, stored: StoredKey) -> None:
    before, replica = gateway.config, gateway.container("litellm-1").id
    dumps = gateway.must_ops("backup", "--list").count("-before-migration")
    with derived_images():
        image = derive_litellm(gateway, "broken-migration-outside", migration="echo it does not fit; exit 3")
        gateway.change("gateway:images", {"litellm": image})
        result = gateway.pulumi("up", "--yes", "--skip-preview")
        assert result.exit_code != 0
        assert "migration failed; no replica was touched." in result.output
        assert gateway.container("litellm-1").id == replica
        assert stored.works()
        gateway.configure(before)
        gateway.up()
    assert stored.works()
    gateway.expect_no_changes()
    assert gateway.must_ops("backup", "--list").count("-before-migration") == dumps + 2
