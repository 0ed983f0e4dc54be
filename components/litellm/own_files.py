"""A stack's own files beside config.yaml: Python for callbacks and the like, and certificates."""

import ast
from pathlib import Path

from cryptography import x509

from components.litellm.environment import CA_FILE
from components.litellm.settings import LiteLLMSettings

PROJECT = Path(__file__).parents[2]
MAX_KIB = 512
"""Most that all files hold together: they are part of the state, and of each preview."""


def own_files(settings: LiteLLMSettings, project: Path = PROJECT) -> dict[str, str]:
    """Return the texts of the files by name.

    Raises:
        ValueError: one sentence for the first file that cannot be used.
    """
    return {**_python(settings, project), **_certificates(settings, project)}


def _python(settings: LiteLLMSettings, project: Path) -> dict[str, str]:
    if settings.python_folder is None:
        return {}
    folder = project / settings.python_folder
    files = sorted(file for file in folder.rglob("*.py") if "__pycache__" not in file.parts) if folder.is_dir() else []
    if not files:
        raise ValueError(f"litellm.python_folder: {settings.python_folder} holds no Python file")
    texts = {file.relative_to(folder).as_posix(): _text("litellm.python_folder", file) for file in files}
    for name, text in texts.items():
        try:
            ast.parse(text)
        except (SyntaxError, ValueError) as error:
            reason = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else error
            raise ValueError(f"litellm.python_folder: {name} is not valid Python: {reason}") from error
    if sum(map(len, texts.values())) > MAX_KIB * 1024:
        raise ValueError(f"litellm.python_folder: {settings.python_folder} holds more than {MAX_KIB} KiB")
    return texts


def _certificates(settings: LiteLLMSettings, project: Path) -> dict[str, str]:
    path = settings.ca_certificates
    return {CA_FILE: certificates_text("litellm.ca_certificates", path, project)} if path else {}


def certificates_text(setting: str, path: str, project: Path = PROJECT) -> str:
    """Return the certificates of authorities in a file.

    Args:
        setting: path of the setting that names the file, for the error.
        path: the file, relative to the project.
        project: the project's folder.

    Raises:
        ValueError: one sentence when the file cannot be used.
    """
    file = project / path
    if not file.is_file():
        raise ValueError(f"{setting}: there is no file {path}")
    text = _text(setting, file)
    if "PRIVATE KEY" in text:
        raise ValueError(f"{setting}: {path} holds a private key; only certificates")
    try:
        x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise ValueError(f"{setting}: {path} should hold certificates in PEM") from error
    return text


def _text(setting: str, file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ValueError(f"{setting}: {file.name} cannot be read: {reason}") from error
