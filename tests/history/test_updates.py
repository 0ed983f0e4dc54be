"""Twenty updates in a row and a rollback over eighteen of them under load: no request fails."""

import re
import time
from dataclasses import dataclass

import pytest

from benchmarks.attack import Target, attack
from testbed.completion import MODEL
from testbed.project import Project
from testbed.repository import Repository, versions

CONFIG, EDGE_CONFIG = "/etc/gateway/config.yaml", "/etc/gateway/haproxy.cfg"
RATE = 4
"""Requests a second; every second one is a stream."""
TARGET = 3
"""Version to roll back to."""
BY_PULUMI_ALONE = (6, 12, 18)
"""Versions that `pulumi up` makes."""

BACKUP_MEMORY = "backup.memory_mib"
REPLACES_A_REPLICA = (
    ("litellm.config.cooldown_time", 61),
    ("litellm.log_level", "WARNING"),
    ("litellm.keepalive_timeout", 80),
    ("litellm.config.database_connection_pool_limit", 12),
    ("litellm.config.retry_policy.timeout", 2),
)
SERVES_ON = (
    ("edge.queue_timeout", 11),
    ("backup.keep", 5),
    ("edge.max_body_mib", 32),
    ("backup.schedule", "15 2 * * *"),
    ("edge.queue_length", 200),
    (BACKUP_MEMORY, 300),
    ("edge.replica_concurrency", 32),
    ("backup.keep", 6),
    ("edge.max_header_bytes", 8192),
    ("backup.schedule", "30 4 * * *"),
    ("edge.queue_timeout", 12),
    ("backup.keep", 7),
    ("edge.queue_length", 220),
    (BACKUP_MEMORY, 320),
    ("edge.max_body_mib", 48),
)
CHANGES = (*REPLACES_A_REPLICA, *SERVES_ON)
"""The twenty, in this order: version 2 to 21."""


@dataclass(frozen=True)
class Serving:
    """What answers: the files to the byte, and the image."""

    config_yaml: bytes
    haproxy_cfg: bytes
    image: str

    @classmethod
    def of(cls, gateway: Project) -> "Serving":
        """Read it from the running containers."""
        (replica,) = [each for each in gateway.containers("litellm-1") if each.status == "running"]
        assert replica.image
        return cls(gateway.file("litellm-1", CONFIG), gateway.file("edge", EDGE_CONFIG), str(replica.image.id))


@pytest.fixture(scope="module")
def load(gateway: Project) -> list[Target]:
    """Plain requests and streams, in turn."""
    url, key = f"{gateway.output('proxy_url')}/v1/chat/completions", gateway.output("master_key")
    return [Target(url, key, MODEL), Target(url, key, MODEL, stream=True)]


def update(repository: Repository, version: int, path: str, value: object) -> None:
    """Change one setting, commit it, and apply it."""
    gateway = repository.project
    gateway.change(f"gateway:{path}", value)
    repository.commit(f"{path} {value}")
    if version in BY_PULUMI_ALONE:
        result = gateway.pulumi("up", "--yes", "--skip-preview", "--message", f"{path} {value}")
    else:
        result = gateway.ops("up", gateway.stack)
    assert result.exit_code == 0, result.output
    print(f"version {version}: {path} {value}: {result.seconds:.1f} s")


def test_twenty_updates_and_a_rollback_cost_no_request_and_restore_every_byte(
    gateway: Project, repository: Repository, load: list[Target]
) -> None:
    begin = time.monotonic()
    commits = {1: repository.head}
    with attack(load, RATE) as found:
        for version, (path, value) in enumerate(CHANGES, start=2):
            update(repository, version, path, value)
            commits[version] = repository.head
            if version == TARGET:
                then = Serving.of(gateway)
        assert Serving.of(gateway) != then
        result = gateway.ops("rollback", gateway.stack, "--to", str(TARGET), "--yes")
        assert result.exit_code == 0, result.output
        now = Serving.of(gateway)
    print(f"rollback: {result.seconds:.1f} s; all: {time.monotonic() - begin:.0f} s; {found.text()}")

    assert now == then
    assert b"cooldown_time: 61" in now.config_yaml
    assert found.failures == {}
    assert len(found.answers) > RATE / 2 * (time.monotonic() - begin)

    entries = versions(gateway)
    assert [entry["version"] for entry in entries] == [*range(1, 23)]
    assert {entry["result"] for entry in entries} == {"succeeded"}
    assert {entry["version"]: entry["commit"] for entry in entries[:-1]} == commits
    assert entries[-1]["commit"] == commits[TARGET]
    assert entries[-1]["message"] == f"rollback to version {TARGET}"
    for entry, (path, value) in zip(entries[1:-1], CHANGES, strict=True):
        assert entry["message"] == f"{path} {value}"
        assert [change.partition(" ")[0] for change in entry["settings_changed"]] == [f"gateway:{path}"]
        assert (entry["who"] is None) == (entry["version"] in BY_PULUMI_ALONE)

    # The files of the last version are still there: the next update would bring it back.
    assert re.search(r"litellm-1 +replaced, the new one beside the old", gateway.must_ops("preview"))
    assert repository.git("status", "--porcelain") == ""
