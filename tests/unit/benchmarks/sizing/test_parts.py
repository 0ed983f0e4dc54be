"""Edge and ingress are parts of their own."""

import pytest

from benchmarks.sizing.parts import PARTS, part_of


@pytest.mark.parametrize(
    ("workload", "part"),
    [
        ("ingress", "ingress"),
        ("edge", "edge"),
        ("litellm-1", "litellm"),
        ("prometheus", "monitoring"),
        ("backup", None),
    ],
)
def test_a_workload_belongs_to_its_part(workload: str, part: str | None) -> None:
    assert part_of(workload) == part
    assert part is None or part in PARTS
