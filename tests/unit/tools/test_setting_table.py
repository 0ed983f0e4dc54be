"""The tables list every setting with its path, bounds, default and text."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from components.models.model import ModelFile
from components.stack.settings import Settings
from tools.setting_table import PREFIX, Row, one_line, own_rows, tables

TABLES = tables(Settings)
BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")


def stated_bounds(field: FieldInfo) -> list[str]:
    """Give the bounds of a setting, and of each type it may be of."""
    annotated = [part for kind in get_args(field.annotation) for part in getattr(kind, "__metadata__", ())]
    parts = [inner for part in annotated for inner in getattr(part, "metadata", ())]
    return [str(getattr(part, bound)) for part in (*field.metadata, *parts) for bound in BOUNDS if hasattr(part, bound)]


def groups_in(field: FieldInfo) -> list[type[BaseModel]]:
    kinds = (field.annotation, *get_args(field.annotation))
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def settings_in(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Walk the classes themselves, so that what the reference leaves out is noticed."""
    for name, field in model.model_fields.items():
        if found := groups_in(field):
            entries = "[]" if get_origin(field.annotation) is tuple else ""
            yield from settings_in(found[0], (*path, f"{name}{entries}"))
        else:
            yield (*path, name), field


def group_at(path: tuple[str, ...]) -> type[BaseModel]:
    """Return the class of the group at a path."""
    group: type[BaseModel] = Settings
    for name in path:
        (group,) = groups_in(group.model_fields[name.removesuffix("[]")])
    return group


def row_of(path: tuple[str, ...]) -> Row:
    *groups, name = path
    if groups:
        heading, key = f"`{PREFIX}{groups[0]}`", ".".join(path[1:])
        heading += f" → `{'.'.join(groups[1:])}`" if groups[1:] else ""
    else:
        heading, key = f"`{PREFIX}`", f"{PREFIX}{name}"
    (row,) = (row for table in TABLES if table.title == heading for row in table.rows if row.key == key)
    return row


def default_of(path: tuple[str, ...]) -> Any:
    """Return what a stack without the setting gets."""
    found: Any = Settings.model_validate({"images": {"source": "official"}})
    for depth, name in enumerate(path):
        # A group that is null or must be given has the defaults of its class where it is set.
        holder = group_at(path[:depth]).model_construct() if found in (None, (), REQUIRED) else found
        found = getattr(holder, name.removesuffix("[]"), REQUIRED)
    default = list(found) if isinstance(found, tuple) else found
    return "none" if default in ({}, []) else default


SETTINGS = dict(settings_in(Settings))
ROWS = {path: row_of(path) for path in SETTINGS}
REQUIRED = "required"


def test_every_setting_is_listed_under_its_group_with_a_text() -> None:
    assert len(ROWS) > 150
    assert {path: row.text for path, row in ROWS.items()} == {
        path: one_line(field.description or "should say what it is for") for path, field in SETTINGS.items()
    }


def test_every_bound_of_a_setting_is_shown() -> None:
    for path, field in SETTINGS.items():
        stated, shown = stated_bounds(field), ROWS[path].bounds
        assert bool(stated) is bool(shown), path
        words = shown.replace("`", " ").replace(",", " ").split()
        assert [bound for bound in stated if bound not in words] == [], path


def test_the_bounds_of_settings_are_found_by_this_test_too() -> None:
    assert stated_bounds(SETTINGS["litellm", "replicas"]) == ["1", "16"]
    assert stated_bounds(SETTINGS["postgres", "max_connections"]) == ["20", "2000"]


def test_the_default_shown_is_what_a_stack_without_the_setting_gets() -> None:
    given = ("images", "source")
    assert {path: yaml.safe_load(row.default.strip("`")) for path, row in ROWS.items() if path != given} == {
        path: default_of(path) for path in SETTINGS if path != given
    }


def test_keys_of_litellm_s_own_are_a_kind_of_their_own() -> None:
    kinds = {row.key: row.kind for row in own_rows(ModelFile)}
    assert (kinds["model_info"], kinds["deployments"]) == ("keys and values", "list of keys and values")
    assert kinds["aliases"] == "list of texts"


def test_every_group_says_what_it_is() -> None:
    assert all(table.text for table in TABLES)


def test_every_key_of_a_models_file_is_listed_with_a_text() -> None:
    found = own_rows(ModelFile)
    assert [row.key for row in found] == list(ModelFile.model_fields)
    assert all(row.text for row in found)
