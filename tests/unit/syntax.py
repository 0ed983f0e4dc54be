"""The syntax trees of source files, for tests of what imports what."""

import ast
from functools import cache
from pathlib import Path


@cache
def imports(file: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """Return the import statements of a file, inside of functions too."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return tuple(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
