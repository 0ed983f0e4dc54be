"""A stack's own files beside config.yaml."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from components.litellm.own_files import MAX_KIB, own_files
from components.litellm.settings import LiteLLMSettings
from testbed.certificates import make


def certificate() -> str:
    """Return a certificate in PEM, without its key."""
    now = datetime.now(UTC)
    pem = make(now - timedelta(days=1), now + timedelta(days=9))
    end = "-----END CERTIFICATE-----"
    found = pem[pem.index("-----BEGIN CERTIFICATE") : pem.index(end) + len(end)] + "\n"
    assert x509.load_pem_x509_certificate(found.encode())
    return found


def with_python(project: Path, **files: str) -> dict[str, str]:
    (project / "hooks").mkdir(exist_ok=True)
    for name, text in files.items():
        (project / "hooks" / f"{name}.py").write_text(text)
    return own_files(LiteLLMSettings(python_folder="hooks"), project)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        call()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_stack_without_own_files_has_none(tmp_path: Path) -> None:
    assert own_files(LiteLLMSettings(), tmp_path) == {}


def test_python_of_the_folder_and_of_folders_in_it_is_read(tmp_path: Path) -> None:
    for place in ("hooks/guards/__pycache__", "hooks/__pycache__"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "hooks" / "guards" / "words.py").write_text("y = 2\n")
    (tmp_path / "hooks" / "__pycache__" / "old.py").write_text("(")
    (tmp_path / "hooks" / "notes.txt").write_text("not Python")
    assert with_python(tmp_path, start="x = 1\n") == {"guards/words.py": "y = 2\n", "start.py": "x = 1\n"}


def test_certificates_have_the_name_that_replicas_trust(tmp_path: Path) -> None:
    text = certificate()
    (tmp_path / "authorities.pem").write_text(text + text)
    assert own_files(LiteLLMSettings(ca_certificates="authorities.pem"), tmp_path) == {"ca.pem": text + text}


def test_folder_without_python_is_refused(tmp_path: Path) -> None:
    sentence = "litellm.python_folder: hooks holds no Python file"
    assert refusal(lambda: own_files(LiteLLMSettings(python_folder="hooks"), tmp_path)) == sentence
    assert refusal(lambda: with_python(tmp_path)) == sentence


@pytest.mark.parametrize("text", ["def (:\n", "x = \0\n"])
def test_text_that_is_no_python_is_refused(tmp_path: Path, text: str) -> None:
    found = refusal(lambda: with_python(tmp_path, hook=text))
    assert found.startswith("litellm.python_folder: hook.py is not valid Python: ")


def test_too_much_python_is_refused(tmp_path: Path) -> None:
    found = refusal(lambda: with_python(tmp_path, hook="#" * (MAX_KIB * 1024 + 1)))
    assert found == f"litellm.python_folder: hooks holds more than {MAX_KIB} KiB"


@pytest.mark.parametrize("setting", ["python_folder", "ca_certificates"])
def test_file_that_is_no_text_is_refused(tmp_path: Path, setting: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.py").write_bytes(b"\xff\xfe")
    place = "own" if setting == "python_folder" else "own/a.py"
    found = refusal(lambda: own_files(LiteLLMSettings.model_validate({setting: place}), tmp_path))
    assert found == f"litellm.{setting}: a.py cannot be read: it is no text in UTF-8"


def test_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hooks" / "a.py").mkdir(parents=True)
    found = refusal(lambda: own_files(LiteLLMSettings(python_folder="hooks"), tmp_path))
    assert found == "litellm.python_folder: a.py cannot be read: Is a directory"


def test_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    os.mkfifo(tmp_path / "hooks" / "a.py")
    found = refusal(lambda: own_files(LiteLLMSettings(python_folder="hooks"), tmp_path))
    assert found == "litellm.python_folder: a.py cannot be read: it is no regular file"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "there is no file ca.pem"),
        ("", "ca.pem should hold certificates in PEM"),
        ("no certificate", "ca.pem should hold certificates in PEM"),
        ("-----BEGIN PRIVATE KEY-----\nhush", "ca.pem holds a private key; only certificates"),
    ],
)
def test_wrong_certificates_are_refused(tmp_path: Path, text: str | None, reason: str) -> None:
    if text is not None:
        (tmp_path / "ca.pem").write_text(text)
    found = refusal(lambda: own_files(LiteLLMSettings(ca_certificates="ca.pem"), tmp_path))
    assert found == f"litellm.ca_certificates: {reason}"
