"""Shows what an update would change."""

from ops.stack import select


def run(name: str) -> None:
    """Print Pulumi's preview with the changed lines of each file."""
    select(name).preview(diff=True, color="auto", on_output=print)
