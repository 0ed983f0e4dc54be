"""The database is dumped and restored on a running gateway, and on a host that has lost it."""

import json
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import httpx
import pytest

from tests.e2e.project import Project

MODEL = "stored-before-the-backup"
AFTER = "made-after-the-backup"
PATIENCE = 60.0
"""Seconds for the replicas to find the restored database."""


def completes(gateway: Project, key: str) -> bool:
    body = {"model": MODEL, "messages": [{"role": "user", "content": "ping"}]}
    headers = {"Authorization": f"Bearer {key}"}
    try:
        answer = httpx.post(
            f"{gateway.output('proxy_url')}/v1/chat/completions", json=body, headers=headers, timeout=30
        )
    except httpx.HTTPError:
        return False
    return answer.is_success


def settles(gateway: Project, key: str) -> float:
    """Wait until the key answers; give the seconds that took."""
    begin = time.monotonic()
    while not completes(gateway, key):
        assert time.monotonic() < begin + PATIENCE, "the key does not work"
        time.sleep(0.5)
    return time.monotonic() - begin


@pytest.fixture(scope="module")
def key(gateway: Project, proxy: httpx.Client) -> str:
    """A virtual key, and a stored model whose credential the salt key encrypts."""
    parameters = {"model": "openai/gpt-stored", "api_base": "http://provider:8090/openai/v1", "api_key": "sk-stored"}
    stored = proxy.post("/model/new", json={"model_name": MODEL, "litellm_params": parameters})
    assert stored.status_code == 200, stored.text
    made = proxy.post("/key/generate", json={"key_alias": "before-the-backup"})
    assert made.status_code == 200, made.text
    return str(made.json()["key"])


@pytest.fixture(scope="module")
def copy(gateway: Project, key: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a backup that was made while the key was there."""
    assert settles(gateway, key) < PATIENCE
    folder = tmp_path_factory.mktemp("copies")
    result = gateway.ops("backup", gateway.stack, "--copy-to", str(folder))
    assert result.exit_code == 0, result.output
    (told,) = [line for line in result.output.splitlines() if "rows in" in line]
    print(f"\nbackup took {result.seconds:.1f} s: {told}")
    (found,) = folder.glob("*.dump")
    return found


def databases(gateway: Project) -> set[str]:
    return set(gateway.sql("select datname from pg_database where datname like 'litellm%'").splitlines())


def test_a_backup_says_what_it_holds_and_is_its_owner_s_alone(gateway: Project, copy: Path) -> None:
    manifest = json.loads(copy.with_suffix(".json").read_text())
    assert manifest["rows"]["public.LiteLLM_VerificationToken"] > 0
    assert manifest["schema"]["count"] > 100
    assert "litellm" in manifest["image"]
    assert manifest["stack"] == gateway.stack
    assert {stat.S_IMODE(file.stat().st_mode) for file in copy.parent.iterdir()} == {0o600}
    assert copy.stem in gateway.ops("backup", gateway.stack, "--list").output
    assert databases(gateway) == {"litellm"}


def test_a_damaged_dump_is_refused_and_changes_nothing(gateway: Project, copy: Path, tmp_path: Path) -> None:
    damaged = tmp_path / copy.name
    damaged.write_bytes(copy.read_bytes()[:-100])
    damaged.with_suffix(".json").write_bytes(copy.with_suffix(".json").read_bytes())
    result = gateway.ops("restore", gateway.stack, str(damaged), "--yes")
    assert result.exit_code == 1
    assert result.output.strip() == f"error: {damaged} is not what its manifest says: its sha256 differs"
    assert databases(gateway) == {"litellm"}


@contextmanager
def asking(gateway: Project, key: str) -> Iterator[list[bool]]:
    """Complete with a key over and over, meanwhile."""
    results: list[bool] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.2):
            results.append(completes(gateway, key))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield results
    finally:
        done.set()
        thread.join()


def test_a_restore_takes_back_what_was_written_since_and_replicas_go_on(
    gateway: Project, proxy: httpx.Client, key: str, copy: Path
) -> None:
    replica = gateway.container("litellm-1").id
    made = proxy.post("/key/generate", json={"key_alias": AFTER})
    assert made.status_code == 200, made.text
    with asking(gateway, key) as results:
        result = gateway.ops("restore", gateway.stack, copy.stem, "--yes")
        assert result.exit_code == 0, result.output
        back = settles(gateway, key)
        time.sleep(5)
    print(f"\nrestore took {result.seconds:.1f} s; {results.count(False)} of {len(results)} requests failed meanwhile")
    assert back < PATIENCE
    assert results[-5:] == [True] * 5
    assert gateway.sql(f"""select count(*) from "LiteLLM_VerificationToken" where key_alias = '{AFTER}'""") == "0"
    assert gateway.container("litellm-1").id == replica
    new = proxy.post("/key/generate", json={"key_alias": "after-the-restore"})
    assert new.status_code == 200, new.text
    assert len(databases(gateway)) == 2
    assert gateway.ops("backup", gateway.stack).exit_code == 0
    assert databases(gateway) == {"litellm"}
    gateway.must("preview", "--expect-no-changes")


def test_an_empty_host_with_state_passphrase_and_a_dump_gets_its_old_keys_back(
    gateway: Project, key: str, copy: Path
) -> None:
    output = gateway.ops("restore", gateway.stack, str(copy), "--yes", "--new-host").output
    assert output.startswith(f"error: this engine has parts of {gateway.stack}, ")
    engine = docker.from_env()
    for container in gateway.containers():
        container.remove(force=True, v=True)
    for volume in engine.volumes.list(filters={"label": f"gateway.stack={gateway.stack}"}):
        volume.remove()
    for network in engine.networks.list(filters={"label": f"gateway.stack={gateway.stack}"}):
        network.remove()

    result = gateway.ops("restore", gateway.stack, str(copy), "--yes", "--drop-old", "--new-host")
    print(f"\na new host took {result.seconds:.1f} s")
    assert result.exit_code == 0, result.output
    print(f"\nthe old key answered {settles(gateway, key):.1f} s after the restore")
    assert databases(gateway) == {"litellm"}
    gateway.must("preview", "--expect-no-changes")
