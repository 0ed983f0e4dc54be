"""docs/sizing.md shows the figures of sizing.json, and its example is a stack that runs."""

import json
import re
from dataclasses import replace

import yaml

from benchmarks.sizing import page
from benchmarks.sizing.report import Report
from components.stack.expected_load import UTILISATION, beyond, processors_needed, workers_needed
from components.stack.read import parse
from tests.unit.benchmarks.sizing.rounds import REPORT

WRITE = "run `make sizing`, or write it anew from sizing.json: `python -m benchmarks publish-sizing`"
COSTS = REPORT.costs


def test_the_page_shows_the_figures_of_sizing_json() -> None:
    for document, text in page.parts(Report.read()).items():
        assert not document.differs(text), f"{document.name}: {WRITE}"


def test_the_page_s_formula_is_that_of_the_check() -> None:
    assert f"workers    = processors / {UTILISATION:g}, rounded up" in page.PAGE.read_text()


def test_each_load_needs_what_the_check_asks_for() -> None:
    rows = page.figures(REPORT)[-len(page.LOADS) :]
    for load, row in zip(page.LOADS, rows, strict=True):
        assert row.startswith(f"| {load.streams:,} | ")
        assert f"| {workers_needed(load, COSTS)} | {processors_needed(load, COSTS)} | " in row


def test_costlier_chunks_need_more_workers_in_table_and_example() -> None:
    costlier = replace(REPORT, figures=[replace(each, median=10 * each.median) for each in REPORT.figures])
    assert page.figures(costlier)[-len(page.LOADS) :] != page.figures(REPORT)[-len(page.LOADS) :]
    assert page.example(costlier.costs) != page.example(COSTS)


def test_the_example_is_a_stack_that_carries_its_load() -> None:
    text = "\n".join(page.example(COSTS))
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    config = {key: json.dumps(value) for key, value in yaml.safe_load(block)["config"].items()}
    litellm = parse(config, "gateway").litellm
    assert litellm.expected_load == page.EXAMPLE
    assert litellm.replicas * litellm.workers >= workers_needed(page.EXAMPLE, COSTS)
    assert str(beyond(page.EXAMPLE, page.TOO_FEW, COSTS)) in text
