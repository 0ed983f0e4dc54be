"""Each container of a gateway belongs to a part; the mock provider and jobs belong to none."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.comparison.sides.usage import (
    PARTS,
    DatabaseWork,
    database_work,
    part_of,
    processor_seconds,
    resident_mib,
    used,
)


@pytest.mark.parametrize(
    ("workload", "part"),
    [
        ("litellm-1", "litellm"),
        ("litellm-12", "litellm"),
        ("litellm-copy", "litellm"),
        ("postgres", "postgres"),
        ("edge", "edge"),
        ("ingress", "edge"),
        ("postgres-exporter", "monitoring"),
        ("prometheus", "monitoring"),
        ("blackbox-exporter", "monitoring"),
        ("provider", None),
        ("backup", None),
        ("litellm-secrets", None),
        ("", None),
    ],
)
def test_a_workload_belongs_to_its_part(workload: str, part: str | None) -> None:
    assert part_of(workload) == part


def container(workload: str, nanoseconds: int, memory: dict[str, int]) -> Any:
    stats = {"cpu_stats": {"cpu_usage": {"total_usage": nanoseconds}}, "memory_stats": {"stats": memory}}
    return SimpleNamespace(labels={"gateway.workload": workload}, stats=lambda **_: stats)


def test_containers_of_a_part_are_summed() -> None:
    mebibyte = 2**20
    containers = [
        container("litellm-1", 3_000_000_000, {"total_rss": 500 * mebibyte, "rss": 400 * mebibyte}),
        container("litellm-2", 1_000_000_000, {"anon": 100 * mebibyte, "file": 900 * mebibyte}),
        container("edge", 500_000_000, {"rss": 20 * mebibyte}),
        container("provider", 9_000_000_000, {"anon": 70 * mebibyte}),
    ]
    assert processor_seconds(containers) == {"litellm": 4, "edge": 0.5}
    assert resident_mib(containers) == {"litellm": 600, "edge": 20}


def test_use_is_the_difference_of_two_readings_by_part_and_in_all() -> None:
    found = used({"litellm": 1, "edge": 2}, {"litellm": 4, "edge": 2.5})
    assert found == {**dict.fromkeys(PARTS, 0), "litellm": 3, "edge": 0.5, "all": 3.5}


def test_a_replaced_container_is_an_error() -> None:
    with pytest.raises(AssertionError, match="replaced"):
        used({"litellm": 5}, {"litellm": 1})


def test_work_of_the_database_is_read_in_the_order_in_which_it_is_asked_for() -> None:
    project: Any = SimpleNamespace(sql=lambda _: "30|4|200")
    assert database_work(project) == DatabaseWork(transactions=30, writes=4, rows=200)
