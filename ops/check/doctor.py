"""Report what this machine lacks to run the gateway, each with its fix. Nothing is changed."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pulumi import RunError, automation
from rich.console import Console
from rich.text import Text

from bootstrap.machine import EngineState, Machine, PulumiPart
from bootstrap.observe import observe
from components.engine import preflight
from components.engine.labels import Labels
from components.images.built import recipe_references
from components.stack import engine as engines
from components.stack import parts
from components.stack.settings import Settings
from ops.check.housekeeping import housekeeping_check
from ops.check.machine import Check, CheckStatus, clock, environment, machine_checks, passphrase
from ops.check.stack import stack_checks
from ops.errors import OperationError, pulumi_errors, without_password
from ops.images.registry import refused_images
from ops.stack.backend.ownership import find_ownership
from ops.stack.backend.state_file import state_folder
from ops.stack.config_file import settings_without_secrets
from ops.stack.engines.docker_engine import docker_engine
from ops.stack.engines.engine import runs_on_cluster
from ops.stack.project import PROJECT, PROJECT_NAME, configuration_file, read_configuration, stack_names

COLOURS = {CheckStatus.OK: "green", CheckStatus.WARNING: "yellow", CheckStatus.ERROR: "red"}
TIMEDATECTL_TIMEOUT_SECONDS = 15


def diagnose(stacks: Sequence[str], *, as_json: bool) -> bool:
    """Check the machine and its stacks and print the results; return whether there is no error.

    Stacks that are named, and those that the backend has resources of, have to run here.

    Raises:
        OperationError: if a named stack does not exist.
    """
    for name in stacks:
        configuration_file(name)
    with Console(stderr=True).status("checking this machine"):
        checks = run_checks(stacks)
    if as_json:
        print(json.dumps({"fit": is_fit(checks), "checks": [asdict(check) for check in checks]}))
    else:
        for line in check_lines(checks):
            Console().print(line, soft_wrap=True, highlight=False)
    return is_fit(checks)


def is_fit(checks: Iterable[Check]) -> bool:
    """Return whether no check found an error."""
    return all(check.status is not CheckStatus.ERROR for check in checks)


def run_checks(stacks: Sequence[str]) -> list[Check]:
    """Return the results of all checks; of all stacks if none are named."""
    try:
        machine = observe()
        recipes = recipe_references()
    except ValueError as error:
        raise OperationError(str(error)) from error
    found_pulumi = shutil.which("pulumi") is not None
    checks = [
        *machine_checks(machine, recipes),
        *environment(pulumi_found=found_pulumi, installed=PulumiPart.CLI in machine.pulumi),
        passphrase_check(),
    ]
    deployed, backend = backend_checks() if found_pulumi else ([], [])
    checks += backend
    if machine.engine is not EngineState.ANSWERS:
        return [*checks, clock(None, datetime.now(UTC), synchronized=is_synchronized(machine))]
    info = engine_info()
    checks.append(clock(engine_time(info), datetime.now(UTC), synchronized=is_synchronized(machine)))
    names = stacks or stack_names()
    # Without the states nobody can tell whose the parts are.
    backend_answers = bool(backend) and backend[0].status is CheckStatus.OK
    for name in names:
        runs = name in {*stacks, *deployed}
        checks += check_stack(name, int(info["MemTotal"]), runs=runs)
        checks += owner_checks(name, deployed=name in deployed, runs=runs) if backend_answers else []
    return checks + [housekeeping(name) for name in names if name in deployed and runs_on_docker(name)]


def passphrase_check() -> Check:
    """Check the passphrase that the environment names."""
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    path = Path(file) if file else None
    return passphrase(
        given=os.environ.get("PULUMI_CONFIG_PASSPHRASE"),
        file=file,
        mode=path.stat().st_mode if path and path.is_file() else None,
    )


def backend_checks() -> tuple[list[str], list[Check]]:
    """Return the stacks that the backend has resources of, and a check of the backend and of each one's secrets."""
    workspace = automation.LocalWorkspace(work_dir=str(PROJECT))
    address = without_password(os.environ.get("PULUMI_BACKEND_URL") or "of `pulumi login`")
    try:
        deployed = [stack.name for stack in workspace.list_stacks() if stack.resource_count]
    except automation.CommandError as error:
        if broken := broken_states():
            return [], broken
        fix = "make it reachable, or set PULUMI_BACKEND_URL"
        return [], [Check("backend", CheckStatus.ERROR, f"{address}: {pulumi_errors(str(error))}", fix)]
    backend = Check("backend", CheckStatus.OK, f"{address} answers; stacks in it: {', '.join(deployed) or 'none'}")
    with ThreadPoolExecutor(max_workers=4) as pool:
        return deployed, [backend, *pool.map(lambda name: secrets_check(workspace, name), deployed)]


