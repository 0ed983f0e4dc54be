"""upstream.json, and the table of docs/upstream.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.figures.row import Row
from benchmarks.comparison.publish.report import table
from benchmarks.result import REPORT
from bootstrap.project import ROOT
from tools.document import Document

PAGE = Document(ROOT / "docs" / "upstream.md", "limits")
FILE = "upstream.json"


@dataclass(frozen=True)
class Report:
    """What was measured, and on what."""

    about: Mapping[str, str]
    rows: Sequence[Row]


def text(report: Report) -> str:
    """Return the page's table."""
    about = (f"- {name}: {value}" for name, value in report.about.items())
    return "\n".join([*about, "", *table(report.rows)])


def read(folder: Path = REPORT) -> Report:
    """Return the report."""
    document = json.loads((folder / FILE).read_text())
    return Report(document["about"], [Row.read(each) for each in document["rows"]])


def write(report: Report, folder: Path = REPORT) -> None:
    """Write upstream.json."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {"about": dict(report.about), "rows": [row.to_dict() for row in report.rows]}
    (folder / FILE).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
