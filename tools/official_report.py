"""The report of `make check-official` as text: what was tried, how it went, and the versions. It holds no secret."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

HIDDEN = "[secret]"
LAST_LINES = 30
"""Lines of a failed step's output that are kept."""


@dataclass(frozen=True)
class Step:
    """One thing that was tried."""

    name: str
    seconds: float
    found: str
    """What it found, in a few words; after a failure the end of its output."""
    failed: bool = False


def report(steps: Sequence[Step], facts: Mapping[str, str], secrets: Iterable[str]) -> str:
    """Return the report as Markdown.

    Args:
        steps: what was tried, in order.
        facts: what ran, by name: versions, images, the machine.
        secrets: texts that must not be in the report.
    """
    verdict = next((f"FAILED: {step.name}" for step in steps if step.failed), "everything passed")
    lines = [f"# Vendors' images: {verdict}", "", "| Step | Result | Seconds | Found |", "| --- | --- | --- | --- |"]
    lines += [_row(step) for step in steps]
    lines += ["", "| What ran | |", "| --- | --- |"]
    lines += [f"| {name} | {_cell(text)} |" for name, text in facts.items()]
    for step in steps:
        if step.failed:
            lines += ["", f"## {step.name}", "", "```text", *step.found.strip().splitlines()[-LAST_LINES:], "```"]
    return hide("\n".join(lines) + "\n", secrets)


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text without the secrets, the longest first: one may hold another."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _row(step: Step) -> str:
    result = ("FAILED", "see below") if step.failed else ("passed", _cell(step.found))
    return f"| {step.name} | {result[0]} | {step.seconds:.0f} | {result[1]} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
