"""A docker-compose.yml."""

from pathlib import Path

import pytest

from ops.adopt.old.compose import read_compose
from ops.errors import OperationError


def write(folder: Path, text: str) -> Path:
    file = folder / "compose.yaml"
    file.write_text(text)
    return file


def test_a_list_of_variables_is_read_as_names_and_values(tmp_path: Path) -> None:
    text = "services:\n  litellm:\n    environment:\n      - A=${X}\n      - B\n"
    found = read_compose(write(tmp_path, text), {"X": "1"})
    path = ("services", "litellm", "environment")
    assert found.litellm["environment"] == {"A": "1", "B": None}
    assert found.file.line((*path, "A")) == 4
    assert found.uses[(*path, "A")] == {"X"}
    assert found.leaves() == [(*path, "A"), (*path, "B")]


@pytest.mark.parametrize(
    ("services", "name"),
    [
        ("{proxy: {image: ghcr.io/berriai/litellm:v1}, db: {image: postgres}}", "proxy"),
        ("{proxy: {build: ., command: --config c.yaml}, db: {image: postgres}}", "proxy"),
        ("{litellm: {build: .}, db: {image: postgres}}", "litellm"),
    ],
)
def test_the_service_that_runs_litellm_is_found(tmp_path: Path, services: str, name: str) -> None:
    assert read_compose(write(tmp_path, f"services: {services}"), {}).service == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: b", "is no Compose file: it has no services"),
        ("services: {db: {image: postgres}}", "one service should run LiteLLM; none does"),
        ("services: {a: {image: litellm}, b: {image: litellm}}", "one service should run LiteLLM; a, b do"),
        ("services: {a: {image: 'litellm:${TAG:?}'}}", "TAG is required and not set"),
        ("a: [", "should be YAML: line 2, "),
        ("services: &all {litellm: *all}", "should not refer to itself"),
        ("services: {}\nservices: {}", "line 2, column 1: the key stands twice; remove one of the two"),
        ("- a", "should hold keys and values"),
    ],
)
def test_another_file_is_refused_in_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(OperationError) as refused:
        read_compose(write(tmp_path, text), {})
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
