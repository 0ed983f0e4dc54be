"""Run a LiteLLM gateway on this machine: deploy it, check it, back it up, repair it."""

import typer

from ops.cli import (
    adopt,
    backup,
    doctor,
    down,
    drift,
    health,
    history,
    load,
    lock,
    models,
    preview,
    recover,
    restore,
    rollback,
    rotate,
    up,
)
from ops.errors import exit_with_one_sentence

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
"""All commands, in the order of the help."""
for command in (
    *(up, preview, down, rollback, lock, rotate),
    *(health, models, history, load),
    *(backup, restore, adopt),
    *(doctor, drift, recover),
):
    app.add_typer(command.app)

if __name__ == "__main__":
    with exit_with_one_sentence():
        app()
