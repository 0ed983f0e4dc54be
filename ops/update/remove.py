"""Remove a stack."""

import re

from ops.errors import OperationError
from ops.stack.automation import open_or_create
from ops.stack.project import configuration_file
from ops.stack.state import has_protected_resource

ENCRYPTION_SALT = re.compile(r"^encryptionsalt: .*\n", flags=re.MULTILINE)


def remove_stack(name: str) -> None:
    """Delete the stack's resources, then its state; its configuration file stays.

    Raises:
        OperationError: if a resource is protected. Pulumi would delete all others before it stops at that one.
    """
    stack = open_or_create(name)
    if has_protected_resource(stack.export_stack().deployment):
        raise OperationError(
            f"{name} is protected; to give up its data, `pulumi config set gateway:protect false --stack {name}`,"
            " `pulumi up`, then this again"
        )
    # A destroy without a refresh fails half way if something was deleted by hand.
    stack.destroy(refresh=True, on_output=print)
    stack.workspace.remove_stack(name, preserve_config=True)
    file = configuration_file(name)
    file.write_text(without_salt(file.read_text()))
    print(f"{name} is removed: containers, networks, volumes, state")


def without_salt(configuration: str) -> str:
    """Return the file without the salt that Pulumi wrote into it; it stays if the file has secrets."""
    return configuration if "secure:" in configuration else ENCRYPTION_SALT.sub("", configuration)
