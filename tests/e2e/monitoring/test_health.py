"""`python -m ops health`: every part with its state."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from testbed.project import Project

PARTS = {
    *("postgres", "backup", "redis", "edge", "ingress", "litellm-1", "litellm-2", "provider"),
    *("prometheus", "postgres-exporter", "redis-exporter"),
}


def health(gateway: Project, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    result = gateway.ops("health", gateway.stack, "--json", *options)
    (line,) = [line for line in result.output.splitlines() if line.startswith("{")]
    return result.exit_code, {f"{part['part']} {part['asked']}": part for part in json.loads(line)["parts"]}


def test_every_part_and_address_is_healthy_and_timed(gateway: Project) -> None:
    exit_code, parts = health(gateway)
    assert exit_code == 0, parts
    assert {part["state"] for part in parts.values()} == {"healthy"}
    assert {part["part"].split()[0] for part in parts.values()} == PARTS | {"proxy", "health"}
    assert all(0 < part["milliseconds"] < 10_000 for part in parts.values())
    # The edge answers its own health: no Python is involved.
    assert min(part["milliseconds"] for part in parts.values() if part["part"].startswith("health")) < 50
    paths = [asked.rpartition("/")[2] for asked in parts if "://" in asked]
    assert sorted(paths) == ["liveliness", "readiness", "readiness"]
    print("\n" + gateway.ops("health", gateway.stack).output)


@pytest.fixture
def paused(gateway: Project) -> Iterator[str]:
    """The name of the Redis container, which answers nothing."""
    redis = gateway.container("redis")
    redis.pause()
    yield str(redis.name)
    redis.unpause()


def test_a_paused_part_is_named_and_the_exit_code_is_1(gateway: Project, paused: str) -> None:
    exit_code, parts = health(gateway)
    assert exit_code == 1
    assert (parts[f"redis {paused}"]["state"], parts[f"redis {paused}"]["detail"]) == ("unhealthy", "paused")
    assert parts[f"postgres {gateway.container('postgres').name}"]["state"] == "healthy"
