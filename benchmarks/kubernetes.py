"""The figures of `make verify-kubernetes`: each test adds its own, and `publish` makes the report of them."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.result import RAW, REPORT, Result, write
from bootstrap.project import ROOT

FILE = ROOT / ".cache" / "kubernetes-figures.jsonl"
"""A line for each figure, in the order of the tests; the last of a name counts."""
app = typer.Typer()


def keep(name: str, requests: Sequence[Mapping[str, Any]], folder: Path = RAW) -> None:
    """Keep the requests behind a figure."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"kubernetes {name}.json".replace(" ", "-")).write_text(json.dumps(list(requests)) + "\n")


def add(result: Result, file: Path = FILE) -> None:
    """Keep a figure."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lines:
        lines.write(json.dumps(result.to_dict()) + "\n")


def read(file: Path = FILE) -> list[Result]:
    """Return the figures, each name once."""
    return _latest(json.loads(line) for line in (file.read_text().splitlines() if file.exists() else []))


def published(folder: Path = REPORT) -> list[Result]:
    """Return the figures of the report."""
    file = folder / "kubernetes.json"
    return _latest(json.loads(file.read_text()) if file.exists() else [])


def _latest(documents: Iterable[Mapping[str, Any]]) -> list[Result]:
    found: dict[str, Result] = {}
    for document in documents:
        given = {key: value for key, value in document.items() if key != "ok"}
        found[given["name"]] = Result(**given)
    return list(found.values())


@app.command("kubernetes", epilog="Example: make verify-kubernetes && python -m benchmarks kubernetes")
def publish(
    file: Annotated[Path, typer.Option(help="The figures that the tests kept.")] = FILE, folder: Path = REPORT
) -> None:
    """Write benchmarks/report/kubernetes.md of the figures that `make verify-kubernetes` found last.

    A test that did not run keeps the row that it has there.
    """
    found = read(file)
    if not found:
        raise typer.BadParameter(f"{file} has no figures: run `make verify-kubernetes` first")
    results = _latest(each.to_dict() for each in (*published(folder), *found))
    about = {
        "processors": str(os.cpu_count()),
        "cluster": "three nodes on one machine, which share its processors",
        "rows": "each is of the last run of its test",
    }
    write("kubernetes", results, about, folder, "verify-kubernetes")
    print(f"written: {folder / 'kubernetes.md'}, kubernetes.json")
