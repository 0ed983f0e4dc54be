"""sizing.json, sizing.md and costs.json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.result import REPORT
from benchmarks.sizing.figures import COSTS, Figure, costs
from benchmarks.sizing.parts import PARTS
from benchmarks.sizing.readings import Round
from components.stack.costs import FILE, Costs

RAW = REPORT / "raw" / "sizing.json"
"""Every reading of the last run. It is not in git."""
HOW = """\
Each round takes every reading once. Processor time is what the containers' cgroups count, less what the idle gateway
used in the same time. A chunk is what long streams took more than as many short ones, and a request in flight or a
connection what more of them took than the round before had. The last columns are the smallest and the largest round."""


@dataclass(frozen=True)
class Report:
    """What a run of `make sizing` has measured."""

    about: Mapping[str, str]
    """Machine, versions and time."""
    figures: Sequence[Figure]

    @classmethod
    def read(cls, where: Path = REPORT) -> "Report | None":
        """Return the report in a folder; None before the first run."""
        file = where / "sizing.json"
        if not file.exists():
            return None
        document = json.loads(file.read_text())
        return cls(document["about"], [Figure.read(each) for each in document["figures"]])

    @property
    def costs(self) -> Costs:
        """The figures as the checks of a preview use them."""
        return Costs.read(costs(self.figures))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as sizing.json has it."""
        return {"about": dict(self.about), "figures": [each.to_dict() for each in self.figures]}

    def markdown(self) -> str:
        """Format the report."""
        lines = [
            "# Sizing",
            "",
            "Written by `make sizing`. `sizing.json` holds the same figures, and each round's.",
            "",
        ]
        lines += [f"- {name}: {value}" for name, value in self.about.items()]
        return "\n".join([*lines, "", HOW, "", *figure_table(self.figures)]) + "\n"


def write(report: Report, where: Path) -> None:
    """Write the report in both forms."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "sizing.json").write_text(dumped(report.to_dict()))
    (where / "sizing.md").write_text(report.markdown())


def write_costs(report: Report) -> None:
    """Write the file that the checks of a preview read."""
    FILE.write_text(dumped(asdict(report.costs)))


def keep_raw(rounds: Sequence[Round], start: Mapping[str, float]) -> None:
    """Keep every reading of a run."""
    RAW.parent.mkdir(parents=True, exist_ok=True)
    RAW.write_text(dumped({"start": dict(start), "rounds": [asdict(each) for each in rounds]}))


def dumped(document: Mapping[str, Any]) -> str:
    """Format a file of figures."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def figure_table(figures: Sequence[Figure]) -> list[str]:
    """Format the figures as a Markdown table."""
    texts = {cost.key: cost.text for cost in COSTS}
    return ["| what | part | median | least | most |", "|---|---|---|---|---|"] + [
        f"| {texts[each.cost]} | {PARTS[each.part]} | {each.median:g} | {each.low:g} | {each.high:g} |"
        for each in figures
    ]
