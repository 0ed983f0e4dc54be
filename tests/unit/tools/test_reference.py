"""The reference lists every setting and model, and the documents hold it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from components.models.catalog import CatalogueEntry, load_catalogue
from components.settings.base import Section
from components.stack.settings import CATALOGUE, Settings
from ops.errors import OperationError
from ops.stack.project import PROJECT
from tools.reference import Action, main, models_text, settings_text, update_reference
from tools.setting_table import PREFIX, Row, one_line, own_rows, tables

PLACES = ("README.md", "docs/configuration.md")
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
            yield from settings_in(found[0], (*path, name))
        else:
            yield (*path, name), field


def row_of(path: tuple[str, ...]) -> Row:
    *groups, name = path
    if groups:
        heading, key = f"`{PREFIX}{groups[0]}`", ".".join(path[1:])
        heading += f" → `{'.'.join(groups[1:])}`" if groups[1:] else ""
    else:
        heading, key = f"`{PREFIX}`", f"{PREFIX}{name}"
    (row,) = (row for table in tables(Settings) if table.title == heading for row in table.rows if row.key == key)
    return row


SETTINGS = dict(settings_in(Settings))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copies of the documents."""
    for place in PLACES:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / place, tmp_path / place)
    return tmp_path


def test_the_documents_hold_what_the_code_says() -> None:
    update_reference(Action.CHECK)


def test_the_command_line_prints_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert "| `gateway:protect` |" in capsys.readouterr().out


def test_check_and_write_exclude_each_other() -> None:
    with pytest.raises(SystemExit):
        main(["--check", "--write"])


@pytest.mark.parametrize("path", SETTINGS, ids=".".join)
def test_every_setting_is_listed_under_its_group_with_a_text(path: tuple[str, ...]) -> None:
    text = SETTINGS[path].description
    assert text
    assert row_of(path).text == one_line(text)


@pytest.mark.parametrize("path", SETTINGS, ids=".".join)
def test_every_bound_of_a_setting_is_shown(path: tuple[str, ...]) -> None:
    stated, shown = stated_bounds(SETTINGS[path]), row_of(path).bounds
    assert bool(stated) is bool(shown)
    words = shown.replace("`", " ").replace(",", " ").split()
    assert [bound for bound in stated if bound not in words] == []


def test_the_bounds_of_settings_are_found_by_this_test_too() -> None:
    assert stated_bounds(SETTINGS["litellm", "replicas"]) == ["1", "16"]
    assert stated_bounds(SETTINGS["postgres", "max_connections"]) == ["20", "2000"]


@pytest.mark.parametrize("path", SETTINGS, ids=".".join)
def test_the_default_shown_is_what_a_stack_without_the_setting_gets(path: tuple[str, ...]) -> None:
    found: Any = Settings.model_validate({"images": {"source": "official"}})
    for name in path:
        found = getattr(found, name)
    shown = yaml.safe_load(row_of(path).default.strip("`"))
    assert path == ("images", "source") or shown == ("none" if found in ({}, ()) else found)


def test_every_group_says_what_it_is() -> None:
    assert all(table.text for table in tables(Settings))


def test_a_default_is_the_groups_own_where_it_differs_from_the_classs() -> None:
    class Cache(Section):
        """A cache."""

        size: int = Field(1, ge=0)
        """MiB."""

    class Whole(Section):
        """A whole."""

        cache: Cache = Cache(size=7)
        """Its cache."""

    text = settings_text(Whole)
    assert "Its cache." in text
    assert "| `size` | whole number | at least 0 | `7` | MiB. |" in text


def test_a_pattern_with_a_bar_stays_in_its_cell() -> None:
    class Choice(Section):
        """A choice."""

        word: str = Field("a", pattern="^(a|b)$")
        """A or b."""

    assert r"matches `^(a\|b)$`" in settings_text(Choice)


def test_every_key_of_a_models_file_is_listed_with_a_text() -> None:
    found = own_rows(CatalogueEntry)
    assert [row.key for row in found] == list(CatalogueEntry.model_fields)
    assert all(row.text for row in found)


def test_every_model_is_listed_with_its_key_and_address() -> None:
    catalogue = load_catalogue(CATALOGUE)
    lines = models_text(catalogue).splitlines()[2:]
    assert len(lines) == len(list(CATALOGUE.glob("*.yaml")))
    for line, (name, entry) in zip(lines, catalogue.items(), strict=True):
        assert line.startswith(f"| `{name}` | {entry.provider} | {entry.mode} |")
        assert (entry.key or "none") in line
        assert (entry.served_at or "the provider's own address") in line


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_document_fails_the_check_until_it_is_written_again(project: Path, place: str) -> None:
    file = project / place
    before = file.read_text()
    row = next(line for line in before.split("begin -->\n")[1].splitlines() if line.startswith("| `"))
    file.write_text(before.replace(row, row.replace("`", "`x", 1)))
    with pytest.raises(OperationError, match=rf"^{file.name} is out of date: run `python -m tools.reference --write`$"):
        update_reference(Action.CHECK, project)
    update_reference(Action.WRITE, project)
    update_reference(Action.CHECK, project)
    assert file.read_text() == before


def test_a_document_without_a_place_for_it_is_refused_by_name(project: Path) -> None:
    (project / "README.md").write_text("# Gateway\n")
    with pytest.raises(OperationError, match=r"^README\.md: the lines `<!-- models: begin -->` .* are missing"):
        update_reference(Action.WRITE, project)
