"""Asks each model of a stack for real, side by side, and tells which work and why the others do not."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.check.deployment import served_models
from ops.check.model_check import Outcome, asked
from ops.check.model_status import Verdict, cure
from ops.errors import OperationError
from ops.stack.admin import administration
from ops.stack.gateway import Gateway, find, require_own_port


def run(name: str, *, threshold: str, concurrency: int, timeout: float, as_json: bool) -> None:
    """Ask all models and print what became of each.

    Raises:
        OperationError: when the threshold is none, or the gateway does not list its models. No model was asked then.
        typer.Exit: with status 1 when fewer work than the threshold wants.
    """
    share = Threshold.parse(threshold)
    gateway = find(name)
    require_own_port(gateway)
    settings = gateway.settings
    with administration(gateway.proxy_url, gateway.master_key, gateway.host) as admin:
        models = served_models(settings.catalogue, settings.missing_keys, admin.deployments())
    outcomes = asked(gateway, models, concurrency, timeout)
    enough = share.met(outcomes)
    if as_json:
        print(json.dumps(document(name, outcomes) | {"enough": enough}))
    else:
        show(Console(), gateway, outcomes)
    if not enough:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Threshold:
    """How many models have to work."""

    number: int
    percent: bool
    """Whether `number` is a share of the models that were asked."""

    @classmethod
    def parse(cls, text: str) -> "Threshold":
        """Read `14` or `75%`.

        Raises:
            OperationError: when it is neither.
        """
        found = re.fullmatch(r"(\d{1,6})(%?)", text)
        if not found or (found[2] and int(found[1]) > 100):
            raise OperationError(
                f"--threshold {text}: should be a number of models, such as 14, or a share, such as 75%"
            )
        return cls(int(found[1]), percent=bool(found[2]))

    def met(self, outcomes: Iterable[Outcome]) -> bool:
        """Tell whether so many work."""
        counted = [outcome.verdict for outcome in outcomes if outcome.verdict is not Verdict.NOT_ASKED]
        wanted = math.ceil(self.number * len(counted) / 100) if self.percent else self.number
        return counted.count(Verdict.WORKING) >= wanted


def show(console: Console, gateway: Gateway, outcomes: Sequence[Outcome]) -> None:
    """Print the table, then each cure once with the models that it is for."""
    served = "; the mock provider answers for the catalogue" if gateway.settings.mock_provider.enabled else ""
    console.print(table(gateway.stack, outcomes))
    counted = [outcome for outcome in outcomes if outcome.verdict is not Verdict.NOT_ASKED]
    working = sum(outcome.verdict is Verdict.WORKING for outcome in counted)
    console.print(f"{working} of {len(counted)} working{served}", highlight=False)
    for (verdict, words), names in cures(gateway.stack, outcomes).items():
        console.print(f"{verdict}: {', '.join(names)}: {words}", highlight=False, markup=False, soft_wrap=True)


def cures(stack: str, outcomes: Iterable[Outcome]) -> dict[tuple[Verdict, str], list[str]]:
    """Group the models that do not work by verdict and cure."""
    grouped: dict[tuple[Verdict, str], list[str]] = {}
    for outcome in outcomes:
        if words := cure(outcome.verdict, outcome.model, stack):
            grouped.setdefault((outcome.verdict, words), []).append(outcome.model.name)
    return grouped


def table(name: str, outcomes: Sequence[Outcome]) -> Table:
    """Lay the outcomes out for people."""
    drawn = Table(title=name, title_justify="left")
    for head in ("model", "mode", "verdict"):
        drawn.add_column(head, no_wrap=True)
    drawn.add_column("s", justify="right")
    drawn.add_column("what was said", overflow="fold")
    for outcome in outcomes:
        colour = {Verdict.WORKING: "green", Verdict.NOT_ASKED: "dim"}.get(outcome.verdict, "red")
        took = "" if outcome.seconds is None else f"{outcome.seconds:.2f}"
        words = Text(outcome.verdict, style=colour), took, Text(outcome.judgement.detail)
        drawn.add_row(Text(outcome.model.name), outcome.model.mode, *words)
    return drawn


def document(name: str, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Give what `--json` prints."""
    rows = [
        {
            "model": outcome.model.name,
            "deployment": outcome.model.asked_as,
            "mode": outcome.model.mode,
            "stored": outcome.model.stored,
            "verdict": outcome.verdict.value,
            "seconds": None if outcome.seconds is None else round(outcome.seconds, 3),
            "detail": outcome.judgement.detail,
            "cure": cure(outcome.verdict, outcome.model, name),
        }
        for outcome in outcomes
    ]
    working = sum(row["verdict"] == Verdict.WORKING for row in rows)
    return {"stack": name, "working": working, "models": rows}
