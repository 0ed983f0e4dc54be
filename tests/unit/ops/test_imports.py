"""Families import in one direction, and commands are imported by nothing but the command line."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.unit.syntax import imported

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


def imported_of_ops(file: Path) -> Iterator[tuple[str, ...]]:
    """Return what a module imports from ops, without `ops` itself."""
    return (name[1:] for name in imported(file) if name[0] == "ops" and len(name) > 1)


def place(file: Path) -> tuple[str, ...]:
    return file.relative_to(OPS).with_suffix("").parts


def test_every_family_is_in_the_order() -> None:
    assert {family(place(file)) for file in MODULES} - {"__init__"} == set(ORDER)


def later_families(file: Path) -> list[tuple[str, ...]]:
    """Return what a module imports of families after its own."""
    own = family(place(file))
    allowed = ORDER[: ORDER.index(own) + 1] if own in ORDER else ()
    return [name for name in imported_of_ops(file) if family(name) not in allowed]


def test_modules_import_only_their_own_and_earlier_families() -> None:
    assert {place(file): later for file in MODULES if (later := later_families(file))} == {}


def test_a_command_imports_no_other_command() -> None:
    commands = {file.stem: list(imported_of_ops(file)) for file in (OPS / "cli").glob("*.py")}
    assert len(commands) > 10
    others = [(stem, name) for stem, names in commands.items() for name in names if name[0] == "cli"]
    assert [(stem, name) for stem, name in others if name[1] != "options"] == []


def test_commands_start_without_the_packages_of_kubernetes() -> None:
    code = "import sys; sys.modules['kubernetes'] = None; import ops.__main__; import ops.stack.engines.engine"
    subprocess.run([sys.executable, "-c", code], cwd=OPS.parent, check=True)
