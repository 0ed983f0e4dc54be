"""Each limit has its program, its place on the page and its figures there."""

import json
from pathlib import Path

from benchmarks.comparison.figures.row import Row
from benchmarks.upstream import report
from benchmarks.upstream.limits import FOLDER, LIMITS
from benchmarks.upstream.programs.metrics_process import ALONE, measured
from testbed.ports import free_ports
from tools.document import Document

PAGE = report.PAGE.file.read_text()
ROW = Row("a look, ms", 2, 1, 2, 1.9, 2.1, None, None)


def test_every_program_belongs_to_a_limit_that_the_page_shows() -> None:
    programs = {file.name for file in FOLDER.glob("*.py")} - {"__init__.py"}
    assert {limit.program.name for limit in LIMITS} == programs
    assert [name for name in programs if f"`{name}`" not in PAGE] == []


def test_page_has_the_measured_figures() -> None:
    assert not report.PAGE.differs(report.text(report.read()))


def test_every_metric_was_measured() -> None:
    names = [metric.name for limit in LIMITS for metric in limit.metrics]
    assert [row.name for row in report.read().rows] == names


def test_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = report.Report({"machine": "two processors"}, [ROW])
    report.write(written, tmp_path)
    assert report.read(tmp_path) == written
    assert json.loads((tmp_path / report.FILE).read_text())["rows"][0]["ratio"] == ROW.ratio


def test_changed_figure_differs_from_the_page(tmp_path: Path) -> None:
    page = Document(tmp_path / "page.md", "limits")
    page.file.write_text("<!-- limits: begin -->\n\n<!-- limits: end -->\n")
    page.write(report.text(report.Report({}, [ROW])))
    assert page.differs(report.text(report.Report({}, [Row("a look, ms", 3, 1, 3, 2.9, 3.1, None, None)])))


def test_a_process_is_measured_until_it_answers() -> None:
    (port,) = free_ports(1)
    found = measured(ALONE, port)
    assert 0 < found["seconds"] < 60
    assert found["processor"] > 0
    assert found["resident"] > 5
