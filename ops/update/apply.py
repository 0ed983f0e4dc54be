"""Applies exactly the update that was reviewed, or nothing."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pulumi.automation import CommandError, OutputMap, Stack

from ops.errors import OperationError
from ops.update.plan_file import differing, read, refusal
from ops.update.preview import look

EVENT_LOG = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Makes Pulumi take `--event-log`."""


@dataclass
class Held:
    """Holds back what Pulumi prints until the update itself begins.

    Before that it compares a preview with the plan, and prints the values that differ: secrets in clear among them.
    """

    events: Path
    """Where Pulumi writes its events, one JSON object a line."""
    say: Callable[[str], object]
    _begun: bool = field(default=False, init=False)

    def take(self, line: str) -> None:
        """Print a line, or drop it."""
        self._begun = self._begun or self.begun()
        if self._begun:
            self.say(line)

    def begun(self) -> bool:
        """Tell whether the update has begun; Pulumi marks the events of a preview."""
        if not self.events.is_file():
            return False
        with self.events.open() as lines:
            return any(_is_deed(line) for line in lines)


def apply_plan(stack: Stack, plan: Path, message: str) -> OutputMap:
    """Do what a plan says, and nothing else.

    Raises:
        OperationError: when something else would be done now; nothing has been changed then.
        pulumi.automation.CommandError: when the update fails, or the program refuses the settings.
    """
    planned = read(plan)
    with tempfile.TemporaryDirectory() as folder:
        held = Held(Path(folder, "events"), print)
        # The Automation API's own `up` skips the preview, which finds a difference before anything is changed.
        arguments = ["up", "--yes", "--plan", str(plan), "--stack", stack.name, "--message", message,
                     "--color", "never", "--event-log", str(held.events)]  # fmt: skip
        workspace = stack.workspace
        environment = {**workspace.env_vars, **EVENT_LOG}
        try:
            workspace.pulumi_command.run(arguments, workspace.work_dir, environment, on_output=held.take)
        except CommandError:
            if held.begun():
                raise
            # A program that refuses the settings says so here.
            look(stack, now := Path(folder, "now.json"), say=lambda _: None)
            raise OperationError(refusal(plan, stack.name, differing(planned, read(now)))) from None
    return stack.outputs()


def _is_deed(line: str) -> bool:
    try:
        step = json.loads(line).get("resourcePreEvent")
    except ValueError:
        # Pulumi is still writing it.
        return False
    return bool(step) and not step.get("planning")
