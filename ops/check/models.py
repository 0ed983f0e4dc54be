"""Check every model of a stack and report which work and why the others do not."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.check.model.check import ModelResult, check_all
from ops.check.model.deployment import model_deployments
from ops.check.model.status import ModelStatus, fix_for
from ops.errors import OperationError
from ops.stack.gateway import Gateway, find_gateway, require_own_port
from ops.stack.litellm_admin import litellm_admin

COLOURS = {ModelStatus.WORKING: "green", ModelStatus.NOT_ASKED: "dim"}


def check_models(name: str, *, threshold: str, concurrency: int, timeout: float, as_json: bool) -> bool:
    """Check all models and print the results; return whether as many work as the threshold wants.

    Raises:
        OperationError: if the threshold is malformed or the gateway does not list its models; none was asked then.
    """
    wanted = Threshold.parse(threshold)
    gateway = find_gateway(name)
    require_own_port(gateway)
    settings = gateway.settings
    with litellm_admin(gateway.proxy_url, gateway.master_key, gateway.host_header) as admin:
        models = model_deployments(settings.catalogue, settings.missing_keys, admin.deployments())
    results = check_all(gateway, models, concurrency, timeout)
    enough = wanted.is_met(results)
    if as_json:
        print(json.dumps(results_data(name, results) | {"enough": enough}))
    else:
        print_results(Console(), gateway, results)
    return enough


@dataclass(frozen=True)
class Threshold:
    """How many models have to work."""

    number: int
    is_percentage: bool
    """Whether `number` is a percentage of the models that were asked."""

    @classmethod
    def parse(cls, text: str) -> "Threshold":
        """Return the threshold that `14` or `75%` means.

        Raises:
            OperationError: if the text is neither.
        """
        found = re.fullmatch(r"(\d{1,6})(%?)", text)
        if not found or (found[2] and int(found[1]) > 100):
            expected = "a number of models, such as 14, or a share, such as 75%"
            raise OperationError(f"--threshold {text}: should be {expected}")
        return cls(int(found[1]), is_percentage=bool(found[2]))

    def is_met(self, results: Iterable[ModelResult]) -> bool:
        """Return whether enough models work."""
        asked = [result.status for result in results if result.status is not ModelStatus.NOT_ASKED]
        wanted = math.ceil(self.number * len(asked) / 100) if self.is_percentage else self.number
        return asked.count(ModelStatus.WORKING) >= wanted


def print_results(console: Console, gateway: Gateway, results: Sequence[ModelResult]) -> None:
    """Print a table of the results, then each fix once with the models that need it."""
    mocked = "; the mock provider answers for the catalogue" if gateway.settings.mock_provider.enabled else ""
    console.print(results_table(gateway.stack, results))
    asked = [result for result in results if result.status is not ModelStatus.NOT_ASKED]
    working = sum(result.status is ModelStatus.WORKING for result in asked)
    console.print(f"{working} of {len(asked)} working{mocked}", highlight=False)
    for (status, fix), names in fixes(gateway.stack, results).items():
        console.print(Text(f"{status}: {', '.join(names)}: {fix}"), soft_wrap=True)


def fixes(stack: str, results: Iterable[ModelResult]) -> dict[tuple[ModelStatus, str], list[str]]:
    """Return the names of the models that do not work, grouped by status and fix."""
    grouped: dict[tuple[ModelStatus, str], list[str]] = {}
    for result in results:
        if fix := fix_for(result.status, result.model, stack):
            grouped.setdefault((result.status, fix), []).append(result.model.name)
    return grouped


def results_table(name: str, results: Sequence[ModelResult]) -> Table:
    """Return the results as a table."""
    table = Table(title=name, title_justify="left")
    for head in ("model", "mode", "status"):
        table.add_column(head, no_wrap=True)
    table.add_column("s", justify="right")
    table.add_column("detail", overflow="fold")
    for result in results:
        status = Text(result.status, style=COLOURS.get(result.status, "red"))
        seconds = "" if result.seconds is None else f"{result.seconds:.2f}"
        detail = Text(result.classification.detail)
        table.add_row(Text(result.model.name), Text(result.model.mode), status, seconds, detail)
    return table


def results_data(name: str, results: Iterable[ModelResult]) -> dict[str, Any]:
    """Return what `--json` prints."""
    rows = [
        {
            "model": result.model.name,
            "deployment": result.model.asked_as,
            "mode": result.model.mode,
            "stored": result.model.stored,
            "status": result.status.value,
            "seconds": None if result.seconds is None else round(result.seconds, 3),
            "detail": result.classification.detail,
            "fix": fix_for(result.status, result.model, name),
        }
        for result in results
    ]
    working = sum(row["status"] == ModelStatus.WORKING for row in rows)
    return {"stack": name, "working": working, "models": rows}
