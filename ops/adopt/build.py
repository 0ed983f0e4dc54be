"""From the old files to the draft of a stack. Nothing is written here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.images.advisories import version_of
from components.images.source import image_reference, resolve_source
from components.releases.release import Release, release_for
from ops.adopt.draft import Draft
from ops.adopt.mapping.compose.services import ComposeMapping
from ops.adopt.mapping.context import Context
from ops.adopt.mapping.environment import map_environment
from ops.adopt.mapping.keys import map_keys
from ops.adopt.mapping.models.model_list import ModelMapping
from ops.adopt.mapping.secret_values import SecretNames
from ops.adopt.mapping.sections.config_yaml import map_sections
from ops.adopt.mapping.sections.own_python import carry_python
from ops.adopt.mapping.sizes import fit_sizes
from ops.adopt.old.compose import Compose, read_compose
from ops.adopt.old.container_environment import container_environment, env_values, from_config, from_env_file
from ops.adopt.old.dotenv import Assignment, parse_dotenv
from ops.adopt.old.yaml_file import KeyPath, YamlFile, leaves, read_yaml
from ops.errors import OperationError
from ops.stack.project import read_text


@dataclass(frozen=True)
class OldFiles:
    """The files of the old deployment, read."""

    config: YamlFile
    env: list[Assignment]
    env_name: str
    compose: Compose | None

    def keys(self) -> dict[str, list[tuple[KeyPath, int]]]:
        """Return each key of each file that has none below it, with its line."""
        found = {self.config.name: [(path, self.config.line(path)) for path in leaves(self.config.values) if path]}
        found[self.env_name] = [((each.name,), each.line) for each in self.env]
        if self.compose:
            file = self.compose.file
            found[file.name] = [(path, file.line(path)) for path in self.compose.leaves()]
        return {name: keys for name, keys in found.items() if keys}


def read_files(config: Path, env: Path | None, compose: Path | None) -> OldFiles:
    """Read the files.

    Raises:
        OperationError: if one of them cannot be read or is something else.
    """
    assignments = parse_dotenv(read_text(env), env.name) if env else []
    return OldFiles(
        read_yaml(config),
        assignments,
        env.name if env else ".env",
        read_compose(compose, env_values(assignments)) if compose else None,
    )


def build(stack: str, old: OldFiles, config_folder: Path, env_file: Path | None) -> Draft:
    """Return the draft of the stack that does what the old deployment did.

    Raises:
        OperationError: if the files cannot be understood.
    """
    draft = Draft(stack)
    variables = container_environment(from_env_file(old.env, old.env_name), env_file, old.compose)
    variables.add(from_config(old.config))
    release = _release()
    names = SecretNames(draft, variables)
    compose = ComposeMapping(old.compose, draft, variables) if old.compose else None
    if compose:
        compose.map()
    map_keys(old.config, draft, variables)
    models = ModelMapping(old.config, draft, variables, names, release)
    models.map()
    values: dict[str, Any] = dict(old.config.values)
    map_sections(old.config, Context(draft, variables, names, release, models.files, values))
    map_environment(draft, variables)
    carry_python(old.config, config_folder, draft)
    fit_sizes(draft)
    draft.settings["model_folder"] = f"{draft.folder}/models"
    if compose:
        compose.env_of_file(variables)
    return draft


def _release() -> Release:
    """Return what is known of the LiteLLM that the stack runs."""
    try:
        return release_for(version_of(image_reference("litellm", resolve_source())))
    except ValueError as error:
        raise OperationError(str(error)) from error
