"""What a failed update prints of a container: its state, its last log lines and its health log."""

import time
from collections.abc import Sequence
from typing import Any

import docker
import pulumi
from docker.models.containers import Container

from components.engine.connection.client import connect
from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL
from components.engine.log import LOG_LINES, readable

HEALTH_RESULTS = 3
RESTART_WAIT_SECONDS = 5.0
"""How long a report waits for a container to stop that restarts again and again: it runs only shortly."""
REMOVED = "Its container is no longer on the engine; `pulumi up --refresh` runs the job again"


def report_failure(stack: str) -> pulumi.ErrorHook:
    """Return the hook that reports why a container of the stack did not start. It never asks for a retry."""

    def report(arguments: pulumi.ErrorHookArgs) -> bool:
        try:
            container = newest_container(stack, arguments.name)
            pulumi.log.error(
                f"{arguments.name} failed.\n{container_report(container)}"
                if container
                else f"{arguments.name}: no container was created"
            )
        except docker.errors.DockerException as error:
            pulumi.log.error(f"{arguments.name} failed, and Docker did not return its log: {error}")
        return False

    return pulumi.ErrorHook("report-failure", report)


def check_exit_code(container_id: str, exit_code: Any, failure: str) -> None:
    """Refuse to go on when the container of a job has failed.

    Raises:
        pulumi.RunError: the sentence `failure` and the container's last log lines.
    """
    if not exit_code:
        return
    try:
        report = container_report(connect().containers.get(container_id))
    except docker.errors.NotFound:
        report = REMOVED
    raise pulumi.RunError(f"{failure}.\n{report}")


def newest_container(stack: str, workload: str) -> Container | None:
    """Return the workload's container that was created last; None when there is none."""
    labels = [f"{STACK_LABEL}={stack}", f"{WORKLOAD_LABEL}={workload}"]
    found = connect().containers.list(all=True, filters={"label": labels})
    return max(found, key=lambda container: str(container.attrs["Created"]), default=None)


def container_report(container: Container) -> str:
    """Return a container's state, last log lines and last health results as text."""
    wait_between_restarts(container)
    state, restarts = container.attrs["State"], container.attrs.get("RestartCount")
    title = f"{container.name}: {state['Status']}, exit code {state['ExitCode']}"
    log = container.logs(tail=LOG_LINES).decode(errors="replace").splitlines()
    return report_text(
        f"{title}, restarted {restarts} times" if restarts else title,
        [line for written in log for line in readable(written)][-LOG_LINES:],
        [
            f"exit {result['ExitCode']}: {result['Output'].strip()}"
            for result in (state.get("Health") or {}).get("Log") or []
        ],
    )


def wait_between_restarts(container: Container) -> None:
    """Wait until a container that has been restarted does not run: while it runs, its exit code is 0."""
    deadline = time.monotonic() + RESTART_WAIT_SECONDS
    while (
        container.attrs.get("RestartCount")
        and container.attrs["State"]["Status"] == "running"
        and time.monotonic() < deadline
    ):
        time.sleep(0.1)
        container.reload()


def report_text(title: str, log: Sequence[str], health: Sequence[str]) -> str:
    """Format a report."""
    lines = [title, "last log lines:", *(f"  {line}" for line in log)]
    if health:
        lines += ["health log:", *(f"  {result}" for result in health[-HEALTH_RESULTS:])]
    return "\n".join(lines)
