"""What source files import, for tests of what may import what."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.unit.program import PROJECT


@cache
def imports(file: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Return the import statements of a file, inside of functions too."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


def imported(file: Path) -> Iterator[tuple[str, ...]]:
    """Return the modules and names that a file imports, each as its parts."""
    for node in imports(file):
        if isinstance(node, ast.Import):
            yield from (tuple(name.name.split(".")) for name in node.names)
        else:
            # A relative import begins in the file's own folder.
            start = file.relative_to(PROJECT).parent.parts
            base = start[: len(start) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            yield from ((*module, name.name) for name in node.names)
