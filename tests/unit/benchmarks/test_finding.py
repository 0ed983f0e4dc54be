"""The report says what was reached and what was missed."""

import json
from pathlib import Path

from benchmarks.finding import Finding, markdown, write

FOUND = [
    Finding("failed requests: edge", 0, 0, "534 requests"),
    Finding("p99, ms", 7.25, 5),
    Finding("Compose", 360, None),
]


def test_a_goal_is_reached_up_to_its_value() -> None:
    assert [each.ok for each in FOUND] == [True, False, True]


def test_the_table_names_what_was_missed() -> None:
    text = markdown(FOUND, {"processors": "2"})
    assert "- processors: 2" in text
    assert "| failed requests: edge | 0 | 0 | yes | 534 requests |" in text
    assert "| p99, ms | 7.25 | 5 | **no** |  |" in text
    assert "| Compose | 360 | – | – |  |" in text


def test_both_forms_hold_the_same_figures(tmp_path: Path) -> None:
    write(FOUND, {}, tmp_path)
    figures = json.loads((tmp_path / "faults.json").read_text())
    assert [(each["name"], each["value"], each["goal"], each["ok"]) for each in figures] == [
        (each.name, each.value, each.goal, each.ok) for each in FOUND
    ]
    assert all(each.name in (tmp_path / "faults.md").read_text() for each in FOUND)
