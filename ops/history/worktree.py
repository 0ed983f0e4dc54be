"""The program and configuration of an earlier version, in a worktree where Pulumi can run it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation

from bootstrap.virtual_environment import share_environment
from components.images.source import SOURCE_VARIABLE, resolve_source
from components.stack.read import json_or_text
from ops.errors import OperationError
from ops.stack.config_file import MASTER_KEY_GENERATION
from ops.stack.project import CONFIGURATION, PROJECT, configuration_file, parse_document, read_configuration
from ops.stack.secret_setting import set_secret
from ops.stack.version import PULUMI_PREFIX, StackVersion

ENCRYPTION = ("encryptionsalt", "secretsprovider", "encryptedkey")
"""Keys of a stack's file that say how its secrets are encrypted."""


def open_version(folder: Path, name: str, version: StackVersion, newest: StackVersion) -> automation.Stack:
    """Return a version's stack: the program in `folder`, the configuration from the history.

    Raises:
        OperationError: if the commit has no program, or secrets of the configuration cannot be encrypted.
    """
    if not (folder / "Pulumi.yaml").is_file():
        raise OperationError(f"version {version.number}: its commit has no Pulumi.yaml")
    share_environment(folder)
    file = folder / CONFIGURATION.relative_to(PROJECT) / configuration_file(name).name
    file.parent.mkdir(exist_ok=True)
    committed = parse_document(read_configuration(file)) if file.is_file() else {}
    config = version_config(version, newest)
    today = parse_document(read_configuration(configuration_file(name)))
    file.write_text(stack_file(config, version.secret_keys, committed, today))
    for key in sorted(version.secret_keys & config.keys()):
        set_secret(folder, name, key, config[key])
    options = automation.LocalWorkspaceOptions(env_vars=_image_source())
    return automation.select_stack(stack_name=name, work_dir=str(folder), opts=options)


def version_config(version: StackVersion, newest: StackVersion) -> dict[str, str]:
    """Return a version's settings by full keys; the master key's generation is that of the newest version.

    Its old number would create a third master key, not restore the old one.
    """
    config = {key: text for key, text in version.config.items() if not key.startswith(PULUMI_PREFIX)}
    config.pop(MASTER_KEY_GENERATION, None)
    return config | {key: text for key, text in newest.config.items() if key == MASTER_KEY_GENERATION}


def stack_file(
    config: Mapping[str, str], secret_keys: frozenset[str], committed: Mapping[str, Any], today: Mapping[str, Any]
) -> str:
    """Return a version's stack file, still without its secrets.

    Pulumi's own keys come from the file of the commit; secrets are encrypted as in the file of today.
    """
    own = {key: value for key, value in (committed.get("config") or {}).items() if key.startswith(PULUMI_PREFIX)}
    public = {key: _file_value(text) for key, text in config.items() if key not in secret_keys}
    encryption = {key: today[key] for key in ENCRYPTION if key in today}
    return yaml.safe_dump({**encryption, "config": own | public})


def _file_value(text: str) -> Any:
    """Return a setting as a stack file holds it: structured values as YAML, all others as text."""
    value = json_or_text(text)
    return value if isinstance(value, dict | list) else text


def _image_source() -> dict[str, str]:
    """Return the variable that names this machine's source of images: bootstrap chose it, and it is not in git."""
    try:
        return {SOURCE_VARIABLE: resolve_source().value}
    except ValueError as error:
        raise OperationError(str(error)) from error
