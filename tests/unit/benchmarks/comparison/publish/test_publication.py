"""README, plots and bench.json show the same figures."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.comparison.effort import Effort
from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.publish import plots, publication
from benchmarks.comparison.publish.report import complete, markdown, read, read_runs, rounds_folder
from benchmarks.comparison.scenarios.registry import SCENARIOS
from benchmarks.result import REPORT
from tools.document import Document

HEALTH = Row("health p99 while saturated, ms", 2.5, 900, 0.0028, 2.1, 2.9, "a < 5", ok=True)
P99 = Row("p99 at 50 concurrent, ms", 800, 1900, 0.42, 0.35, 0.49, "a / b ≤ 0.5", ok=True)
FIRST = Row("from nothing to the first answer, s", 70, 60, 1.17, 1.1, 1.25, "a / b ≤ 1.15", ok=False)
ROWS = [P99, HEALTH, FIRST]
WRITE = "run `make bench`, or write it anew: `python -m benchmarks publish`"


def test_the_readme_shows_the_figures_of_bench_json() -> None:
    assert not publication.README.differs(publication.readme_part(read(), SCENARIOS)), WRITE


def test_bench_md_shows_the_figures_of_bench_json() -> None:
    text = markdown(read(), SCENARIOS, plots=list(publication.drawn(read(), SCENARIOS)), runs=read_runs())
    assert (REPORT / "bench.md").read_text() == text, WRITE


def test_bench_json_has_the_figures_of_the_rounds() -> None:
    known, runs, folder = {row.name: row for row in read()}, read_runs(), rounds_folder(Effort.FULL)
    measured = complete(SCENARIOS, Effort.FULL, folder)
    assert {file.stem for file in folder.glob("*.json")} == set(measured), "measure to the end what an interrupt left"
    for name, (run, rows) in measured.items():
        assert runs[name] == run, WRITE
        assert [known.get(row.name) for row in rows] == rows, WRITE


@pytest.mark.parametrize("name", [publication.PROMISES, publication.ALTERNATIVES])
def test_the_plots_show_the_figures_of_bench_json(name: str) -> None:
    specs, file = publication.drawn(read(), SCENARIOS), REPORT / f"{name}.svg"
    assert file.exists() == (name in specs), WRITE
    if name in specs:
        assert file.read_text() == plots.svg(specs[name]), WRITE
        assert plots.drawn_with(file.with_suffix(".png").read_bytes()) == plots.digest(file.read_text()), WRITE


def test_the_readme_s_comparison_with_compose_is_that_of_faults_json() -> None:
    rows = json.loads((REPORT / "faults.json").read_text())
    (compose,) = [row for row in rows if "Docker Compose" in row["name"]]
    requests = re.match(r"(\d+) requests", compose["text"])
    assert requests
    assert f"[{compose['value']} of {requests[1]} requests]" in publication.README.file.read_text()


def test_a_changed_figure_changes_readme_and_plot(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("<!-- benchmark: begin -->\n\n<!-- benchmark: end -->\n")
    readme = Document(file, "benchmark")
    readme.write(publication.readme_part(ROWS, SCENARIOS))
    other = [Row(**{**P99.to_dict(), "a": 801.0}), HEALTH, FIRST]
    assert readme.differs(publication.readme_part(other, SCENARIOS))
    changed = [Row(**{**P99.to_dict(), "ratio": 0.43}), HEALTH, FIRST]
    before, after = publication.drawn(ROWS, SCENARIOS), publication.drawn(changed, SCENARIOS)
    assert plots.svg(before[publication.PROMISES]) != plots.svg(after[publication.PROMISES])
    assert before[publication.ALTERNATIVES] == after[publication.ALTERNATIVES]


def test_the_readme_has_a_row_for_each_headline_and_both_plots() -> None:
    part = publication.readme_part(ROWS, SCENARIOS)
    assert "| p99 at 50 concurrent, ms | 800 | 1900 | 0.42 | 0.35 to 0.49 | a / b ≤ 0.5 | yes |" in part
    assert "| from nothing to the first answer, s | 70 | 60 | 1.17 | 1.1 to 1.25 | a / b ≤ 1.15 | **no** |" in part
    assert part.count("](benchmarks/report/bench-") == 2


def test_without_figures_the_readme_shows_none() -> None:
    assert publication.readme_part([], SCENARIOS) == ""
    assert publication.drawn([], SCENARIOS) == {}


def test_a_plot_has_the_interval_of_ratios_alone_and_the_goal(tmp_path: Path) -> None:
    values = {each["name"]: each for each in plots.ratios("title", ROWS)["data"]["values"]}
    assert (values[P99.name]["low"], values[P99.name]["goal"], values[P99.name]["verdict"]) == (0.35, 0.5, "reached")
    assert (values[HEALTH.name]["low"], values[HEALTH.name]["goal"]) == (None, None)
    assert values[FIRST.name]["verdict"] == "missed"
    plots.write(tmp_path, "plot", plots.ratios("title", ROWS))
    svg, png = (tmp_path / "plot.svg").read_text(), (tmp_path / "plot.png").read_bytes()
    assert all(row.name in svg for row in ROWS)
    assert png.startswith(b"\x89PNG")
    assert plots.drawn_with(png) == plots.digest(svg)
