"""The report has each row with its goal, and keeps what a partial run did not measure."""

from dataclasses import replace
from pathlib import Path

from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.publish.report import markdown, merged, merged_runs, read, read_runs, write
from benchmarks.comparison.run import Outcome
from benchmarks.comparison.samples import Run
from benchmarks.comparison.scenarios.promises.database import DATABASE
from benchmarks.comparison.scenarios.promises.health import HEALTH

MISSED = Row("Postgres transactions a minute at 5 requests/s", 30, 100, 0.3, 0.25, 0.36, "a / b ≤ 0.2", ok=False)
REACHED = Row("health p99 while saturated, ms", 2.5, 900, 0.0028, 2.1, 2.9, "a < 5", ok=True)
SCENARIOS = (DATABASE, HEALTH)


def test_both_forms_of_the_report_hold_the_same_figures(tmp_path: Path) -> None:
    rows = [MISSED, REACHED]
    write(tmp_path, rows, {}, markdown(rows, SCENARIOS, Outcome(), {"machine": "2 × processor"}))
    assert read(tmp_path) == rows
    text = (tmp_path / "bench.md").read_text()
    assert "- machine: 2 × processor" in text
    assert (
        "| Postgres transactions a minute at 5 requests/s | 30 | 100 | 0.3 | 0.25 to 0.36 | a / b ≤ 0.2 | **no** |"
        in text
    )
    assert "| health p99 while saturated, ms | 2.5 | 900 | 0.0028 | 2.1 to 2.9 | a < 5 | yes |" in text


def test_a_folder_without_a_report_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path) == []


def test_a_partial_run_keeps_the_rows_of_the_other_scenarios() -> None:
    again = replace(REACHED, a=3)
    assert merged([MISSED, REACHED], {HEALTH.name: [again]}, SCENARIOS) == [MISSED, again]


def test_report_says_on_which_commit_each_scenario_was_measured(tmp_path: Path) -> None:
    before, now = Run("full", "abc", "2 × processor"), Run("full", "def", "2 × processor")
    runs = merged_runs({DATABASE.name: before, HEALTH.name: before, "gone": before}, [HEALTH.name], now, SCENARIOS)
    text = markdown([MISSED, REACHED], SCENARIOS, Outcome(), {}, runs=runs)
    write(tmp_path, [MISSED, REACHED], runs, text)
    assert read_runs(tmp_path) == {DATABASE.name: before, HEALTH.name: now}
    assert text.index("commit abc") < text.index("commit def")


def test_rows_of_scenarios_that_no_longer_exist_go() -> None:
    assert merged([replace(MISSED, name="gone"), REACHED], {}, SCENARIOS) == [REACHED]


def test_a_scenario_that_failed_says_why() -> None:
    text = markdown([MISSED], SCENARIOS, Outcome(failures={HEALTH.name: "no replica answered"}), {})
    assert "- **the last run failed:** no replica answered\n\nNot measured." in text
