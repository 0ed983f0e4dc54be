"""The reference lists every setting and model, and the documents hold it."""

import shutil
from pathlib import Path

import pytest
from pydantic import Field

from components.models.catalog import load_catalogue
from components.settings.base import Section
from components.stack.settings import CATALOGUE
from ops.errors import OperationError
from ops.stack.project import PROJECT
from tools.reference import Action, main, models_text, settings_text, update_reference

PLACES = ("README.md", "docs/configuration.md")


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
