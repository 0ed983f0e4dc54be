"""A stack's configuration file as text, changed without losing its comments, order and form."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import CommentMark
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.tokens import CommentToken

SettingPath = tuple[str, ...]
"""Keys below `config:`, e.g. ("gateway:images", "litellm")."""


def config(text: str) -> dict[str, Any]:
    """Give all settings that the text holds, by their full keys, e.g. `gateway:images`."""
    document = YAML(typ="safe").load(text) or {}
    return dict(document.get("config") or {})


def with_values(text: str, values: Mapping[SettingPath, str | int]) -> str:
    """Give the text with these settings; those that it lacks are put at the end of their group."""
    yaml = _yaml()
    document = yaml.load(text) or CommentedMap()
    for path, value in values.items():
        _set(document, ("config", *path), value)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()


class _Representer(RoundTripRepresenter):
    def represent_none(self, _: None) -> Any:
        """Write null as a word, not as nothing."""
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
    """Take away what stands below the last setting of a group: it is about what follows the group."""
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
    """Find the setting that stands last in a group, however deep."""
    key = next(reversed(group), "")
    value = group.get(key)
    return _last(value) if isinstance(value, CommentedMap) and value else (group, key)
