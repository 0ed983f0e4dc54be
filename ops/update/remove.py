"""Remove a stack."""

import re

from components.engine.ownership import ObjectKind
from ops.errors import OperationError
from ops.stack.automation import open_or_create
from ops.stack.backend.ownership import stack_objects
from ops.stack.engines.engine import stack_engine
from ops.stack.project import configuration_file, read_configuration
from ops.stack.state import Deployment, has_protected_resource, recorded_resources, stack_identity

ENCRYPTION_SALT = re.compile(r"^encryptionsalt: .*\n", flags=re.MULTILINE)


def remove_stack(name: str) -> None:
    """Delete the stack's resources, then its state; its configuration file stays.

    Raises:
        OperationError: if a resource is protected. Pulumi would delete all others before it stops at that one.
    """
    stack = open_or_create(name)
    deployment = stack.export_stack().deployment
    if has_protected_resource(deployment):
        raise OperationError(
            f"{name} is protected; to give up its data, `pulumi config set gateway:protect false --stack {name}`,"
            " `pulumi up`, then this again"
        )
    # A destroy without a refresh fails half way if something was deleted by hand.
    remove_left(name, deployment, ObjectKind.CONTAINER, ObjectKind.OBJECT)
    stack.destroy(refresh=True, on_output=print)
    remove_left(name, deployment, ObjectKind.NETWORK, ObjectKind.VOLUME)
    for object_ in stack_objects(name):
        print(f"the {object_.kind} {object_.name} stays: this state did not make it")
    stack.workspace.remove_stack(name, preserve_config=True)
    file = configuration_file(name)
    file.write_text(without_salt(read_configuration(file)))
    print(f"{name} is removed: all that the engine had of it, and its state")


def remove_left(name: str, deployment: Deployment | None, *kinds: ObjectKind) -> None:
    """Remove what a killed update left of these kinds: with the stack's identity, and not in its state.

    A container keeps the networks from being deleted, a pod its claim, and anything keeps the next stack of this name
    from its start.
    """
    known = {resource.id for resource in recorded_resources(deployment)}
    identity = stack_identity(deployment)
    engine = stack_engine(name)
    for object_ in engine.objects():
        if object_.kind in kinds and identity and object_.identity == identity and object_.id not in known:
            engine.remove(object_)


def without_salt(configuration: str) -> str:
    """Return the file without the salt that Pulumi wrote into it; it stays if the file has secrets."""
    return configuration if "secure:" in configuration else ENCRYPTION_SALT.sub("", configuration)
