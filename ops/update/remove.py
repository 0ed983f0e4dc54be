"""Removes a stack."""

import re
from collections.abc import Mapping
from typing import Any

from ops.errors import OperationError
from ops.stack.automation import configuration_file, select

ENCRYPTION_SALT = re.compile(r"^encryptionsalt: .*\n", flags=re.MULTILINE)


def run(name: str) -> None:
    """Destroy the stack's resources, then its state; its configuration stays as the project's own.

    Raises:
        OperationError: when a resource is protected. Pulumi would delete all others before it stops at that one.
    """
    stack = select(name)
    if protected(stack.export_stack().deployment):
        raise OperationError(
            f"{name} is protected; to give up its data, `pulumi config set gateway:protect false --stack {name}`,"
            " `pulumi up`, then this again"
        )
    # What was removed by hand is found missing first, instead of failing half way.
    stack.destroy(refresh=True, on_output=print)
    stack.workspace.remove_stack(name, preserve_config=True)
    file = configuration_file(name)
    file.write_text(without_salt(file.read_text()))
    print(f"{name} is gone: containers, networks, volumes, state")


def protected(deployment: Mapping[str, Any] | None) -> bool:
    """Tell whether the stack's state holds a protected resource."""
    return any(resource.get("protect") for resource in (deployment or {}).get("resources") or [])


def without_salt(configuration: str) -> str:
    """Take out the salt that Pulumi wrote when the stack was made; kept where secrets depend on it."""
    return configuration if "secure:" in configuration else ENCRYPTION_SALT.sub("", configuration)
