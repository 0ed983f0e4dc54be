"""Apply exactly the update that was reviewed, or nothing."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pulumi.automation import CommandError, OutputMap, Stack

from ops.errors import OperationError
from ops.update.plan_file import plan_differences, plan_differs_error, read_plan
from ops.update.preview import run_preview

EVENT_LOG = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Environment in which Pulumi accepts `--event-log`."""


@dataclass
class BufferedOutput:
    """Prints what Pulumi prints, but only once the update itself has begun.

    Before that Pulumi compares a preview with the plan and prints the values that differ, secrets included.
    """

    events: Path
    """File to which Pulumi writes its events, one JSON object a line."""
    write: Callable[[str], object]
    _begun: bool = field(default=False, init=False)

    def take(self, line: str) -> None:
        """Print or drop a line."""
        self._begun = self._begun or self.update_has_begun()
        if self._begun:
            self.write(line)

    def update_has_begun(self) -> bool:
        """Return whether an event belongs to the update; Pulumi marks those of a preview."""
        if not self.events.is_file():
            return False
        with self.events.open() as lines:
            return any(_is_update_step(line) for line in lines)


def apply_plan(stack: Stack, plan: Path, message: str) -> OutputMap:
    """Do what a plan says and nothing else; return the stack's outputs.

    Raises:
        OperationError: if something else would be done; nothing was changed then.
        pulumi.automation.CommandError: if the update fails or the program refuses the settings.
    """
    planned = read_plan(plan)
    with tempfile.TemporaryDirectory() as folder:
        output = BufferedOutput(Path(folder, "events"), print)
        # The Automation API's own `up` skips the preview, which finds a difference before anything is changed.
        arguments = ["up", "--yes", "--plan", str(plan), "--stack", stack.name, "--message", message]
        arguments += ["--color", "never", "--event-log", str(output.events)]
        workspace = stack.workspace
        environment = {**workspace.env_vars, **EVENT_LOG}
        try:
            workspace.pulumi_command.run(arguments, workspace.work_dir, environment, on_output=output.take)
        except CommandError:
            if output.update_has_begun():
                raise
            # If the program refuses the settings, this raises its sentence.
            run_preview(stack, now := Path(folder, "now.json"), write=lambda _: None)
            raise OperationError(
                plan_differs_error(plan, stack.name, plan_differences(planned, read_plan(now)))
            ) from None
    return stack.outputs()


def _is_update_step(line: str) -> bool:
    try:
        step = json.loads(line).get("resourcePreEvent")
    except ValueError:
        # Pulumi is still writing it.
        return False
    return bool(step) and not step.get("planning")
