"""What was measured, beside what was to be reached."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent / "report"


@dataclass(frozen=True)
class Finding:
    """One figure."""

    name: str
    value: float
    goal: float | None
    """What the value may reach at most; None: only shown."""
    text: str = ""
    """What else was seen: how many requests, what went wrong."""

    @property
    def ok(self) -> bool:
        """Whether the goal was reached."""
        return self.goal is None or self.value <= self.goal

    def line(self) -> str:
        """Write it for a reader who waits."""
        goal = "" if self.goal is None else f", goal {self.goal:g}"
        return f"{'' if self.ok else 'MISSED '}{self.name}: {self.value:g}{goal} ({self.text})"

    def shown(self) -> dict[str, Any]:
        """Give it for faults.json."""
        return {**asdict(self), "ok": self.ok}


def markdown(findings: Sequence[Finding], about: Mapping[str, str]) -> str:
    """Write the table."""
    lines = ["# Faults", "", "Written by `make faults`; `faults.json` holds the same figures, `raw/` each request.", ""]
    lines += [f"- {name}: {value}" for name, value in about.items()]
    lines += ["", "| what | value | goal | reached | seen |", "|---|---|---|---|---|"]
    for each in findings:
        goal = "–" if each.goal is None else f"{each.goal:g}"
        reached = "–" if each.goal is None else "yes" if each.ok else "**no**"
        lines.append(f"| {each.name} | {each.value:g} | {goal} | {reached} | {each.text.replace('|', '&#124;')} |")
    return "\n".join(lines) + "\n"


def write(findings: Sequence[Finding], about: Mapping[str, str], folder: Path = REPORT) -> None:
    """Write both forms."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "faults.json").write_text(json.dumps([each.shown() for each in findings], indent=2) + "\n")
    (folder / "faults.md").write_text(markdown(findings, about))
