"""The results of a benchmark, each with its goal, and the report of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent / "report"
RAW = REPORT / "raw"
"""One file for each load of the last run, with every request. It is not in git."""
RAW_IS_AT = "`raw/` holds each request, on the machine that ran it and in CI's artifact `benchmark-requests`."


@dataclass(frozen=True)
class Result:
    """One figure and its goal."""

    name: str
    value: float
    goal: float | None
    """The largest value that is good; None: the figure has no goal."""
    text: str = ""
    """How many requests there were, and what went wrong."""

    @property
    def ok(self) -> bool:
        """Whether the goal is met."""
        return self.goal is None or self.value <= self.goal

    def line(self) -> str:
        """Format the result as one line."""
        goal = "" if self.goal is None else f", goal {self.goal:g}"
        return f"{'' if self.ok else 'MISSED '}{self.name}: {self.value:g}{goal} ({self.text})"

    def to_dict(self) -> dict[str, Any]:
        """Return the result as the report's JSON has it."""
        return {**asdict(self), "ok": self.ok}


def markdown(name: str, results: Sequence[Result], about: Mapping[str, str], target: str | None = None) -> str:
    """Format the results of a target of `make` as a table; `target` is its name where that is another."""
    written = f"Written by `make {target or name}`. `{name}.json` holds the same figures; {RAW_IS_AT}"
    lines = [f"# {name.capitalize()}", "", written, ""]
    lines += [f"- {name}: {value}" for name, value in about.items()]
    lines += ["", "| what | value | goal | reached | seen |", "|---|---|---|---|---|"]
    for each in results:
        goal = "–" if each.goal is None else f"{each.goal:g}"
        reached = "–" if each.goal is None else "yes" if each.ok else "**no**"
        lines.append(f"| {each.name} | {each.value:g} | {goal} | {reached} | {each.text.replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"


def write(
    name: str,
    results: Sequence[Result],
    about: Mapping[str, str],
    folder: Path = REPORT,
    target: str | None = None,
) -> None:
    """Write the report of a target of `make` in both forms; `target` is its name where that is another."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps([each.to_dict() for each in results], indent=2) + "\n")
    (folder / f"{name}.md").write_text(markdown(name, results, about, target))
