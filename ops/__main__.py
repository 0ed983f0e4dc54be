"""The command line: one verb a function; what a verb does is in its own file."""

from pathlib import Path
from typing import Annotated

import typer

from ops import errors as failure
from ops.check import doctor, health, models
from ops.data import backup, restore
from ops.history import listing as history
from ops.history import rollback
from ops.images import lock
from ops.load import load_test as load
from ops.repair import drift, recover
from ops.update import deploy as up
from ops.update import preview, rotate
from ops.update import remove as down
from tools import reference

StackName = Annotated[str, typer.Argument(help="Stack: the STACK of stacks/Pulumi.STACK.yaml.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask after the preview.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


@app.command("up", epilog="Example: python -m ops up prod --plan reviewed.json --message 'more replicas'")
def up_command(
    stack: StackName,
    *,
    plan: Annotated[
        Path | None, typer.Option("--plan", help="Do exactly what this plan of `preview` says, or nothing.")
    ] = None,
    message: Annotated[
        str | None, typer.Option("--message", help="What the history says of it; the commit's subject unless given.")
    ] = None,
) -> None:
    """Make the stack so, ask it for one completion, and say how long both took."""
    up.run(stack, plan=plan, message=message)


@app.command("preview", epilog="Example: python -m ops preview prod --save-plan reviewed.json")
def preview_command(
    stack: StackName,
    *,
    save_plan: Annotated[
        Path | None, typer.Option("--save-plan", help="Where the plan goes; .cache/plans/STACK.json unless given.")
    ] = None,
) -> None:
    """Show what `up` would change: in Pulumi's words, in plain ones, and as a plan that `up` can be held to."""
    preview.run(stack, save_plan=save_plan)


@app.command("down", epilog="Example: python -m ops down dev")
def down_command(stack: StackName) -> None:
    """Remove all that `up` made: containers, networks, volumes with their data, and the stack's state."""
    down.run(stack)


@app.command("history", epilog="Example: python -m ops history prod --json")
def history_command(stack: StackName, *, as_json: AsJson = False) -> None:
    """Show the stack's versions: when, who, what, commit, result, settings changed, dump taken."""
    history.run(stack, as_json=as_json)


@app.command("drift", epilog="Example: python -m ops drift prod --json  (exit code 0: none, 1: error, 2: drift)")
def drift_command(stack: StackName, *, as_json: AsJson = False) -> None:
    """Show what differs on the engine from what Pulumi made; exit code 2 where anything does."""
    if drift.run(stack, as_json=as_json):
        raise typer.Exit(2)


@app.command("lock", epilog="Example: python -m ops lock prod --check")
def lock_command(
    stack: StackName,
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the file's digests are the tags'.")] = False,
) -> None:
    """Write the digest of each image into the stack's file; LiteLLM's signature is verified where cosign is."""
    lock.run(stack, check=check)


@app.command("rotate", epilog="Example: python -m ops rotate prod")
def rotate_command(
    stack: StackName,
    *,
    yes: Yes = False,
) -> None:
    """Replace the master key; the old one is refused after, and what LiteLLM stored stays readable."""
    rotate.run(stack, yes=yes)


@app.command("health", epilog="Example: python -m ops health prod --watch")
def health_command(
    stack: StackName,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Look again and again until interrupted.")] = False,
    interval: Annotated[float, typer.Option(min=0.5, max=3600, help="Seconds between two looks.")] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a look.")] = False,
) -> None:
    """Ask each part and each address of a running stack; status 1 when one is not healthy."""
    health.run(stack, watch=watch, interval=interval, as_json=as_json)


@app.command("models", epilog="Example: python -m ops models prod --threshold 75%")
def models_command(
    stack: StackName,
    *,
    threshold: Annotated[str, typer.Option(help="How many have to work: a number or a share.")] = "100%",
    concurrency: Annotated[int, typer.Option(min=1, max=100, help="Models that are asked at once.")] = 6,
    timeout: Annotated[float, typer.Option(min=1, max=6000, help="Seconds for one model.")] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask each model of a running stack for real; status 1 when fewer work than the threshold wants."""
    models.run(stack, threshold=threshold, concurrency=concurrency, timeout=timeout, as_json=as_json)


@app.command("load", epilog="Example: python -m ops load dev --requests 500 --concurrency 50 --picture load.svg")
def load_command(
    stack: StackName,
    *,
    model: Annotated[str | None, typer.Option(help="Chat model to ask; else the first that has its key.")] = None,
    requests: Annotated[int, typer.Option(min=1, max=100_000, help="Completions in all.")] = 50,
    concurrency: Annotated[int, typer.Option(min=1, max=1000, help="Completions that are under way at once.")] = 50,
    stream: Annotated[bool, typer.Option("--stream", help="Ask for streamed answers.")] = False,
    timeout: Annotated[float, typer.Option(min=1, max=6000, help="Seconds for one answer.")] = 120.0,
    picture: Annotated[Path | None, typer.Option(help="SVG file for the histogram.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before requests that may cost money.")] = False,
) -> None:
    """Send chat completions side by side to a running stack; status 1 when one is not answered in full."""
    load.run(
        stack,
        model=model,
        requests=requests,
        concurrency=concurrency,
        stream=stream,
        timeout=timeout,
        picture=picture,
        as_json=as_json,
        yes=yes,
    )


@app.command("doctor", epilog="Example: python -m ops doctor prod")
def doctor_command(
    stacks: Annotated[list[str] | None, typer.Argument(help="Stacks that are to run here; else those that do.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what this machine lacks for the gateway, each with its cure; status 1 when something stands in the way."""
    doctor.run(stacks or [], as_json=as_json)


@app.command("backup", epilog="Example: python -m ops backup prod --copy-to /mnt/elsewhere")
def backup_command(
    stack: StackName,
    *,
    copy_to: Annotated[Path | None, typer.Option(help="Folder of this host that gets a copy.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Only show the dumps that there are.")] = False,
) -> None:
    """Dump the database; the dump is restored into a scratch database and counted before it is kept."""
    if show:
        backup.show(stack)
    else:
        backup.run(stack, copy_to=copy_to)


@app.command("restore", epilog="Example: python -m ops restore prod 20260131T021500Z-schedule")
def restore_command(
    stack: StackName,
    dump: Annotated[Path, typer.Argument(help="Name of a dump, or a file with its manifest beside it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Keep no copy of the data that are replaced.")] = False,
    new_host: Annotated[
        bool, typer.Option("--new-host", help="Make the stack first, on an engine that has nothing of it.")
    ] = False,
    any_schema: Annotated[
        bool, typer.Option("--allow-schema", help="Take a dump whose schema is not the running LiteLLM's.")
    ] = False,
) -> None:
    """Put a dump in the database's place; until it is restored and counted beside it, nothing is changed."""
    restore.run(stack, dump, yes=yes, any_schema=any_schema, drop_old=drop_old, new_host=new_host)


@app.command("rollback", epilog="Example: python -m ops rollback prod --to 3")
def rollback_command(
    stack: StackName,
    *,
    to: Annotated[int, typer.Option("--to", help="Number of a version, as `history` shows it.")],
    restore_data: Annotated[
        bool, typer.Option("--restore-data", help="Where a migration lies between: bring back the data of then.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Bring back the program and the configuration of an earlier version, without a lost request."""
    rollback.run(stack, to=to, restore_data=restore_data, yes=yes)


@app.command("recover", epilog="Example: python -m ops recover prod")
def recover_command(stack: StackName, *, yes: Yes = False) -> None:
    """Cure what keeps a stack from being updated: a killed update, a stale lock, a deleted container, a full disk."""
    recover.run(stack, yes=yes)


@app.command("reference", epilog="Example: python -m ops reference --check")
def reference_command(
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say whether the documents hold it.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Put it into README.md and docs/configuration.md.")] = False,
) -> None:
    """Print the reference of all settings and models, made from the code's own texts."""
    action = reference.Action
    reference.run(action.CHECK if check else action.WRITE if write else action.PRINT)


if __name__ == "__main__":
    with failure.as_one_sentence():
        app()
