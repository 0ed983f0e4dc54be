"""Arguments, options and help panels that several commands share."""

from typing import Annotated

import typer

StackName = Annotated[str, typer.Argument(help="Name of the stack: STACK in stacks/Pulumi.STACK.yaml.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

CHANGE = "Change a stack"
INSPECT = "Inspect a stack"
DATA = "Back up and restore"
REPAIR = "Find and repair problems"
