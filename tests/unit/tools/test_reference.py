"""The reference lists every setting and model, and the documents hold it."""

import shutil
from pathlib import Path

import pytest
from pydantic import Field

from components.models.catalog import FOLDER, load_catalogue
from components.models.model import ModelFile, model_of
from components.releases.release import release_for
from components.settings.base import SettingsModel
from ops.errors import OperationError
from ops.stack.project import PROJECT
from tools.reference import Action, main, models_text, settings_text, update_reference

PLACES = ("docs/models.md", "docs/configuration.md", "docs/monitoring.md")


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
    class Cache(SettingsModel):
        """A cache."""

        size: int = Field(1, ge=0)
        """MiB."""

    class Whole(SettingsModel):
        """A whole."""

        cache: Cache = Cache(size=7)
        """Its cache."""

    text = settings_text(Whole)
    assert "Its cache." in text
    assert "| `size` | whole number | at least 0 | `7` | MiB. |" in text


def test_a_pattern_with_a_bar_stays_in_its_cell() -> None:
    class Choice(SettingsModel):
        """A choice."""

        word: str = Field("a", pattern="^(a|b)$")
        """A or b."""

    assert r"matches `^(a\|b)$`" in settings_text(Choice)


def test_every_model_is_listed_with_its_key_and_address() -> None:
    catalogue = load_catalogue(release_for(None))
    lines = models_text(catalogue).splitlines()[2:]
    assert len(lines) == len(list(FOLDER.glob("*.yaml")))
    for line, (name, model) in zip(lines, catalogue.items(), strict=True):
        assert line.startswith(f"| `{name}` | {model.provider} | {model.mode} |")
        assert (model.keys[0] if model.keys else "none") in line
        assert model.deployments[0].params.get("api_base", "the provider's own") in line


def test_each_deployment_of_a_model_has_a_line() -> None:
    given = {"model": "gpt-4o", "deployments": [{"provider": "azure"}, {"provider": "groq"}]}
    model = model_of("gpt", ModelFile.model_validate(given), release_for(None))
    assert models_text({"gpt": model}).splitlines()[2:] == [
        "| `gpt` | azure | chat | none | the provider's own |",
        "| `gpt` | groq | chat | none | the provider's own |",
    ]


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_document_fails_the_check_until_it_is_written_again(project: Path, place: str) -> None:
    file = project / place
    before = file.read_text()
    row = [line for line in before.split("begin -->\n")[1].splitlines() if line.startswith("| ")][-1]
    file.write_text(before.replace(row, f"{row} by hand |"))
    with pytest.raises(OperationError, match=rf"^{file.name} is out of date: run `python -m tools.reference --write`$"):
        update_reference(Action.CHECK, project)
    update_reference(Action.WRITE, project)
    update_reference(Action.CHECK, project)
    assert file.read_text() == before


def test_a_document_without_a_place_for_it_is_refused_by_name(project: Path) -> None:
    (project / "docs" / "models.md").write_text("# Models\n")
    with pytest.raises(OperationError, match=r"^models\.md: the lines `<!-- models: begin -->` .* are missing"):
        update_reference(Action.WRITE, project)
