"""Modules of bootstrap import in one direction, and `offline` only through its interface."""

import ast
from pathlib import Path

from bootstrap.project import ROOT
from tests.unit.syntax import imports

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
    for node in imports(file):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [f"bootstrap.{each.name}" for each in node.names] if node.module == "bootstrap" else [node.module]
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names]
    return [name for name in found if name.startswith(("bootstrap.", "components.", "ops."))]


def not_below(file: Path) -> list[str]:
    """Return what a module imports that is not below it."""
    place = file.relative_to(ROOT / "bootstrap").with_suffix("").parts[0]
    below = ORDER if place == "__init__" else ORDER[: ORDER.index(place) + 1]
    strange = [name for name in imported(file) if not name.startswith(COMPONENTS) and layer(name) not in below]
    inner = [name for name in imported(file) if place != "offline" and name.startswith("bootstrap.offline.")]
    return strange + inner


def test_modules_import_only_what_is_below_them() -> None:
    assert {file.relative_to(ROOT).as_posix(): names for file in FILES if (names := not_below(file))} == {}


def test_order_names_every_module() -> None:
    assert {file.relative_to(ROOT / "bootstrap").with_suffix("").parts[0] for file in FILES} == {"__init__", *ORDER}
