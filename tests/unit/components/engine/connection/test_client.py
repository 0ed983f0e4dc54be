"""An engine that does not answer, or is not used, is one sentence with its cure."""

import socket
from pathlib import Path

import pytest
from docker.errors import APIError, DockerException

from components.engine.connection.client import EngineRefused, connect, unreachable, unreachable_sentence
from components.engine.connection.endpoint import DEFAULT, Endpoint

NO_ROOTLESS = {"XDG_RUNTIME_DIR": "/nonexistent"}


@pytest.mark.parametrize(
    ("reason", "cure"),
    [
        ("('Connection aborted.', PermissionError(13, 'Permission denied'))", "sudo usermod -aG docker $USER"),
        ("('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))", "systemctl start docker"),
        ("UnixHTTPConnectionPool: Read timed out. (read timeout=15)", "does not answer in time; see `journalctl"),
        ("HTTPSConnectionPool: Connection refused", "or set DOCKER_HOST"),
    ],
)
def test_silent_engine_is_named_with_the_cure(reason: str, cure: str) -> None:
    sentence = unreachable_sentence(reason, DEFAULT, NO_ROOTLESS)
    assert sentence.startswith("Docker: ")
    assert cure in sentence
    assert "rootless" not in sentence


def test_engine_that_was_named_is_named_back() -> None:
    named = Endpoint("unix:///tmp/none.sock", "DOCKER_HOST")
    sentence = unreachable_sentence("refused", named, NO_ROOTLESS)
    assert sentence.endswith("; DOCKER_HOST names unix:///tmp/none.sock")


def test_rootless_engine_beside_a_silent_default_is_offered(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "docker.sock"))
        sentence = unreachable_sentence("refused", DEFAULT, {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert sentence.endswith(f"`export DOCKER_HOST=unix://{tmp_path}/docker.sock`")


def test_engine_on_another_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://nobody@localhost")
    with pytest.raises(EngineRefused) as caught:
        connect()
    assert unreachable(caught.value) == str(caught.value)
    assert str(caught.value).startswith("DOCKER_HOST: ssh://nobody@localhost is not a socket of this machine")


def test_what_the_engine_refuses_is_in_its_words() -> None:
    assert unreachable(APIError("500", explanation="disk quota exceeded")) == "Docker refused: disk quota exceeded"


def test_client_asks_the_engine_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(DockerException, match="No such file or directory"):
        connect()
