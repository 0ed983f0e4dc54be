"""Where the old data come from."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.__main__ import app
from ops.adopt.adopt import adopt_files, read_secret, source_of
from ops.errors import OperationError
from ops.stack.engines.docker import DockerStack


def test_no_data_have_no_source() -> None:
    assert source_of("mine", None, None) is None


def test_a_url_on_the_command_line_is_refused_without_showing_it() -> None:
    with pytest.raises(OperationError) as refused:
        source_of("mine", None, "postgresql://a:secret@b/c")
    assert "secret" not in str(refused.value)


def test_dump_and_server_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="either"):
        source_of("mine", tmp_path, "file")


def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-1\nmore\n")
    assert read_secret(tmp_path / "key") == "sk-1"


def test_a_command_without_anything_to_do_is_refused() -> None:
    result = CliRunner().invoke(app, ["adopt", "mine"])
    assert isinstance(result.exception, OperationError)


def test_a_new_stack_needs_no_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "any")
    monkeypatch.setattr(DockerStack, "objects", lambda _: ())
    with pytest.raises(OperationError, match=r"config\.yaml"):
        adopt_files("not-yet-written", tmp_path / "config.yaml", None, None, yes=True)
