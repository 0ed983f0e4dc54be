"""From an existing deployment to a stack: its files, then its data."""

from pathlib import Path

import typer

from ops.adopt.build import build, read_files
from ops.adopt.check import check
from ops.adopt.draft import Draft
from ops.adopt.table import table
from ops.adopt.write import require_new, write_stack


def adopt_files(name: str, config: Path, env: Path | None, compose: Path | None, *, yes: bool) -> None:
    """Show where each key of the old files goes, ask, then write the stack. The old files are only read.

    Raises:
        OperationError: if the stack exists already, or the old files ask for what the gateway refuses.
    """
    require_new(name)
    old = read_files(config, env, compose)
    draft = build(name, old, config.parent, env)
    print(table(draft, old.keys()))
    warnings = check(draft)
    print("\n".join(["", *notes(draft, warnings)]))
    if not yes:
        typer.confirm(f"Write the stack {name}?", abort=True)
    names = ", ".join(file.name for file in (config, env, compose) if file)
    write_stack(draft, f"Adopted from {names}.")
    print(written_report(draft))


def notes(draft: Draft, warnings: list[str]) -> list[str]:
    """Return what to know before the stack is written."""
    return [f"note: {text}" for text in draft.notes] + [f"warning: {text}" for text in warnings]


def written_report(draft: Draft) -> str:
    """Return what was written, and what to do next."""
    return (
        f"wrote stacks/Pulumi.{draft.stack}.yaml and {draft.folder}: {len(draft.models)} models,"
        f" {len(draft.secrets)} encrypted secrets\n"
        f"next: python -m ops preview {draft.stack}"
    )
