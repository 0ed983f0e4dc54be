"""The report has each row with its goal, and keeps what a partial run did not measure."""

from dataclasses import replace
from pathlib import Path

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Round, Row
from benchmarks.comparison.publish.report import complete, markdown, merged, merged_runs, read, read_runs, write
from benchmarks.comparison.samples import Run, Samples
from benchmarks.comparison.scenarios.promises.database import DATABASE
from benchmarks.comparison.scenarios.promises.health import HEALTH

MISSED = Row("Postgres transactions a minute at 5 requests/s", 30, 100, 0.3, 0.25, 0.36, "a / b ≤ 0.2", ok=False)
REACHED = Row("health p99 while saturated, ms", 2.5, 900, 0.0028, 2.1, 2.9, "a < 5", ok=True)
SCENARIOS = (DATABASE, HEALTH)


def test_both_forms_of_the_report_hold_the_same_figures(tmp_path: Path) -> None:
    rows = [MISSED, REACHED]
    write(tmp_path, rows, {}, markdown(rows, SCENARIOS))
    assert read(tmp_path) == rows
    text = (tmp_path / "bench.md").read_text()
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


def test_report_says_on_what_each_scenario_was_measured(tmp_path: Path) -> None:
    before, now = Run("full", "abc", "2 × processor"), Run("full", "def", "4 × processor", {"Pulumi": "v3"})
    runs = merged_runs({DATABASE.name: before, HEALTH.name: before, "gone": before}, {HEALTH.name: now}, SCENARIOS)
    text = markdown([MISSED, REACHED], SCENARIOS, runs=runs)
    write(tmp_path, [MISSED, REACHED], runs, text)
    assert read_runs(tmp_path) == {DATABASE.name: before, HEALTH.name: now}
    assert "- full run on commit abc, 2 × processor\n" in text
    assert "- full run on commit def, 4 × processor; Pulumi v3\n" in text


def test_report_describes_what_was_measured_not_what_would_be() -> None:
    run = Run("full", "abc", "2 × processor", text="An older load.", a="one", b="other")
    text = markdown([REACHED], (HEALTH,), runs={HEALTH.name: run})
    assert f"## {HEALTH.name}\nAn older load.\n\n- a: one\n- b: other\n" in text
    assert HEALTH.text not in text


def test_rows_of_scenarios_that_no_longer_exist_go() -> None:
    assert merged([replace(MISSED, name="gone"), REACHED], {}, SCENARIOS) == [REACHED]


def test_a_scenario_without_figures_is_said_to_have_none() -> None:
    assert markdown([MISSED], SCENARIOS).endswith("\n\nNot measured.\n")


def test_rows_come_of_rounds_that_are_all_there(tmp_path: Path) -> None:
    rounds, run = [Round({"p99": 2.0}, {"p99": 800.0})] * HEALTH.count(Effort.FULL), Run("full", "abc", "2 × processor")
    Samples(HEALTH.file(tmp_path), run).write(rounds)
    found = complete(SCENARIOS, Effort.FULL, tmp_path)
    assert found == {HEALTH.name: (run, HEALTH.rows(rounds, Effort.FULL))}
    Samples(HEALTH.file(tmp_path), run).write(rounds[1:])
    assert complete(SCENARIOS, Effort.FULL, tmp_path) == {}
