"""Preview an update: Pulumi's own output, a summary in words, and a plan that `up` can be held to."""

from collections.abc import Callable
from pathlib import Path

from pulumi.automation import EngineEvent, Stack

from ops.errors import OperationError
from ops.stack.automation import open_or_create
from ops.stack.project import CACHE
from ops.update.operations import Operation, parse_operations
from ops.update.plan_file import is_plan
from ops.update.summary import summarize

PLANS = CACHE / "plans"


def preview(name: str, *, save_plan: Path | None = None) -> None:
    """Print Pulumi's preview and a summary of it, and save the plan.

    Raises:
        pulumi.automation.CommandError: if the program refuses the settings; no plan is written then.
    """
    plan = (save_plan or default_plan(name)).absolute()
    operations = run_preview(open_or_create(name), plan)
    print(f"\n{summarize(operations)}")
    if operations:
        print(f"\nto apply exactly this: python -m ops up {name} --plan {plan}")


def run_preview(stack: Stack, plan: Path, write: Callable[[str], object] = print) -> list[Operation]:
    """Preview an update, hand each line of Pulumi's output to `write`, save the plan, return the operations.

    Raises:
        OperationError: if the file exists and is no plan: it would be lost.
    """
    events: list[EngineEvent] = []
    if plan.parent != PLANS and plan.is_file() and plan.stat().st_size and not is_plan(plan):
        raise OperationError(f"{plan}: is a file and no plan; it would be lost, so name another one")
    plan.parent.mkdir(parents=True, exist_ok=True)
    plan.unlink(missing_ok=True)
    # Its secrets are encrypted; the rest is for nobody else's eyes either.
    plan.touch(mode=0o600)
    try:
        stack.preview(diff=True, color="auto", on_output=write, on_event=events.append, plan=str(plan))
    except BaseException:
        plan.unlink(missing_ok=True)
        raise
    return parse_operations(events)


def default_plan(name: str) -> Path:
    """Return the file of a stack's last plan."""
    return PLANS / f"{name}.json"
