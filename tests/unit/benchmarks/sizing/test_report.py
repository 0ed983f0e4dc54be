"""sizing.json, sizing.md and costs.json hold the same figures."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks import result
from benchmarks.sizing import report
from benchmarks.sizing.report import Report
from components.stack.costs import FILE
from tests.unit.benchmarks.sizing.rounds import REPORT

WRITE = "run `make sizing`, or write it anew from sizing.json: `python -m benchmarks publish-sizing`"
COSTLIER = replace(REPORT, figures=[replace(each, median=10 * each.median) for each in REPORT.figures])


def test_costs_json_holds_the_figures_of_sizing_json() -> None:
    found = Report.read()
    assert FILE.exists() == (found is not None), WRITE
    assert found is None or json.loads(FILE.read_text()) == asdict(found.costs), WRITE


def test_the_report_shows_the_figures_of_sizing_json() -> None:
    found, file = Report.read(), result.REPORT / "sizing.md"
    assert file.exists() == (found is not None), WRITE
    assert found is None or file.read_text() == found.markdown(), WRITE


def test_other_figures_change_report_and_costs() -> None:
    assert COSTLIER.markdown() != REPORT.markdown()
    assert COSTLIER.costs != REPORT.costs


def test_the_report_has_a_row_for_each_cost_and_part() -> None:
    text = REPORT.markdown()
    assert "| processor time of a request, ms | Postgres | 5 | 5 | 5 |" in text
    assert "| memory of a body, MiB a MiB | ingress | 4 | 4 | 4 |" in text
    assert "- machine: 2 × processor" in text


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert Report.read(tmp_path) is None
    report.write(REPORT, tmp_path)
    assert Report.read(tmp_path) == REPORT
