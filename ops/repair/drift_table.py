"""Differences between a state and its engine, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

LONGEST_VALUE = 60
"""Characters of a value that are shown."""


@dataclass(frozen=True)
class Drift:
    """One difference."""

    resource: str
    what: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return f"{self.resource}: {self.what} is {self.found}, not {self.wanted}"


def drift_table(drifts: Sequence[Drift]) -> Table:
    """Return the differences as a table."""
    table = Table("RESOURCE", "WHAT", "WANTED", "FOUND", box=None)
    for each in drifts:
        table.add_row(*map(Text, (each.resource, each.what, shorten(each.wanted), shorten(each.found))))
    return table


def shorten(text: str) -> str:
    """Return a value as a table has room for it."""
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
