"""A gateway whose host has lost everything but the state, the passphrase and a dump."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from testbed.configuration import development
from testbed.engine_lock import remove
from testbed.gateway import running
from testbed.project import Project
from tests.e2e.data.stored_key import copied_backup, databases, new_stored_key


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A gateway of this test alone: it is removed by hand."""
    with running(Project(tmp_path_factory.mktemp("new-host"), "new-host", development())) as gateway:
        yield gateway


def test_an_empty_host_gets_its_old_keys_back(gateway: Project, proxy: httpx.Client, tmp_path: Path) -> None:
    stored = new_stored_key(gateway, proxy, "stored-on-the-old-host")
    dump = copied_backup(gateway, tmp_path)
    refused = gateway.ops("restore", gateway.stack, str(dump), "--yes", "--new-host").output
    assert refused.startswith(f"error: this engine has parts of {gateway.stack}, ")

    remove(gateway.stack)
    result = gateway.ops("restore", gateway.stack, str(dump), "--yes", "--drop-old", "--new-host")
    assert result.exit_code == 0, result.output
    print(f"\nthe new host took {result.seconds:.1f} s; the old key worked {stored.wait():.1f} s later")
    assert stored.works()
    assert databases(gateway) == {"litellm"}
    gateway.expect_no_changes()
