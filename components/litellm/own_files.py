"""A stack's own files beside config.yaml: Python for callbacks and the like, and certificates."""

import ast
from pathlib import Path

from components.litellm.environment import CA_FILE
from components.litellm.settings import LiteLLMSettings
from components.settings.certificates import read_certificates, read_text

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
    texts = {file.relative_to(folder).as_posix(): read_text("litellm.python_folder", file) for file in files}
    for name, text in texts.items():
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            place = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
            reason = f"{place}{error.msg if isinstance(error, SyntaxError) else str(error) or 'it is too complex'}"
            raise ValueError(f"litellm.python_folder: {name} is not valid Python: {reason}") from error
    if sum(len(text.encode()) for text in texts.values()) > MAX_KIB * 1024:
        raise ValueError(f"litellm.python_folder: {settings.python_folder} holds more than {MAX_KIB} KiB")
    return texts


def _certificates(settings: LiteLLMSettings, project: Path) -> dict[str, str]:
    if settings.ca_certificates is None:
        return {}
    text = read_certificates("litellm.ca_certificates", settings.ca_certificates, project)
    return {CA_FILE: text}
