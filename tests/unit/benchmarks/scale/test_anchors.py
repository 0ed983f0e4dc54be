"""Measured loads are found in the reports, and the paper's side is that of the costs."""

from dataclasses import replace
from pathlib import Path

from benchmarks import result
from benchmarks.result import Result
from benchmarks.scale.anchors import EDGE_MS, STREAMS, anchors
from tests.unit.benchmarks.scale.paper import COSTS


def written(where: Path) -> Path:
    """Write both reports into a folder, as their commands do."""
    streams = Result(STREAMS, 3, 0, "8 begin a second; first chunk p50 0.03 s")
    about = {"gateway": "prod's settings: one replica of 2 workers, 8192 MiB"}
    result.write("admission", [streams, Result(EDGE_MS, 0.469, 1)], about, where)
    result.write("faults", [], {"capacity of one replica with one worker": "39.0 requests/s"}, where)
    return where


def test_paper_stands_beside_what_was_measured(tmp_path: Path) -> None:
    found = [(each.paper, each.measured) for each in anchors(COSTS, written(tmp_path))]
    assert found == [("100.0", "39.0"), ("10.00", "0.47"), ("1", "2 carried it, 3 failed")]


def test_other_costs_change_the_paper_alone(tmp_path: Path) -> None:
    costlier = replace(COSTS, request_ms={part: 10 * ms for part, ms in COSTS.request_ms.items()})
    before, after = (anchors(costs, written(tmp_path)) for costs in (COSTS, costlier))
    assert [each.measured for each in before] == [each.measured for each in after]
    assert all(one.paper != other.paper for one, other in zip(before, after, strict=True))


def test_without_reports_nothing_is_compared(tmp_path: Path) -> None:
    assert anchors(COSTS, tmp_path) == []


def test_the_project_s_reports_have_all_anchors() -> None:
    assert len(anchors(COSTS)) == 3
