"""The reference of all settings and models as Markdown tables, made from the code's own texts."""

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from pydantic import BaseModel

from components.models.catalog import CatalogueEntry, load_catalogue
from components.stack.settings import CATALOGUE, Settings
from ops.errors import OperationError
from ops.stack.automation import PROJECT
from tools.document import Document
from tools.setting_table import Row, own_rows, tables


class Action(Enum):
    """What is done with the reference."""

    PRINT = "print"
    CHECK = "check"
    """Fail when a document holds another text."""
    WRITE = "write"


def run(action: Action, project: Path = PROJECT) -> None:
    """Print the reference, write it into its documents, or compare it with them.

    Raises:
        OperationError: when a document differs, or has no place for it.
    """
    for document, text in contents(project).items():
        if action is Action.PRINT:
            print(text)
        elif action is Action.WRITE:
            document.write(text)
        elif document.differs(text):
            raise OperationError(
                f"{document.file.name} is not what the code says: run `python -m ops reference --write`"
            )


def contents(project: Path = PROJECT) -> dict[Document, str]:
    """Give the text of each document's generated part."""
    configuration = project / "docs" / "configuration.md"
    return {
        Document(configuration, "settings"): settings_text(Settings),
        Document(configuration, "model file"): rows_text(own_rows(CatalogueEntry)),
        Document(project / "README.md", "models"): models_text(load_catalogue(CATALOGUE)),
    }


def settings_text(model: type[BaseModel]) -> str:
    """Write a heading and a table for each group of settings."""
    return "\n".join(f"### {table.title}\n\n{table.text}\n\n{rows_text(table.rows)}" for table in tables(model))


def rows_text(found: Sequence[Row]) -> str:
    """Write settings as a table."""
    head = ("Key", "Type", "Bounds", "Default", "What it is")
    return _table(head, *((f"`{row.key}`", row.kind, row.bounds, row.default, row.text) for row in found))


def models_text(catalogue: Mapping[str, CatalogueEntry]) -> str:
    """Write the catalogue of models as a table."""
    return _table(
        ("Model", "Provider", "Mode", "Key", "Served at"),
        *(
            (
                f"`{name}`",
                entry.provider.value,
                entry.mode.value,
                f"`{entry.key}`" if entry.key else "none",
                f"`{entry.served_at}`" if entry.served_at else "the provider's own address",
            )
            for name, entry in catalogue.items()
        ),
    )


def _table(head: tuple[str, ...], *lines: tuple[str, ...]) -> str:
    cells = (head, ("---",) * len(head), *lines)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in cells)
