"""Modules of bootstrap import in one direction, and `offline` only through its interface."""

import ast
from pathlib import Path

import pytest

from bootstrap.project import ROOT

ORDER = (
    *("errors", "project", "versions", "virtual_environment", "execution", "machine", "steps"),
    *("offline", "observe", "plan", "__main__"),
)
COMPONENTS = ("components.images.", "components.engine.connection", "components.engine.host")
"""What bootstrap shares with the program: the images, which engine is meant, and what its host must offer."""
FILES = sorted((ROOT / "bootstrap").rglob("*.py"))


def layer(name: str) -> str:
    return name.split(".")[1]


def imported(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [f"bootstrap.{each.name}" for each in node.names] if node.module == "bootstrap" else [node.module]
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names]
    return [name for name in found if name.startswith(("bootstrap.", "components.", "ops."))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_module_imports_only_what_is_below_it(file: Path) -> None:
    place = file.relative_to(ROOT / "bootstrap").with_suffix("").parts[0]
    below = ORDER if place == "__init__" else ORDER[: ORDER.index(place) + 1]
    for name in imported(file):
        assert name.startswith(COMPONENTS) or layer(name) in below
        assert place == "offline" or not name.startswith("bootstrap.offline.")


def test_order_names_every_module() -> None:
    assert {file.relative_to(ROOT / "bootstrap").with_suffix("").parts[0] for file in FILES} == {"__init__", *ORDER}