def broken_states() -> list[Check]:
    """Return an error for each stack whose state file is cut off: one of them keeps Pulumi from listing any."""
    folders = [folder for name in stack_names() if (folder := state_folder(name))]
    return [
        Check(
            f"{each.stack}: state",
            CheckStatus.ERROR,
            f"{path} is cut off or empty",
            f"python -m ops recover {each.stack}",
        )
        for each in folders
        for path in each.damaged()
    ]


def owner_checks(name: str, *, deployed: bool, runs: bool) -> list[Check]:
    """Return a problem if another state made what the engine has of a stack's name.

    It is an error only if the stack runs here or should.
    """
    workspace = automation.LocalWorkspace(work_dir=str(PROJECT))
    try:
        deployment = workspace.export_stack(name).deployment if deployed else None
        ownership = find_ownership(name, deployment)
    except (OperationError, automation.CommandError):
        # Other checks say why.
        return []
    if not ownership.foreign:
        return []
    return [Check(f"{name}: owner", CheckStatus.ERROR if runs else CheckStatus.WARNING, ownership.sentence())]


def secrets_check(workspace: automation.LocalWorkspace, name: str) -> Check:
    """Check that the passphrase decrypts a stack's outputs; they are not kept."""
    try:
        workspace.stack_outputs(name)
    except automation.CommandError as error:
        fix = "set the passphrase that the stack was created with"
        return Check(f"{name}: secrets", CheckStatus.ERROR, pulumi_errors(str(error)), fix)
    return Check(f"{name}: secrets", CheckStatus.OK, "the passphrase decrypts them")


def check_stack(name: str, memory: int, *, runs: bool) -> list[Check]:
    """Check one stack on its host, or cluster; wrong settings are the only result if there are any.

    Args:
        name: the stack's.
        memory: of the host, in bytes.
        runs: whether it runs or should run here; else a problem is only a warning.
    """
    try:
        settings = settings_without_secrets(read_configuration(configuration_file(name)))
        _ = settings.catalogue
        if settings.kubernetes:
            return [check_cluster(name, settings)]
        references = [settings.images.reference(image) for image in parts.image_names(settings)]
        names = [Labels(PROJECT_NAME, name).container_name(part) for part in parts.fixed_names(settings)]
        host = preflight.observe(name, parts.host_ports(settings), references, parts.job_names(), names)
    except (OperationError, RunError, ValueError) as error:
        return [Check(f"{name}: settings", CheckStatus.ERROR if runs else CheckStatus.WARNING, str(error))]
    refused = refused_images(host.images_to_pull) if runs else []
    return [
        *stack_checks(name, settings, host, memory, runs=runs),
        *(Check(f"{name}: images to pull", CheckStatus.ERROR, sentence) for sentence in refused),
    ]


def check_cluster(name: str, settings: Settings) -> Check:
    """Check that the cluster of a stack can run it.

    Raises:
        RunError: if it cannot; the sentences say why.
    """
    images = {image: settings.images.reference(image) for image in parts.image_names(settings)}
    engines.observe(settings, Labels(PROJECT_NAME, name), images)
    return Check(f"{name}: cluster", CheckStatus.OK, "it answers, and can run the stack")


def runs_on_docker(name: str) -> bool:
    """Return whether a stack's file names Docker as its engine."""
    try:
        return not runs_on_cluster(name)
    except OperationError:
        # The check of its settings says why.
        return False


def housekeeping(name: str) -> Check:
    """Check whether the engine still has what a deployed stack needs."""
    try:
        return housekeeping_check(name)
    except (OperationError, automation.CommandError) as error:
        return Check(f"{name}: housekeeping", CheckStatus.WARNING, pulumi_errors(str(error)))


def engine_info() -> Mapping[str, Any]:
    """Return what `docker info` shows."""
    with docker_engine() as engine:
        info: Mapping[str, Any] = engine.info()
        return info


def engine_time(info: Mapping[str, Any]) -> datetime:
    """Return the engine's time to the second; it reports nanoseconds."""
    return datetime.fromisoformat(str(info["SystemTime"])[:19]).replace(tzinfo=UTC)


def is_synchronized(machine: Machine) -> bool | None:
    """Return whether systemd synchronizes the clock; None if there is no systemd, or it does not say so in time."""
    if not machine.systemd or not shutil.which("timedatectl"):
        return None
    command = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=TIMEDATECTL_TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    return {"yes": True, "no": False}.get(ended.stdout.strip())


def check_lines(checks: Iterable[Check]) -> list[Text]:
    """Return one line for each check, and one for its fix."""
    width = max(map(len, CheckStatus))
    printed = []
    for check in checks:
        printed.append(
            Text.assemble((check.status.ljust(width), COLOURS[check.status]), f"  {check.subject}: {check.text}")
        )
        if check.fix:
            printed.append(Text(f"{'':{width}}  fix: {check.fix}"))
    return printed
