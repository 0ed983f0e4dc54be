"""What the engine's host must offer before anything is made: a reachable engine, free ports, free disk."""

import shutil
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import docker
import pulumi

from components.engine.labels import ATTEMPT_LABEL, STACK_LABEL, WORKLOAD_LABEL
from components.engine.workload import Port
from components.images.built import BUILT_PREFIX

RUN_ONCE = ("dump", "migration")
"""Workloads that a failure makes run again, both of them: a schema that was half migrated is dumped too."""

ROOT_CGROUP = {"cgroupfs": "/", "systemd": "-.slice"}
"""Docker's cgroup driver → how a container is told to stand at the root of the host's cgroups, not below Docker's own
(https://docs.docker.com/reference/cli/dockerd/#default-cgroup-parent). A rootless engine without systemd has none."""

LEAST_FREE_GIB = 2.0
"""Below it Postgres may stop taking writes within hours of spend logs."""


@dataclass(frozen=True)
class Host:
    """What was observed of the host, as data."""

    free_gib: float | None
    """Free disk under the engine's root; None when the engine is on another machine."""
    holders: dict[int, str]
    """Wanted host port → who holds it; ports that are free, or held by this stack, are absent."""
    missing_images: tuple[str, ...]
    """Images that only this machine can make, and that its engine does not have."""
    processors: int
    """Of the engine's machine."""
    root_cgroup: str | None
    """Parent of a container that shares processors with Docker's containers as a whole; None where there is none."""
    migration_attempt: int
    """Number of the next migration's attempt: rises when it, or the dump before it, failed, so that both run again."""


def check(stack: str, ports: Sequence[Port], images: Iterable[str]) -> Host:
    """Observe the host and refuse to go on where it cannot carry the stack.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been made.
    """
    host = observe(stack, ports, images)
    if found := refusals(host, ports):
        raise pulumi.RunError("\n".join(found))
    return host


def observe(stack: str, ports: Sequence[Port], images: Iterable[str]) -> Host:
    """Ask the engine and the host.

    Raises:
        pulumi.RunError: when the engine does not answer, with the cure.
    """
    try:
        client = docker.from_env(timeout=15)
        engine = client.info()
        root = str(engine["DockerRootDir"])
        containers = client.containers.list(all=True)
        tags = {tag for image in client.images.list() for tag in image.tags}
    except (docker.errors.DockerException, OSError) as error:
        raise pulumi.RunError(unreachable(str(error))) from error
    local = client.api.base_url.startswith("http+docker")
    published = {
        int(binding["HostPort"]): container
        for container in containers
        for bindings in (container.attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }
    own = {port for port, container in published.items() if container.labels.get(STACK_LABEL) == stack}
    holders = {port: f"container {container.name}" for port, container in published.items() if port not in own}
    if local:
        holders |= {port.external: "a process on this host" for port in ports
                    if port.external not in own | set(holders) and not bindable(port)}  # fmt: skip
    return Host(
        free_gib=shutil.disk_usage(root).free / 2**30 if local else None,
        holders={port.external: holders[port.external] for port in ports if port.external in holders},
        missing_images=tuple(image for image in images if image.startswith(BUILT_PREFIX) and image not in tags),
        processors=int(engine["NCPU"]),
        root_cgroup=ROOT_CGROUP.get(str(engine.get("CgroupDriver"))),
        migration_attempt=next_attempt(
            (container.labels.get(ATTEMPT_LABEL, "0"), int(container.attrs["State"]["ExitCode"]))
            for container in containers
            if container.labels.get(STACK_LABEL) == stack
            and container.labels.get(WORKLOAD_LABEL) in RUN_ONCE
            and container.status == "exited"
        ),
    )


def next_attempt(migrations: Iterable[tuple[str, int]]) -> int:
    """Give the attempt that the next migration is: the last one's number, one more if it failed.

    Takes (attempt label, exit code) of each ended container of RUN_ONCE.
    """
    attempt, exit_code = max(((int(label), code) for label, code in migrations), default=(0, 0))
    return attempt + 1 if exit_code else attempt


def refusals(host: Host, ports: Sequence[Port]) -> list[str]:
    """Say in one sentence each what stops an update on this host."""
    found = [
        f"{port.section}.{port.setting}: port {port.external} is taken by {host.holders[port.external]}; "
        "free it or set another"
        for port in ports
        if port.external in host.holders
    ]
    found += [f"image {image}: not built on this engine; run `bootstrap/run`" for image in host.missing_images]
    if host.free_gib is not None and host.free_gib < LEAST_FREE_GIB:
        found.append(
            f"disk nearly full: {host.free_gib:.1f} GiB free under Docker's root, {LEAST_FREE_GIB:.0f} needed; "
            "`docker image prune` frees images that nothing uses"
        )
    return found


def unreachable(reason: str) -> str:
    """Say why the engine does not answer, and what to do."""
    if "Permission denied" in reason or "PermissionError" in reason:
        return (
            "Docker: no permission on its socket; "
            "add yourself to the group `docker` (`sudo usermod -aG docker $USER`) and log in again"
        )
    return (
        "Docker: no engine answers; "
        "start it (`systemctl start docker`), install it (`bootstrap/run`), or set DOCKER_HOST"
    )


def bindable(port: Port) -> bool:
    """Tell whether the host's port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.address, port.external))
        except OSError:
            return False
    return True
