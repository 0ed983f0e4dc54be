"""A quota under which an update would not end is refused before it."""

from typing import Any

import pytest

from components.engine.kubernetes.cluster.quotas import refusals

DEFAULT_LIMIT = {"spec": {"limits": [{"type": "Container", "default": {"cpu": "2"}}]}}
OTHER_LIMIT = {"spec": {"limits": [{"type": "Pod", "max": {"cpu": "2"}}]}}


def quota(**hard: str) -> dict[str, Any]:
    return {"metadata": {"name": "team"}, "spec": {"hard": hard}}


def refused(*quotas: dict[str, Any], limit_ranges: list[dict[str, Any]] | None = None) -> list[str]:
    return refusals(quotas, limit_ranges, "gateway-prod", memory_mib=4096, millicores=3000)


@pytest.mark.parametrize("key", ["limits.memory", "requests.memory", "memory"])
def test_quota_of_too_little_memory_is_refused(key: str) -> None:
    (found,) = refused(quota(**{key: "2Gi"}))
    assert f"quota team of gateway-prod allows 2048 MiB of {key}, and an update needs 4096" in found
    assert refused(quota(**{key: "4Gi"}), quota(pods="1")) == []


@pytest.mark.parametrize("key", ["requests.cpu", "cpu"])
def test_quota_of_too_few_processors_is_refused(key: str) -> None:
    (found,) = refused(quota(**{key: "2500m"}))
    assert f"quota team of gateway-prod allows 2500m of {key}, and an update needs 3000m" in found
    assert refused(quota(**{key: "3"})) == []


def test_quota_that_wants_a_limit_of_processors_needs_a_default_for_it() -> None:
    (found,) = refused(quota(**{"limits.cpu": "8"}), limit_ranges=[OTHER_LIMIT])
    assert "quota team of gateway-prod has limits.cpu" in found
    assert refused(quota(**{"limits.cpu": "8"}), limit_ranges=[OTHER_LIMIT, DEFAULT_LIMIT]) == []


def test_limits_that_may_not_be_read_are_not_guessed() -> None:
    assert refused(quota(**{"limits.cpu": "8"}), limit_ranges=None) == []
