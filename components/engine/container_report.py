"""What a failed update prints: the container's last log lines and its health log."""

from collections.abc import Iterable

import docker
import pulumi
from docker.models.containers import Container

from components.engine.labels import STACK_LABEL, WORKLOAD_LABEL

LOG_LINES = 40
HEALTH_RESULTS = 3


def report_failure(stack: str) -> pulumi.ErrorHook:
    """Give the hook that explains why a container of the stack did not start; it never asks for a retry."""

    def explain(arguments: pulumi.ErrorHookArgs) -> bool:
        try:
            container = newest(stack, arguments.name)
            pulumi.log.error(
                f"{arguments.name} failed.\n{story(container)}"
                if container
                else f"{arguments.name}: no container was made"
            )
        except docker.errors.DockerException as error:
            pulumi.log.error(f"{arguments.name} failed, and the engine did not give its log: {error}")
        return False

    return pulumi.ErrorHook("report-failure", explain)


def judge(container_id: str, exit_code: int | None, *, done: str, failed: str) -> str:
    """Give `done` when a container that runs once has succeeded.

    Raises:
        pulumi.RunError: when it has not; the message is `failed`, and the container's last log lines.
    """
    if not exit_code:
        return done
    raise pulumi.RunError(f"{failed}.\n{story(docker.from_env().containers.get(container_id))}")


def newest(stack: str, workload: str) -> Container | None:
    """Find the workload's container that was made last."""
    labels = [f"{STACK_LABEL}={stack}", f"{WORKLOAD_LABEL}={workload}"]
    found = docker.from_env().containers.list(all=True, filters={"label": labels})
    return max(found, key=lambda container: str(container.attrs["Created"]), default=None)


def story(container: Container) -> str:
    """Tell a container's end: its state, its last log lines, its last health results."""
    state = container.attrs["State"]
    log = container.logs(tail=LOG_LINES).decode(errors="replace")
    return story_text(
        f"{container.name}: {state['Status']}, exit code {state['ExitCode']}",
        log.splitlines(),
        [
            f"exit {result['ExitCode']}: {result['Output'].strip()}"
            for result in (state.get("Health") or {}).get("Log") or []
        ],
    )


def story_text(title: str, log: Iterable[str], health: list[str]) -> str:
    """Lay the story out as text."""
    lines = [title, "last log lines:", *(f"  {line}" for line in log)]
    if health:
        lines += ["health log:", *(f"  {result}" for result in health[-HEALTH_RESULTS:])]
    return "\n".join(lines)
