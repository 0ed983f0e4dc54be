"""Removes a stack."""

import re

from ops.stack import configuration_file, select

ENCRYPTION_SALT = re.compile(r"^encryptionsalt: .*\n", flags=re.MULTILINE)


def run(name: str) -> None:
    """Destroy the stack's resources, then its state; its configuration stays as the project's own."""
    stack = select(name)
    stack.destroy(on_output=print)
    stack.workspace.remove_stack(name, preserve_config=True)
    file = configuration_file(name)
    file.write_text(without_salt(file.read_text()))
    print(f"{name} is gone: containers, networks, volumes, state")


def without_salt(configuration: str) -> str:
    """Take out the salt that Pulumi wrote when the stack was made; kept where secrets depend on it."""
    return configuration if "secure:" in configuration else ENCRYPTION_SALT.sub("", configuration)
