"""No secret is shown where the host or Pulumi could show it: each place is searched for their values."""

import json
import re
import subprocess

import pytest

from testbed.project import Project

MEMORY = "gateway:redis.memory_mib"
LINES = {
    "allowed_fails": "allowed_fails",
    "allowed_fails_policy.authentication": "AuthenticationErrorAllowedFails",
    "cooldown_time": "cooldown_time",
    "database_connection_pool_limit": "database_connection_pool_limit",
    "database_timeouts.lock": "database_lock_timeout",
    "proxy_batch_write_at": "proxy_batch_write_at",
    "redis_connection_pool_limit": "max_connections",
    "request_timeout": "request_timeout",
    "retry_policy.rate_limit": "RateLimitErrorRetries",
}
"""Setting → its line in config.yaml."""
UNUSUAL = 9
"""A value that no stack has for them."""


@pytest.fixture(scope="module")
def values(gateway: Project) -> dict[str, str]:
    """All generated secrets, read from the decrypted state."""
    state = json.loads(gateway.must("stack", "export", "--show-secrets").output)
    found = {
        resource["urn"].split("::")[-1]: json.loads(resource["outputs"]["result"]["plaintext"])
        for resource in state["deployment"]["resources"]
        if resource["type"] == "random:index/randomPassword:RandomPassword"
    }
    assert set(found) == {"master-key", "salt-key", "postgres-password", "redis-password"}
    return found


def found_in(text: str, values: dict[str, str]) -> list[str]:
    return [name for name, value in values.items() if value in text]


def test_docker_inspect_shows_no_secret(gateway: Project, values: dict[str, str]) -> None:
    containers = gateway.containers()
    assert len(containers) > len(values)
    for container in containers:
        assert found_in(json.dumps(container.attrs), values) == [], container.name


def test_process_lists_show_no_secret(values: dict[str, str]) -> None:
    processes = subprocess.run(["ps", "-eww", "-o", "args"], check=True, capture_output=True, text=True).stdout
    assert "litellm" in processes
    assert found_in(processes, values) == []


def test_the_state_on_disk_shows_no_secret(gateway: Project, values: dict[str, str]) -> None:
    files = [file for file in (gateway.folder / "state").rglob("*") if file.is_file()]
    assert any(gateway.stack in file.name for file in files)
    for file in files:
        assert found_in(file.read_text(errors="replace"), values) == [], file.name


def test_previews_show_each_changed_line_and_no_secret(gateway: Project, values: dict[str, str]) -> None:
    before = gateway.config_file.read_text()
    gateway.change(MEMORY, 640)
    for setting in LINES:
        gateway.change(f"gateway:litellm.config.{setting}", UNUSUAL)
    try:
        output = gateway.must("preview", "--diff").output
    finally:
        gateway.config_file.write_text(before)
    assert "maxmemory 480mb" in output
    assert [line for line in LINES.values() if not re.search(rf"\b{line} *: \d+ => {UNUSUAL}\b", output)] == []
    assert found_in(output, values) == []


def test_container_logs_show_no_secret(gateway: Project, values: dict[str, str]) -> None:
    for container in gateway.containers():
        if container.status != "created":
            assert found_in(container.logs().decode(errors="replace"), values) == [], container.name
