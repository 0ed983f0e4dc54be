"""Random edits of valid configurations end in acceptance or in sentences, and no secret is ever repeated.

`make verify-configuration` makes 2,000; GATEWAY_FUZZ_EDITS and GATEWAY_FUZZ_SEED make more, and others.
"""

import json
import os
import random
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.litellm.environment import environment
from components.stack.checks.warnings import warnings
from components.stack.settings import SECRET_SETTINGS, Settings
from tests.configurations.configuration import NAMES, Configuration, read, rendered

EDITS = int(os.environ.get("GATEWAY_FUZZ_EDITS", "200"))
SEED = int(os.environ.get("GATEWAY_FUZZ_SEED", "16"))
PARTS = 20
"""Each has a seed of its own, so that a failure can be repeated quickly."""
BASES = [read(name) for name in NAMES if name != "modes"]
SECRETS = (
    "sk-0123456789abcdefUNSEEN",
    "ghp_0123456789abcdefghijUNSEEN",
    "AKIA0123456789UNSEEN",
    "https://user:UNSEEN@host.example/path",
    "Bearer 0123456789UNSEEN",
    "eyJhbGciOiJIUzI1.eyJzdWIUNSEEN.c2lnbmF0dXJl",
    "-----BEGIN PRIVATE KEY-----\nMIIEUNSEEN\n-----END PRIVATE KEY-----",
)
"""All look like one."""
SCALARS = (
    *(None, True, False, 0, -1, 1, 7, 2**40, 0.5, 1e308, "", " ", "*", "a", "true", "5", "1e-6", "2024-10-21", "a\nb"),
    *("é\u2028", "os.environ/", "os.environ/a", "os.environ/MISSING", "Bearer os.environ/MISSING", "openai/gpt"),
    *("x" * 300, "$(reboot)"),
)  # fmt: skip
KEYS = ("a", "", "a\nb", "api_key", "model", "unchecked", "weight", "[0]", "mode", "name", "deployments", "model_info")
OPEN = set(SECRET_SETTINGS)
"""Settings that hold secrets: they are encrypted."""

Tree = dict[str, Any] | list[Any]


def places(tree: Tree, *, skipped: set[str] = OPEN) -> list[tuple[Tree, Any]]:
    """Return each place of a tree: its holder and its key."""
    found: list[tuple[Tree, Any]] = []
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if key not in skipped:
            found.append((tree, key))
            if isinstance(value, (dict, list)):
                found += places(value, skipped=skipped)
    return found


def some_value(chance: random.Random) -> Any:
    match chance.randrange(6):
        case 0:
            return [chance.choice(SCALARS) for _ in range(chance.randrange(3))]
        case 1:
            return {chance.choice(KEYS): chance.choice(SCALARS)}
        case 2:
            return chance.choice(SECRETS)
        case _:
            return chance.choice(SCALARS)


def misspelt(chance: random.Random, word: str) -> str:
    if len(word) < 2:
        return word + "x"
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def edit(chance: random.Random, tree: dict[str, Any]) -> None:
    """Change one place of a tree: its value, its name, or what stands beside or in it."""
    found = places(tree)
    if not found:
        return
    holder, key = chance.choice(found)
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[misspelt(chance, str(key))] = holder.pop(key)
        case 2 if isinstance(holder, dict):
            holder[chance.choice((*KEYS, *SECRETS))] = some_value(chance)
        case 3:
            holder[key] = chance.choice(SECRETS)
        case 4:
            other, there = chance.choice(found)
            holder[key] = deepcopy(other[there])
        case _:
            holder[key] = some_value(chance)


def edited(chance: random.Random) -> Configuration:
    given = deepcopy(chance.choice(BASES))
    given.stack.setdefault("litellm", {}).setdefault("config", {})
    tree: dict[str, Any] = {"stack": given.stack, "models": given.models}
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        edit(chance, tree)
    stack, models = tree.get("stack"), tree.get("models")
    if not isinstance(stack, dict) or not isinstance(models, dict):
        return given
    return replace(given, stack=stack, models=models)


def file_name(name: str) -> str:
    return "secret" if "UNSEEN" in name else "".join(letter for letter in name if letter.isalnum()) or "a"


def outcome(given: Configuration, folder: Path) -> str:
    """Return why a configuration is refused; an empty text when all of it is accepted and rendered."""
    litellm = given.stack.get("litellm")
    # Own Python has its place in the settings only where there are some.
    given = given if isinstance(litellm, dict) else replace(given, python={})
    models = {file_name(name): model for name, model in given.models.items()}
    try:
        stack = replace(given, models=models).settings(folder)
        warned = "\n".join(warnings(stack))
        written = rendered(stack)["config.yaml"]
    except pulumi.RunError as error:
        return str(error)
    assert "UNSEEN" not in warned + written + json.dumps(environment(stack.litellm)) + repr(stack)
    assert yaml.safe_load(written)["general_settings"]["master_key"] == "os.environ/LITELLM_MASTER_KEY"
    return ""


@pytest.fixture
def unseen() -> Callable[[str], None]:
    def check(sentences: str) -> None:
        assert "UNSEEN" not in sentences
        for line in sentences.split("\n"):
            path, colon, reason = line.partition(": ")
            assert path, line
            assert colon, line
            assert reason, line

    return check


@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits_end_in_acceptance_or_sentences(part: int, tmp_path: Path, unseen: Callable[[str], None]) -> None:
    chance = random.Random(f"{SEED}-{part}")  # noqa: S311
    begin, accepted, count = time.monotonic(), 0, EDITS // PARTS
    for number in range(count):
        given = edited(chance)
        try:
            refused = outcome(given, tmp_path / str(number))
            if refused:
                unseen(refused)
        except Exception as error:
            error.add_note(f"configuration: {given}")
            raise
        accepted += not refused
    print(f"{count} edits: {accepted} accepted, {time.monotonic() - begin:.1f} s")
    assert 0 < accepted < count


def test_unedited_configurations_are_accepted(tmp_path: Path) -> None:
    assert {outcome(given, tmp_path / str(number)) for number, given in enumerate(BASES)} == {""}


def test_settings_that_may_hold_secrets_are_not_edited() -> None:
    assert Settings.model_fields.keys() > OPEN
