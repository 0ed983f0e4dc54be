"""The database is dumped and restored on a running gateway."""

import json
import stat
from pathlib import Path

import httpx
import pytest

from testbed.gateway import new_key
from testbed.project import Project
from tests.e2e.data.stored_key import FOUND_SECONDS, StoredKey, copied_backup, databases, new_stored_key

AFTER = "made-after-the-backup"


@pytest.fixture(scope="module")
def stored(gateway: Project, proxy: httpx.Client) -> StoredKey:
    """A key and a model that the backup holds."""
    return new_stored_key(gateway, proxy, "stored-before-the-backup")


@pytest.fixture(scope="module")
def dump(gateway: Project, stored: StoredKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a dump of that database."""
    assert stored.works()
    return copied_backup(gateway, tmp_path_factory.mktemp("copies"))


def test_a_backup_lists_its_rows_and_only_its_owner_can_read_it(gateway: Project, dump: Path) -> None:
    manifest = json.loads(dump.with_suffix(".json").read_text())
    assert manifest["rows"]["public.LiteLLM_VerificationToken"] > 0
    assert manifest["schema"]["count"] > 100
    assert "litellm" in manifest["image"]
    assert manifest["stack"] == gateway.stack
    assert {stat.S_IMODE(file.stat().st_mode) for file in dump.parent.iterdir()} == {0o600}
    assert dump.stem in gateway.must_ops("backup", "--list")
    assert databases(gateway) == {"litellm"}


def test_a_damaged_dump_is_refused_and_changes_nothing(gateway: Project, dump: Path, tmp_path: Path) -> None:
    damaged = tmp_path / dump.name
    damaged.write_bytes(dump.read_bytes()[:-100])
    damaged.with_suffix(".json").write_bytes(dump.with_suffix(".json").read_bytes())
    result = gateway.ops("restore", gateway.stack, str(damaged), "--yes")
    assert result.exit_code == 1
    assert result.output.strip() == f"error: {damaged} is not what its manifest says: its sha256 differs"
    assert databases(gateway) == {"litellm"}


def test_a_restore_undoes_later_changes_and_the_replicas_go_on(
    gateway: Project, proxy: httpx.Client, stored: StoredKey, dump: Path
) -> None:
    replica = gateway.container("litellm-1").id
    new_key(proxy, AFTER)
    with stored.asking() as caller:
        result = gateway.ops("restore", gateway.stack, dump.stem, "--yes")
        assert result.exit_code == 0, result.output
        assert stored.wait() < FOUND_SECONDS
    print(f"\nthe restore took {result.seconds:.1f} s; {len(caller.failures)} of {len(caller.results)} requests failed")
    assert [stored.works() for _ in range(5)] == [True] * 5
    assert gateway.sql(f"""select count(*) from "LiteLLM_VerificationToken" where key_alias = '{AFTER}'""") == "0"
    assert gateway.container("litellm-1").id == replica
    new_key(proxy, "made-after-the-restore")
    assert len(databases(gateway)) == 2
    gateway.must_ops("backup")
    assert databases(gateway) == {"litellm"}
    gateway.expect_no_changes()
