"""Families import in one direction, and commands are imported by nothing but the command line."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

OPS = Path(__file__).parents[3] / "ops"
ORDER = (
    "errors",
    "stack",
    "images",
    "check",
    "update",
    "data",
    "adopt",
    "history",
    "repair",
    "cli",
    "__main__",
)
MODULES = sorted(OPS.rglob("*.py"))


def family(parts: tuple[str, ...]) -> str:
    """Return `stack` for ("stack", "engine"), `errors` for ("errors",)."""
    return parts[0]


def imports(file: Path) -> Iterator[tuple[str, ...]]:
    """Return what a module imports from ops, without `ops` itself."""
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (tuple(name.split(".")[1:]) for name in names if name.startswith("ops."))


def place(file: Path) -> tuple[str, ...]:
    return file.relative_to(OPS).with_suffix("").parts


def test_every_family_is_in_the_order() -> None:
    assert {family(place(file)) for file in MODULES} - {"__init__"} == set(ORDER)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: "/".join(place(file)))
def test_a_module_imports_only_its_own_and_earlier_families(file: Path) -> None:
    own = family(place(file))
    allowed = ORDER[: ORDER.index(own) + 1] if own in ORDER else ()
    assert [name for name in imports(file) if family(name) not in allowed] == []


@pytest.mark.parametrize("file", sorted((OPS / "cli").glob("*.py")), ids=lambda file: file.stem)
def test_a_command_imports_no_other_command(file: Path) -> None:
    assert [name for name in imports(file) if name[0] == "cli" and name[1] != "options"] == []


def test_commands_start_without_the_packages_of_kubernetes() -> None:
    code = "import sys; sys.modules['kubernetes'] = None; import ops.__main__; import ops.stack.engines.engine"
    subprocess.run([sys.executable, "-c", code], cwd=OPS.parent, check=True)
