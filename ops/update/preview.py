"""Shows what an update would change: Pulumi's preview, the same in words, and a plan that `up` can be held to."""

from collections.abc import Callable
from pathlib import Path

from pulumi.automation import EngineEvent, Stack

from ops.stack.automation import PROJECT, select
from ops.update.operations import Change, changes
from ops.update.summary import explain

PLANS = PROJECT / ".cache" / "plans"


def run(name: str, *, save_plan: Path | None = None) -> None:
    """Print Pulumi's preview with the changed lines of each file, then what it means; save the plan.

    Raises:
        pulumi.automation.CommandError: when the program refuses the settings; then no plan is written.
    """
    plan = (save_plan or default_plan(name)).absolute()
    found = look(select(name), plan)
    print(f"\n{explain(found)}")
    if found:
        print(f"\nto apply exactly this: python -m ops up {name} --plan {plan}")


def look(stack: Stack, plan: Path, say: Callable[[str], object] = print) -> list[Change]:
    """Preview an update, say Pulumi's own account, and write the plan."""
    events: list[EngineEvent] = []
    plan.parent.mkdir(parents=True, exist_ok=True)
    plan.unlink(missing_ok=True)
    # Secrets in it are encrypted; what else the stack is made of concerns nobody else either.
    plan.touch(mode=0o600)
    try:
        stack.preview(diff=True, color="auto", on_output=say, on_event=events.append, plan=str(plan))
    except BaseException:
        plan.unlink(missing_ok=True)
        raise
    return changes(events)


def default_plan(name: str) -> Path:
    """Name the file of a stack's last plan."""
    return PLANS / f"{name}.json"
