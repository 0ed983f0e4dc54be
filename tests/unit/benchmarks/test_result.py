"""The report lists which goals are met."""

import json
from pathlib import Path

from benchmarks.result import Result, markdown, write

RESULTS = [
    Result("failed requests: edge", 0, 0, "534 requests"),
    Result("p99, ms", 7.25, 5),
    Result("Compose", 360, None),
]


def test_a_goal_is_met_up_to_its_value() -> None:
    assert [each.ok for each in RESULTS] == [True, False, True]


def test_the_table_marks_missed_goals() -> None:
    text = markdown("faults", RESULTS, {"processors": "2"})
    assert text.startswith("# Faults\n\nWritten by `make faults`. `faults.json` holds")
    assert "- processors: 2" in text
    assert "| failed requests: edge | 0 | 0 | yes | 534 requests |" in text
    assert "| p99, ms | 7.25 | 5 | **no** |  |" in text
    assert "| Compose | 360 | – | – |  |" in text


def test_both_forms_of_the_report_hold_the_same_figures(tmp_path: Path) -> None:
    write("admission", RESULTS, {}, tmp_path)
    figures = json.loads((tmp_path / "admission.json").read_text())
    assert [(each["name"], each["value"], each["goal"], each["ok"]) for each in figures] == [
        (each.name, each.value, each.goal, each.ok) for each in RESULTS
    ]
    assert all(each.name in (tmp_path / "admission.md").read_text() for each in RESULTS)
