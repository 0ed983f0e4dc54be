"""Own Python that config.yaml names, such as `callbacks: hooks.handler`, goes with the stack."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.adopt.draft import Draft, Place
from ops.adopt.old.yaml_file import YamlFile
from ops.stack.project import read_text

NAME = re.compile(r"([A-Za-z_]\w*)(\.[A-Za-z_]\w*)+")
FOLDER = "python"


def carry_python(config: YamlFile, folder: Path, draft: Draft) -> None:
    """Put the modules beside config.yaml that it names into the draft, and those beside it that they import."""
    found: dict[str, str] = {}
    wanted = [match[1] for text in _texts(dict(config.values)) if (match := NAME.fullmatch(text))]
    while wanted:
        module = wanted.pop()
        file = folder / f"{module}.py"
        if file.name in found or not file.is_file():
            continue
        found[file.name] = read_text(file)
        wanted += _imports(found[file.name])
    if not found:
        return
    draft.files |= {f"{FOLDER}/{name}": text for name, text in sorted(found.items())}
    draft.settings.setdefault("litellm", {})["python_folder"] = f"{draft.folder}/{FOLDER}"
    draft.sources["litellm.python_folder"] = Place(config.name, (), 1)
    draft.notes.append(f"own Python is copied to {draft.folder}/{FOLDER}: {', '.join(sorted(found))}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _imports(text: str) -> list[str]:
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        # The stack's own check names the fault.
        return []
    plain = [alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [str(node.module).partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)]
