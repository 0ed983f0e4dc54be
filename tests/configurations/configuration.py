"""Reads a configuration: `stack:` as after `gateway:`, `models:` by file name, `python:` texts by file name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from components.litellm.config_yaml import config_yaml
from components.litellm.own_files import own_files
from components.models.document import Loader
from components.stack.read import parse
from components.stack.settings import Settings

FOLDER = Path(__file__).parent
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))


@dataclass(frozen=True)
class Configuration:
    """One configuration, as a user writes it."""

    stack: dict[str, Any]
    models: dict[str, dict[str, Any]]
    python: dict[str, str]

    def settings(self, folder: Path) -> Settings:
        """Write the files below a folder and return the stack's settings.

        Raises:
            pulumi.RunError: when it is refused.
        """
        texts = {name: yaml.safe_dump(model) for name, model in self.models.items()}
        write(folder / "models", {f"{name}.yaml": text for name, text in texts.items()})
        stack = self.stack | {"model_folder": str(folder / "models")}
        if self.python:
            write(folder / "python", self.python)
            stack["litellm"] = stack.get("litellm", {}) | {"python_folder": str(folder / "python")}
        return parse({f"gateway:{key}": json.dumps(value) for key, value in stack.items()}, "gateway")


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write files into a folder."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)


def read(name: str) -> Configuration:
    """Return a configuration of this folder."""
    found = yaml.load((FOLDER / f"{name}.yaml").read_text(), Loader=Loader)  # noqa: S506 - a safe loader
    return Configuration(found.get("stack", {}), found["models"], found.get("python", {}))


def rendered(stack: Settings) -> dict[str, str]:
    """Return the files that a replica finds: config.yaml and the stack's own."""
    text = config_yaml(stack.litellm.config, stack.config_context, stack.litellm.config_yaml.sections)
    return {"config.yaml": text, **own_files(stack.litellm)}
