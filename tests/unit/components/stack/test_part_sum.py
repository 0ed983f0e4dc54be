"""What all parts of a stack need together."""

import pytest

from components.litellm.migration import MEMORY_MIB as MIGRATION_MIB
from components.stack.part_sum import memory_sum
from components.stack.settings import Settings


def stack(**settings: object) -> Settings:
    return Settings.model_validate(settings)


def test_each_service_counts_with_its_limit() -> None:
    limits = {
        "postgres": {"memory_mib": 1000},
        "backup": {"memory_mib": 300},
        "redis": {"memory_mib": 400},
        "litellm": {"memory_mib": 5000, "replicas": 3},
        "edge": {"memory_mib": 100},
    }
    assert memory_sum(stack(**limits)).parts == {
        "postgres": 1000,
        "backup": 300,
        "redis": 400,
        "litellm": 15000,
        "edge": 100,
        "ingress": 100,
    }


def test_update_needs_what_starts_beside_the_old() -> None:
    found = memory_sum(stack(litellm={"memory_mib": 5000, "replicas": 2}, edge={"memory_mib": 100}))
    assert found.update == 10000 + 100
    assert found.total == sum(found.parts.values()) + 10100


def test_update_needs_the_largest_job_at_least() -> None:
    small = {"memory_mib": 1024}
    assert memory_sum(stack(litellm=small)).update == MIGRATION_MIB
    assert memory_sum(stack(litellm=small, backup={"memory_mib": 4000})).update == 4000


@pytest.mark.parametrize(
    ("settings", "parts"),
    [
        ({"redis": {"enabled": False}}, {"postgres", "backup", "litellm", "edge", "ingress"}),
        (
            {"mock_provider": {"enabled": True}},
            {"postgres", "backup", "redis", "litellm", "edge", "ingress", "provider"},
        ),
    ],
)
def test_only_enabled_parts_count(settings: dict[str, object], parts: set[str]) -> None:
    assert memory_sum(stack(**settings)).parts.keys() == parts
