"""Print the reference of all settings, models and alert rules, or keep it up to date in docs."""

import argparse
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from pydantic import BaseModel

from components.models.catalog import load_catalogue
from components.models.model import Model, ModelFile
from components.monitoring.alert_rules import markdown
from components.monitoring.component import thresholds
from components.monitoring.settings import MonitoringSettings
from components.releases.release import release_for
from components.stack.settings import Settings
from ops.errors import OperationError, exit_with_one_sentence
from ops.stack.project import PROJECT
from tools.document import Document
from tools.setting_table import Row, own_rows, tables

PRODUCTION_REPLICAS = 2
"""Replicas of `prod`, whose alert rules the table shows."""


class Action(Enum):
    """What to do with the reference."""

    PRINT = "print"
    CHECK = "check"
    """Fail if a document holds a different text."""
    WRITE = "write"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` are those of the process unless given."""
    parser = argparse.ArgumentParser(prog="python -m tools.reference", description=__doc__)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--check", action="store_true", help="exit with status 1 if a document is out of date")
    modes.add_argument("--write", action="store_true", help="write the reference into the documents")
    given = parser.parse_args(arguments)
    update_reference(Action.CHECK if given.check else Action.WRITE if given.write else Action.PRINT)


def update_reference(action: Action, project: Path = PROJECT) -> None:
    """Print the reference, write it into its documents, or compare it with them.

    Raises:
        OperationError: if a document differs or lacks the comments around the generated part.
    """
    for document, text in contents(project).items():
        if action is Action.PRINT:
            print(text)
        elif action is Action.WRITE:
            document.write(text)
        elif document.differs(text):
            raise OperationError(f"{document.file.name} is out of date: run `python -m tools.reference --write`")


def contents(project: Path = PROJECT) -> dict[Document, str]:
    """Return the generated text of each document."""
    docs = project / "docs"
    return {
        Document(docs / "configuration.md", "settings"): settings_text(Settings),
        Document(docs / "configuration.md", "model file"): rows_text(own_rows(ModelFile)),
        Document(docs / "models.md", "models"): models_text(load_catalogue(release_for(None))),
        Document(docs / "monitoring.md", "alerts"): alerts_text(),
    }


def settings_text(model: type[BaseModel]) -> str:
    """Return a heading and a table for each group of settings."""
    return "\n".join(f"### {table.title}\n\n{table.text}\n\n{rows_text(table.rows)}" for table in tables(model))


def rows_text(found: Sequence[Row]) -> str:
    """Return settings as a table."""
    head = ("Key", "Type", "Bounds", "Default", "What it is")
    return _table(head, *((f"`{row.key}`", row.kind, row.bounds, row.default, row.text) for row in found))


def models_text(catalogue: Mapping[str, Model]) -> str:
    """Return the catalogue of models as a table."""
    return _table(
        ("Model", "Provider", "Mode", "Key", "Served at"),
        *(
            (
                f"`{model.name}`",
                deployment.provider,
                model.mode,
                ", ".join(f"`{key}`" for key in deployment.keys) or "none",
                f"`{deployment.params['api_base']}`" if "api_base" in deployment.params else "the provider's own",
            )
            for model in catalogue.values()
            for deployment in model.deployments
        ),
    )


def alerts_text() -> str:
    """Return the alert rules with the thresholds of production as a table."""
    return markdown(thresholds(MonitoringSettings(), PRODUCTION_REPLICAS)) + "\n"


def _table(head: tuple[str, ...], *lines: tuple[str, ...]) -> str:
    cells = (head, ("---",) * len(head), *lines)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in cells)


if __name__ == "__main__":
    with exit_with_one_sentence():
        main()
