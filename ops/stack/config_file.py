"""A stack's configuration file: read its settings, and change some without losing comments, order or layout."""

import json
from collections.abc import Mapping
from io import StringIO
from typing import Any

from pulumi import RunError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import CommentMark
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.tokens import CommentToken

from components.engine.engine import EngineKind
from components.images.policy import Pinning
from components.stack.read import parse
from components.stack.settings import Settings
from ops.errors import OperationError
from ops.stack.project import PROJECT_NAME, parse_document

IMAGES = f"{PROJECT_NAME}:images"
PROTECT = f"{PROJECT_NAME}:protect"
ENGINE = f"{PROJECT_NAME}:engine"
KUBERNETES = f"{PROJECT_NAME}:kubernetes"
MASTER_KEY_GENERATION = f"{PROJECT_NAME}:master_key_generation"

SettingPath = tuple[str, ...]
"""Keys below `config:`, e.g. ("gateway:images", "litellm")."""


def parse_config(text: str) -> dict[str, Any]:
    """Return all settings of a file by their full keys, e.g. `gateway:images`."""
    return dict(parse_document(text).get("config") or {})


def is_protected(text: str) -> bool:
    """Return whether a file protects its stack's data. Pulumi writes `true` or `"true"`."""
    return str(parse_config(text).get(PROTECT)).lower() == "true"


def engine_of(text: str) -> str:
    """Return the engine that a file chooses."""
    return str(parse_config(text).get(ENGINE, EngineKind.DOCKER.value))


def master_key_generation(text: str) -> int:
    """Return the number of the master key that a file asks for.

    Raises:
        OperationError: if it is none.
    """
    given = parse_config(text).get(MASTER_KEY_GENERATION, 1)
    try:
        return int(given)
    except (TypeError, ValueError) as error:
        raise OperationError(f"master_key_generation: should be a whole number, not {given!r}") from error


def settings_without_secrets(text: str) -> Settings:
    """Return the settings of a file with placeholders for secrets and without its demand for image digests.

    So a file can be read without the passphrase, and before its images are locked.

    Raises:
        OperationError: if a setting is wrong, e.g. it names a LiteLLM release that must not run.
    """
    values = parse_config(text)
    images = values.get(IMAGES) or {}
    if isinstance(images, dict):
        values[IMAGES] = {**images, "pinning": Pinning.ANY.value}
    try:
        return parse({key: _json(key, value) for key, value in values.items()}, PROJECT_NAME)
    except RunError as error:
        raise OperationError(str(error)) from error


def with_values(text: str, values: Mapping[SettingPath, str | int]) -> str:
    """Return the file with these settings; new ones are added at the end of their group."""
    yaml = _yaml()
    document = yaml.load(text) or CommentedMap()
    for path, value in values.items():
        _set(document, ("config", *path), value)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def flatten(path: str, value: Any) -> dict[str, str]:
    """Return each single value below a setting by its path, e.g. `gateway:litellm.replicas`; a list is one value."""
    if isinstance(value, dict) and value:
        return {deeper: text for key, each in value.items() for deeper, text in flatten(f"{path}.{key}", each).items()}
    return {path: value if isinstance(value, str) else json.dumps(value)}


def _json(key: str, value: Any) -> str:
    try:
        # What JSON lacks, such as a date, is a text for Pulumi too.
        return json.dumps(_without_secrets(value), default=str)
    except RecursionError as error:
        raise OperationError(f"{key}: refers to itself, or is nested too deeply") from error


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    if not isinstance(value, dict):
        return value
    return "encrypted" if "secure" in value else {str(key): _without_secrets(each) for key, each in value.items()}


class _Representer(RoundTripRepresenter):
    def represent_none(self, _: None) -> Any:
        """Write null as a word; ruamel writes nothing at all."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_none)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _set(holder: CommentedMap, path: SettingPath, value: str | int) -> None:
    key, *below = path
    if below and holder.get(key) is not None:
        _set(holder[key], tuple(below), value)
    elif key in holder and not below:
        holder[key] = value
    else:
        new: CommentedMap | str | int = value
        for group in reversed(below):
            new = CommentedMap({group: new})
        comment = _cut_comment_below(holder)
        holder[key] = new
        _put_comment_below(holder, comment)


def _cut_comment_below(group: CommentedMap) -> str:
    """Remove and return the comment below the last setting of a group: it belongs to what follows the group."""
    holder, last = _last(group)
    tokens = holder.ca.items.get(last)
    if not tokens or not tokens[2]:
        return ""
    beside, _, below = tokens[2].value.partition("\n")
    if beside:
        tokens[2].value = f"{beside}\n"
    else:
        del holder.ca.items[last]
    return f"\n{below}" if below else ""


def _put_comment_below(group: CommentedMap, comment: str) -> None:
    holder, last = _last(group)
    if comment:
        holder.ca.items[last] = [None, None, CommentToken(comment, CommentMark(0), None), None]


def _last(group: CommentedMap) -> tuple[CommentedMap, str]:
    """Return the last setting of a group, however deep, and the map that holds it."""
    key = next(reversed(group), "")
    value = group.get(key)
    return _last(value) if isinstance(value, CommentedMap) and value else (group, key)
