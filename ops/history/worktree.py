"""A version's program and configuration, set up beside the project so that Pulumi can run it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation

from components.images.source import SOURCE_VARIABLE, resolve_source
from ops.errors import Failure
from ops.stack.automation import CONFIGURATION, PROJECT, configuration_file
from ops.stack.revision import PULUMI_S_OWN, Version

KEPT = "gateway:master_key_generation"
"""Stays as it is now: with the number of then a third master key would be made, not that of then come back."""
ENCRYPTION = ("encryptionsalt", "secretsprovider", "encryptedkey")
"""What secrets in the file are encrypted by."""
ENVIRONMENT = ".venv"


def open_past(folder: Path, name: str, version: Version, now: Version) -> automation.Stack:
    """Give a version's stack: the program in `folder`, the configuration from the history.

    Raises:
        Failure: when that commit has no program, or the configuration's secrets cannot be written.
    """
    if not (folder / "Pulumi.yaml").is_file():
        raise Failure(f"version {version.number}: its commit holds no Pulumi.yaml")
    _share_environment(folder)
    file = folder / CONFIGURATION.relative_to(PROJECT) / configuration_file(name).name
    file.parent.mkdir(exist_ok=True)
    committed = yaml.safe_load(file.read_text()) if file.is_file() else {}
    config = configuration(version, now)
    today = yaml.safe_load(configuration_file(name).read_text()) or {}
    file.write_text(stack_file(config, version.secret_keys, committed or {}, today))
    for key in sorted(version.secret_keys & config.keys()):
        _set_secret(folder, name, key, config[key])
    options = automation.LocalWorkspaceOptions(env_vars=_image_source())
    return automation.select_stack(stack_name=name, work_dir=str(folder), opts=options)


def configuration(version: Version, now: Version) -> dict[str, str]:
    """Give the settings of a version, by full keys; the generation of the master key is that of now."""
    config = {key: text for key, text in version.config.items() if key != KEPT and not key.startswith(PULUMI_S_OWN)}
    return config | {key: text for key, text in now.config.items() if key == KEPT}


def stack_file(
    config: Mapping[str, str], secret_keys: frozenset[str], committed: Mapping[str, Any], today: Mapping[str, Any]
) -> str:
    """Write the stack's file of a version, still without its secrets.

    Pulumi's own keys come from the file of that commit, the way secrets are encrypted from that of today.
    """
    own = {key: value for key, value in (committed.get("config") or {}).items() if key.startswith(PULUMI_S_OWN)}
    open_ones = {key: _structured(text) for key, text in config.items() if key not in secret_keys}
    encryption = {key: today[key] for key in ENCRYPTION if key in today}
    return yaml.safe_dump({**encryption, "config": own | open_ones})


def _structured(text: str) -> Any:
    """Give a setting as the file holds it: a structure, else the text as it is."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return text
    return value if isinstance(value, dict | list) else text


def _set_secret(folder: Path, name: str, key: str, text: str) -> None:
    """Encrypt one setting into the file; it goes through a pipe, since arguments can be read by others."""
    ended = subprocess.run(
        ["pulumi", "config", "set", "--secret", key, "--stack", name, "--non-interactive"],
        cwd=folder, input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise Failure(f"{key} could not be encrypted for the version's file; is the passphrase the stack's?")


def _share_environment(folder: Path) -> None:
    """Give the copy the project's Python; a folder of links, since git is told to overlook a folder of that name."""
    source = PROJECT / ENVIRONMENT
    if source.is_dir():
        (folder / ENVIRONMENT).mkdir()
        for part in source.iterdir():
            (folder / ENVIRONMENT / part.name).symlink_to(part)


def _image_source() -> dict[str, str]:
    """Tell the copy where this machine's images come from: what bootstrap decided is not in git."""
    try:
        return {SOURCE_VARIABLE: resolve_source().value}
    except ValueError as error:
        raise Failure(str(error)) from error
