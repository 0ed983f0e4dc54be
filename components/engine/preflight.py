"""What the engine's host must offer before anything is created: a reachable engine, free ports, images, free disk."""

import shutil
import socket
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docker
import pulumi
from docker.models.containers import Container

from components.engine.labels import ATTEMPT_LABEL, STACK_LABEL, WORKLOAD_LABEL
from components.engine.workload import Port
from components.images.built import BUILT_PREFIX

ROOT_CGROUP = {"cgroupfs": "/", "systemd": "-.slice"}
"""Docker's cgroup driver → the parent of a cgroup at the root of the host's, beside Docker's own
(https://docs.docker.com/reference/cli/dockerd/#default-cgroup-parent). A rootless engine without systemd has none."""

MIN_FREE_GIB = 2.0
"""Below it Postgres may stop taking writes within hours of spend logs."""

ENGINE_TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class Host:
    """What was observed of the host."""

    free_gib: float | None
    """Free disk under Docker's root; None when the engine runs on another machine."""
    port_holders: dict[int, str]
    """Host port → who holds it. Ports that are free or held by this stack are absent."""
    missing_images: tuple[str, ...]
    """Images that only this machine can build, and that its engine does not have."""
    processors: int
    """Processors of the engine's machine."""
    root_cgroup: str | None
    """Parent of a cgroup at the root of the host's; None where there is none."""
    failed_attempts: Mapping[str, int]
    """How often each job has failed, by name; jobs that never failed are absent."""

    def attempt(self, *jobs: str) -> int:
        """Return the attempt number of jobs that run together: a new one makes all of them run again."""
        return max(self.failed_attempts.get(job, 0) for job in jobs)


def check(stack: str, ports: Sequence[Port], images: Iterable[str], jobs: Collection[str]) -> Host:
    """Observe the host and refuse to go on where it cannot run the stack.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been created.
    """
    host = observe(stack, ports, images, jobs)
    if found := refusals(host, ports):
        raise pulumi.RunError("\n".join(found))
    return host


def observe(stack: str, ports: Sequence[Port], images: Iterable[str], jobs: Collection[str]) -> Host:
    """Ask the engine and the host.

    Args:
        stack: name of the stack.
        ports: host ports that it wants.
        images: references of its images.
        jobs: names of its jobs.

    Raises:
        pulumi.RunError: when the engine does not answer, with the cure.
    """
    try:
        client = docker.from_env(timeout=ENGINE_TIMEOUT_SECONDS)
        engine = client.info()
        # A container that is removed meanwhile is no error.
        containers = client.containers.list(all=True, ignore_removed=True)
        tags = {tag for image in client.images.list() for tag in image.tags}
    except (docker.errors.DockerException, OSError) as error:
        raise pulumi.RunError(unreachable(str(error))) from error
    local = client.api.base_url.startswith("http+docker")
    return Host(
        free_gib=shutil.disk_usage(str(engine["DockerRootDir"])).free / 2**30 if local else None,
        port_holders=_port_holders(stack, ports, containers, local=local),
        missing_images=tuple(image for image in images if image.startswith(BUILT_PREFIX) and image not in tags),
        processors=int(engine["NCPU"]),
        root_cgroup=ROOT_CGROUP.get(str(engine.get("CgroupDriver"))),
        failed_attempts=failed_attempts(
            (
                container.labels[WORKLOAD_LABEL],
                int(container.labels.get(ATTEMPT_LABEL, "0")),
                int(container.attrs["State"]["ExitCode"]),
            )
            for container in containers
            if container.labels.get(STACK_LABEL) == stack
            and container.labels.get(WORKLOAD_LABEL) in jobs
            and container.status == "exited"
        ),
    )


def published_ports(attributes: dict[str, Any]) -> set[int]:
    """Return the host ports that a container publishes."""
    return {
        int(binding["HostPort"])
        for bindings in (attributes["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }


def failed_attempts(ended: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """Return how often each job has failed: the number of its last attempt, one more when that failed.

    Takes (name, attempt, exit code) of each ended job.
    """
    found: dict[str, int] = {}
    for job, attempt, exit_code in ended:
        found[job] = max(found.get(job, 0), attempt + 1 if exit_code else attempt)
    return {job: failures for job, failures in found.items() if failures}


def refusals(host: Host, ports: Sequence[Port]) -> list[str]:
    """Return a sentence for each reason that stops an update on this host."""
    found = [
        f"{port.setting}: port {port.external} is taken by {host.port_holders[port.external]}; free it or set another"
        for port in ports
        if port.external in host.port_holders
    ]
    found += [f"image {image}: not built on this engine; run `bootstrap/run`" for image in host.missing_images]
    if host.free_gib is not None and host.free_gib < MIN_FREE_GIB:
        found.append(
            f"disk nearly full: {host.free_gib:.1f} GiB free under Docker's root, {MIN_FREE_GIB:.0f} needed; "
            "`docker image prune` frees images that nothing uses"
        )
    return found


def unreachable(reason: str) -> str:
    """Return the sentence for an engine that does not answer, with the cure."""
    if "Permission denied" in reason or "PermissionError" in reason:
        return (
            "Docker: no permission on its socket; "
            "add yourself to the group `docker` (`sudo usermod -aG docker $USER`) and log in again"
        )
    return (
        "Docker: no engine answers; "
        "start it (`systemctl start docker`), install it (`bootstrap/run`), or set DOCKER_HOST"
    )


def is_free(port: Port) -> bool:
    """Return whether the host's port can be bound."""
    with socket.socket(socket.AF_INET6 if ":" in port.address else socket.AF_INET) as probe:
        if probe.family is socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.address, port.external))
        except OSError:
            return False
    return True


def _port_holders(stack: str, ports: Sequence[Port], containers: Iterable[Container], *, local: bool) -> dict[int, str]:
    own: set[int] = set()
    holders: dict[int, str] = {}
    for container in containers:
        published = published_ports(container.attrs)
        if container.labels.get(STACK_LABEL) == stack:
            own |= published
        else:
            holders |= dict.fromkeys(published, f"container {container.name}")
    wanted = {port.external: port for port in ports}
    if local:
        holders |= {
            number: "a process on this host"
            for number, port in wanted.items()
            if number not in own | holders.keys() and not is_free(port)
        }
    return {number: holders[number] for number in wanted if number in holders and number not in own}
