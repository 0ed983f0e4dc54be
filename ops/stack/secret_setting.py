"""Encrypt a setting into a stack's configuration file."""

import subprocess
from pathlib import Path

from ops.errors import OperationError


def set_secret(folder: Path, stack: str, setting: str, text: str) -> None:
    """Encrypt one setting into the stack's file; it goes through a pipe, as other users can read arguments.

    Args:
        folder: of the project.
        stack: its name.
        setting: full key with its path, such as gateway:provider_keys.OPENAI_API_KEY.
        text: the value.

    Raises:
        OperationError: if Pulumi refuses, e.g. because the passphrase is another one.
    """
    path = ["--path"] if "." in setting else []
    command = ["pulumi", "config", "set", "--secret", *path, setting, "--stack", stack, "--non-interactive"]
    ended = subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise OperationError(f"{setting} could not be encrypted into the stack's file; is the passphrase the stack's?")
