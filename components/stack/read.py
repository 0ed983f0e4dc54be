"""Reads the settings of a stack from Pulumi's configuration, and refuses those that must not run."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pydantic import SecretStr, ValidationError

from components.releases.secret_values import without_secrets
from components.settings.errors import sentences
from components.stack.checks.refusals import refusals
from components.stack.checks.warnings import warnings
from components.stack.settings import PROJECT, SECRET_SETTINGS, Settings
from components.stack.stack_file import misspelt_settings, unread_keys


def parse(config: Mapping[str, str], project: str, folder: Path = PROJECT) -> Settings:
    """Return the settings in Pulumi's configuration: full keys (`gateway:edge`) → texts, JSON where structured.

    Args:
        config: the keys and texts.
        project: name of the Pulumi project.
        folder: the project's files, which hold the catalogue of models.

    Raises:
        pulumi.RunError: one line for each setting that is wrong.
    """
    prefix = f"{project}:"
    if misspelt := list(misspelt_settings(config, project)):
        raise pulumi.RunError("\n".join(misspelt))
    texts = {key.removeprefix(prefix): text for key, text in config.items() if key.startswith(prefix)}
    values = {name: _value(name, text) for name, text in texts.items()}
    try:
        stack = Settings.model_validate(values)
        if folder != PROJECT:
            stack = stack.model_copy(update={"model_folder": str(folder / stack.model_folder)})
        refused = refusals(stack)
    except ValidationError as error:
        lines = [line.removeprefix(": ") for line in sentences(error, Settings)]
        raise pulumi.RunError(without_secrets("\n".join(lines))) from error
    except ValueError as error:
        raise pulumi.RunError(str(error)) from error
    except RecursionError as error:
        raise pulumi.RunError("litellm.config_yaml: should be nested less deeply") from error
    if refused:
        raise pulumi.RunError(without_secrets("\n".join(refused)))
    return stack


def read_stack() -> Settings:
    """Return the settings of the stack that Pulumi runs the program for, and log its warnings.

    Raises:
        pulumi.RunError: one line for each setting that is wrong.
    """
    config: dict[str, str] = json.loads(os.environ.get("PULUMI_CONFIG", "{}"))
    secret_keys: list[str] = json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS", "[]"))
    project = pulumi.get_project()
    if unread := list(unread_keys(PROJECT / "stacks" / f"Pulumi.{pulumi.get_stack()}.yaml")):
        raise pulumi.RunError("\n".join(unread))
    for setting, arguments in SECRET_SETTINGS.items():
        if f"{project}:{setting}" in config and f"{project}:{setting}" not in secret_keys:
            raise pulumi.RunError(f"{setting}: stands in clear; set it with `pulumi config set --secret {arguments}`")
    stack = parse(config, project)
    for warning in warnings(stack):
        pulumi.log.warn(warning)
    return stack


def _value(name: str, text: str) -> Any:
    """Return the value of a setting. A secret of digits alone is a text all the same."""
    value, field = json_or_text(text), Settings.model_fields.get(name)
    is_text = field is not None and field.annotation == (SecretStr | None)
    return text if is_text and not isinstance(value, str | None) else value


def json_or_text(text: str) -> Any:
    """Return the value of a setting: Pulumi writes structured ones as JSON, plain ones as they are."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
