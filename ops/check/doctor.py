"""Says what this machine lacks for the gateway, each with what cures it. It changes nothing."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker
import typer
from pulumi import RunError, automation
from rich.console import Console
from rich.text import Text

from bootstrap.machine import EngineState, Machine, PulumiPart
from bootstrap.observe import observe
from components.engine import preflight as host
from components.images.built import recipe_references
from ops.check.machine import Check, Grade, clock, environment, machine_checks, passphrase
from ops.check.stack import stack_checks
from ops.errors import Failure, pulumi_errors, without_password
from ops.images.lock import stack_settings
from ops.stack.automation import CONFIGURATION, PROJECT, configuration_file
from ops.stack.gateway import ENGINE_PATIENCE

COLOURS = {Grade.GOOD: "green", Grade.WARNING: "yellow", Grade.FAULT: "red"}


def run(stacks: Sequence[str], *, as_json: bool) -> None:
    """Look at the machine and at the stacks: those named are to run here, and those in the backend do.

    Raises:
        Failure: when a named stack does not exist.
        typer.Exit: with status 1 when something stands in the way.
    """
    for name in stacks:
        configuration_file(name)
    with Console(stderr=True).status("looking at this machine"):
        checks = examine(stacks)
    if as_json:
        print(json.dumps({"fit": fit(checks), "checks": [asdict(check) for check in checks]}))
    else:
        for line in lines(checks):
            Console().print(line, soft_wrap=True, highlight=False)
    if not fit(checks):
        raise typer.Exit(1)


def fit(checks: Iterable[Check]) -> bool:
    """Tell whether nothing stands in the way."""
    return all(check.grade is not Grade.FAULT for check in checks)


def examine(stacks: Sequence[str]) -> list[Check]:
    """Look at everything."""
    try:
        machine = observe()
        recipes = recipe_references()
    except ValueError as error:
        raise Failure(str(error)) from error
    found_pulumi = shutil.which("pulumi") is not None
    checks = [
        *machine_checks(machine, recipes),
        *environment(pulumi_found=found_pulumi, installed=PulumiPart.CLI in machine.pulumi),
        passphrase_check(),
    ]
    running: list[str] = []
    if found_pulumi:
        running, backend = backend_checks()
        checks += backend
    if machine.engine is not EngineState.ANSWERS:
        return [*checks, clock(None, datetime.now(UTC), synchronized=synchronized(machine))]
    info = docker.from_env(timeout=ENGINE_PATIENCE).info()
    checks.append(clock(engine_time(info), datetime.now(UTC), synchronized=synchronized(machine)))
    names = stacks or sorted(path.name.split(".")[1] for path in CONFIGURATION.glob("Pulumi.*.yaml"))
    return checks + [
        check for name in names for check in carried(name, int(info["MemTotal"]), runs=name in {*stacks, *running})
    ]


def passphrase_check() -> Check:
    """Look for the passphrase where Pulumi will."""
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    there = Path(file) if file else None
    return passphrase(
        given="PULUMI_CONFIG_PASSPHRASE" in os.environ,
        file=file,
        mode=there.stat().st_mode if there and there.is_file() else None,
    )


def backend_checks() -> tuple[list[str], list[Check]]:
    """List the stacks that the backend holds resources of, and open the secrets of each."""
    workspace = automation.LocalWorkspace(work_dir=str(PROJECT))
    address = without_password(os.environ.get("PULUMI_BACKEND_URL") or "of `pulumi login`")
    try:
        made = [stack.name for stack in workspace.list_stacks() if stack.resource_count]
    except automation.CommandError as error:
        cure = "reach it, or set PULUMI_BACKEND_URL"
        return [], [Check("backend", Grade.FAULT, f"{address}: {pulumi_errors(str(error))}", cure)]
    well = Check("backend", Grade.GOOD, f"{address} answers; stacks in it: {', '.join(made) or 'none'}")
    with ThreadPoolExecutor(max_workers=4) as pool:
        return made, [well, *pool.map(lambda name: secrets_check(workspace, name), made)]


def secrets_check(workspace: automation.LocalWorkspace, name: str) -> Check:
    """Decrypt a stack's outputs, the master key among them, and forget them."""
    try:
        workspace.stack_outputs(name)
    except automation.CommandError as error:
        cure = "set the passphrase that the stack was made with"
        return Check(f"{name}: secrets", Grade.FAULT, pulumi_errors(str(error)), cure)
    return Check(f"{name}: secrets", Grade.GOOD, "the passphrase opens them")


def carried(name: str, memory: int, *, runs: bool) -> list[Check]:
    """Judge one stack on this host; a stack whose settings are wrong has that one row."""
    try:
        settings = stack_settings(configuration_file(name).read_text())
        references = [settings.images.reference(image) for image in settings.image_names]
        seen = host.observe(name, settings.ports, references)
    except (Failure, RunError, ValueError) as error:
        return [Check(f"{name}: settings", Grade.FAULT if runs else Grade.WARNING, str(error))]
    return stack_checks(name, settings, seen, memory, runs=runs)


def engine_time(info: dict[str, Any]) -> datetime:
    """Read the engine's clock, which counts nanoseconds."""
    return datetime.fromisoformat(str(info["SystemTime"])[:19]).replace(tzinfo=UTC)


def synchronized(machine: Machine) -> bool | None:
    """Ask systemd whether the clock is synchronized; None: there is no systemd."""
    if not machine.systemd or not shutil.which("timedatectl"):
        return None
    answer = subprocess.run(
        ("timedatectl", "show", "--property=NTPSynchronized", "--value"),
        capture_output=True, text=True, check=False, timeout=ENGINE_PATIENCE,
    )  # fmt: skip
    return {"yes": True, "no": False}.get(answer.stdout.strip())


def lines(checks: Iterable[Check]) -> list[Text]:
    """Write a line for each check, and one for its cure."""
    width = max(map(len, Grade))
    return [
        Text.assemble((check.grade.ljust(width), COLOURS[check.grade]), f"  {check.about}: {check.text}")
        if not cure
        else Text(f"{'':{width}}  cure: {check.cure}")
        for check in checks
        for cure in ((False, True) if check.cure else (False,))
    ]
