"""Whatever stands in the old files, the end is a stack or one sentence.

`make verify-configuration` makes 2,000 edits; GATEWAY_FUZZ_EDITS makes more.
"""

import copy
import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.adopt.build import build, read_files
from ops.adopt.check import check
from ops.adopt.table import UNKNOWN, outcome, table
from ops.errors import OperationError

INPUTS = sorted((Path(__file__).parent / "inputs").glob("*.yaml"))
VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, "", "text", [], {}, [{}], [1], {"a": {"b": 1}}),
    *("${X:-1}", "os.environ/NOPE", "os.environ/", "sk-0123456789abcdef0123"),
]
EDITS = int(os.environ.get("GATEWAY_FUZZ_EDITS", "150")) // len(INPUTS)
"""Of each input."""


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each container below a value with each of its keys."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *places(value[key]))]


def edited(document: Any, chance: random.Random) -> Any:
    document = copy.deepcopy(document)
    found = places(document)
    if not found:
        return document
    holder, key = chance.choice(found)
    match chance.randrange(3):
        case 0:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        case 1:
            del holder[key]
        case _ if isinstance(holder, dict):
            holder[f"{key}x"] = holder.pop(key)
        case _:
            holder.append(copy.deepcopy(holder[key]))
    return document


def adopt(given: dict[str, Path], folder: Path) -> None:
    old = read_files(given["config"], given.get("env"), given.get("compose"))
    draft = build("mine", old, folder, given.get("env"))
    keys = old.keys()
    assert [path for name in keys for path, _ in keys[name] if outcome(draft, name, path) == UNKNOWN] == []
    table(draft, keys)
    check(draft)


@pytest.mark.parametrize("file", INPUTS, ids=lambda file: file.stem)
def test_an_edit_ends_in_a_stack_or_in_one_sentence(file: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(file.read_text())
    chance = random.Random(file.stem)  # noqa: S311 - the same edits each time
    paths = {"config": tmp_path / "config.yaml", "env": tmp_path / ".env", "compose": tmp_path / "docker-compose.yml"}
    for kind, path in paths.items():
        if kind in case:
            path.write_text(case[kind])
    given = {kind: path for kind, path in paths.items() if kind in case}
    for _ in range(EDITS):
        kind = chance.choice([kind for kind in given if kind != "env"])
        given[kind].write_text(yaml.safe_dump(edited(yaml.safe_load(case[kind]), chance)))
        with suppress(OperationError):
            adopt(given, tmp_path)
        given[kind].write_text(case[kind])
