"""A stack is known by its configuration file."""

from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.stack.project import configuration_file, read_configuration, stack_names
from tests.unit.program import PROJECT, STACKS


def test_every_stack_is_listed() -> None:
    assert set(STACKS) <= set(stack_names())


def test_a_stack_with_a_dot_in_its_name_is_listed_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (file := tmp_path / "Pulumi.eu.prod.yaml").touch()
    monkeypatch.setattr("ops.stack.project.CONFIGURATION", tmp_path)
    assert stack_names() == ["eu.prod"]
    assert configuration_file("eu.prod") == file


@pytest.mark.parametrize("name", STACKS)
def test_each_stack_has_its_configuration(name: str) -> None:
    assert configuration_file(name) == PROJECT / "stacks" / f"Pulumi.{name}.yaml"


def test_an_unknown_stack_is_refused_with_those_there_are() -> None:
    with pytest.raises(OperationError) as caught:
        configuration_file("production")
    assert str(caught.value).startswith("stack production: there is no stacks/Pulumi.production.yaml; stacks are ")
    assert set(STACKS) <= set(str(caught.value).rpartition("stacks are ")[2].split(", "))


@pytest.mark.parametrize("name", ["a/b", "", "dev\n", "a" * 300])
def test_what_is_no_name_of_a_stack_is_refused(name: str) -> None:
    with pytest.raises(OperationError, match="a name has letters, digits"):
        configuration_file(name)


@pytest.mark.parametrize("name", STACKS)
def test_configuration_of_each_stack_is_read_as_it_is(name: str) -> None:
    assert read_configuration(configuration_file(name)) == configuration_file(name).read_text()


@pytest.mark.parametrize("text", ["", "# Nothing yet.\n", "config:\n", "encryptionsalt: v1:abc=\n"])
def test_a_configuration_without_settings_is_read(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "Pulumi.test.yaml").write_text(text)
    assert read_configuration(file) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"config:\n<<<<<<< HEAD\n  gateway:a: 1\n", "should be YAML: line 3, column 12: could not find"),
        (b"config:\n\tgateway:a: 1\n", "should be YAML: line 2, column 1: found character "),
        (b"config:\n  gateway:a: 2024-13-45\n", "should be YAML: it holds bytes or values that YAML does not allow"),
        (b"config:\n  gateway:a: hush\n  gateway:a: 2\n", "should be YAML: line 3: the key stands twice"),
        (b"[" * 5000, "should be nested less deeply"),
        (b"- config\n", "should hold `config:`, and below it settings"),
        (b"config: official\n", "should hold `config:`, and below it settings"),
        (b"config:\n  1: official\n", "should hold `config:`, and below it settings"),
        ("config:\n  gateway:a: \u00e4\n".encode("latin-1"), "is not a text in UTF-8"),
        (None, "cannot be read: no such file or directory"),
    ],
    ids=["conflict", "tab", "date", "twice", "nested", "list", "text", "number", "latin-1", "missing"],
)
def test_a_malformed_configuration_is_refused_by_its_name(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "Pulumi.test.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OperationError) as caught:
        read_configuration(file)
    assert str(caught.value).startswith(f"{file} {reason}")
    assert "hush" not in str(caught.value)
