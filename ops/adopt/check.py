"""The checks that every stack goes through, on the draft, each refusal with the old key that it came from."""

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from pulumi import RunError

from components.stack.checks.warnings import warnings
from components.stack.read import parse
from components.stack.settings import Settings
from ops.adopt.draft import Draft
from ops.errors import OperationError
from ops.stack.project import PROJECT_NAME


def check(draft: Draft) -> list[str]:
    """Return the warnings of the stack that the draft describes.

    Raises:
        OperationError: a line for each reason that it must not run, with the old key and its line.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_models(draft, folder / "models")
        write_texts(draft, folder)
        try:
            settings = parse(_config(draft, folder), PROJECT_NAME)
            warnings = _warnings(settings)
        except RunError as error:
            lines = [line.replace(f"{folder}/models/", "") for line in str(error).splitlines()]
            raise OperationError(
                _refusal(draft, [line.replace(str(folder), draft.folder) for line in lines])
            ) from error
    return warnings


def write_models(draft: Draft, folder: Path) -> None:
    """Write the model files."""
    folder.mkdir(parents=True)
    for name, document in draft.models.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def write_texts(draft: Draft, folder: Path) -> None:
    """Write the other files of the stack."""
    for name, text in draft.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _config(draft: Draft, folder: Path) -> dict[str, str]:
    """Return the draft as Pulumi hands it to the program, with the folders in which it stands now."""
    settings: dict[str, Any] = json.loads(json.dumps(draft.settings))
    settings["model_folder"] = str(folder / "models")
    if draft.files:
        settings["litellm"]["python_folder"] = str(folder / "python")
    for setting, value in draft.secrets.items():
        group, dot, name = setting.partition(".")
        if dot:
            settings.setdefault(group, {})[name] = value
        else:
            settings[group] = value
    return {f"{PROJECT_NAME}:{key}": _text(value) for key, value in settings.items()}


def _text(value: Any) -> str:
    # A key of digits alone is a text all the same.
    return json.dumps(value)


def _warnings(settings: Settings) -> list[str]:
    # The catalogue is read here, and refused if it is wrong.
    return warnings(settings)


def _refusal(draft: Draft, lines: list[str]) -> str:
    found = [f"{line}{_origin(draft, line)}" for line in lines]
    return "\n  ".join(["the gateway refuses what the old files ask for; nothing was written:", *found])


def _origin(draft: Draft, line: str) -> str:
    """Return where the refused setting came from."""
    fitting = [source for source in draft.sources if line.startswith((f"{source}:", f"{source}.", f"{source}["))]
    place = draft.sources.get(max(fitting, key=len, default=""))
    file = line.partition(":")[0]
    if place is None and file.endswith(".yaml"):
        place = next((each for source, each in draft.sources.items() if source.startswith(f"{file}: ")), None)
    return f" (from {place})" if place else ""
