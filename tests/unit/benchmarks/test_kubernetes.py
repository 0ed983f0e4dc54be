"""The figures that tests on a cluster keep, and the report of them."""

from pathlib import Path

import pytest
import typer

from benchmarks.kubernetes import add, publish, published, read
from benchmarks.result import Result

LOST = Result("failed requests: node lost", 12, None, "1216 requests")
DRAINED = Result("failed requests: node drained", 1, 0)


def test_last_figure_of_a_name_counts(tmp_path: Path) -> None:
    file = tmp_path / "new" / "figures.jsonl"
    for each in (DRAINED, LOST, Result(DRAINED.name, 0, 0)):
        add(each, file)
    assert read(file) == [Result(DRAINED.name, 0, 0), LOST]


def test_report_names_its_target_and_each_missed_goal(tmp_path: Path) -> None:
    file = tmp_path / "figures.jsonl"
    for each in (LOST, DRAINED):
        add(each, file)
    publish(file, tmp_path)
    text = (tmp_path / "kubernetes.md").read_text()
    assert "Written by `make verify-kubernetes`." in text
    assert "| failed requests: node lost | 12 | – | – | 1216 requests |" in text
    assert "| failed requests: node drained | 1 | 0 | **no** |  |" in text


def test_test_that_did_not_run_keeps_its_row(tmp_path: Path) -> None:
    file = tmp_path / "figures.jsonl"
    for each in (LOST, DRAINED):
        add(each, file)
    publish(file, tmp_path)
    file.unlink()
    add(Result(DRAINED.name, 0, 0), file)
    publish(file, tmp_path)
    assert published(tmp_path) == [LOST, Result(DRAINED.name, 0, 0)]


def test_report_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="has no figures: run `make verify-kubernetes` first"):
        publish(tmp_path / "none.jsonl", tmp_path)
    assert not (tmp_path / "kubernetes.md").exists()
