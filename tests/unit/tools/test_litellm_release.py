"""The file of a release is written from what its image says."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from tools import litellm_release
from tools.litellm_release import READER, file_of, main, read, text

SAID: dict[str, object] = {"release": "1.108.7", "providers": ["openai"], "modes": ["chat"]}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the releases; the image says SAID."""
    monkeypatch.setattr(litellm_release, "FOLDER", tmp_path)
    monkeypatch.setattr(litellm_release, "read", lambda _: SAID)
    return tmp_path


def test_the_file_has_the_minor_version_as_its_name() -> None:
    assert file_of("1.108.7").name == file_of("1.108.14").name == "1.108.json"


def test_the_file_has_one_name_a_line() -> None:
    assert json.loads(text(SAID)) == SAID
    assert '  "openai"' in text(SAID).splitlines()


def test_a_release_is_written_and_then_up_to_date(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main("litellm:1.108.7")
    assert (folder / "1.108.json").read_text() == text(SAID)
    main("litellm:1.108.7", check=True)
    assert capsys.readouterr().out == f"wrote {folder}/1.108.json\n"


@pytest.mark.parametrize("old", [None, text(SAID | {"modes": []})])
def test_a_file_that_differs_fails_the_check_and_stays(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str | None
) -> None:
    if old is not None:
        (folder / "1.108.json").write_text(old)
    with pytest.raises(typer.Exit):
        main("litellm:1.108.7", check=True)
    assert "run `python -m tools.litellm_release litellm:1.108.7`" in capsys.readouterr().out
    assert [file.read_text() for file in folder.iterdir()] == ([] if old is None else [old])


def test_the_reader_runs_in_the_image_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[Any] = []

    def ended(command: tuple[str, ...], **options: Any) -> subprocess.CompletedProcess[str]:
        run.extend((command, options))
        return subprocess.CompletedProcess(command, 0, stdout=json.dumps(SAID), stderr="")

    monkeypatch.setattr(subprocess, "run", ended)
    assert read("litellm:1.108.7") == SAID
    command, options = run
    assert {"--network=none", "litellm:1.108.7"} <= set(command)
    assert options["input"] == READER.read_text()
