"""What the engine and its host must offer before anything is created. `host/` has a file for each kind of refusal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import docker
import pulumi
from requests import RequestException

from components.engine.connection.client import ANSWER_TIMEOUT_SECONDS, connect, unreachable
from components.engine.connection.endpoint import find_endpoint, same_socket
from components.engine.host import address_pools, disk, images, limits, location, names, ports, version
from components.engine.labels import ATTEMPT_LABEL, STACK_LABEL, WORKLOAD_LABEL
from components.engine.ownership import EngineObject, observe_objects
from components.engine.workload import Port
from components.images.size import pulled_gib

ROOT_CGROUP = {"cgroupfs": "/", "systemd": "-.slice"}
"""Docker's cgroup driver → the parent of a cgroup at the root of the host's, beside Docker's own
(https://docs.docker.com/reference/cli/dockerd/#default-cgroup-parent). A rootless engine without systemd has none."""


@dataclass(frozen=True)
class Host:
    """What was observed of the host."""

    port_holders: dict[int, str]
    """Host port → who holds it. Ports that are free or held by this stack are absent."""
    missing_images: tuple[str, ...]
    """Images that only this machine can build, and that its engine does not have."""
    processors: int
    """Processors of the engine's machine."""
    memory_mib: int
    """Memory of the engine's machine."""
    root_cgroup: str | None
    """Parent of a cgroup at the root of the host's; None where there is none."""
    failed_attempts: Mapping[str, int]
    """How often each job has failed, by name; jobs that never failed are absent."""
    images_to_pull: tuple[str, ...] = ()
    """Images of registries that the engine does not have."""
    refusals: tuple[str, ...] = ()
    """Other reasons that stop an update, a sentence each."""
    warnings: tuple[str, ...] = ()
    """What works, but not as it should, a sentence each."""
    objects: tuple[EngineObject, ...] = ()
    """What the engine has of a stack of this name, this one or another."""
    scaled_before: bool = False
    """Whether an autoscaler has chosen a number of replicas at some time."""

    def attempt(self, *jobs: str) -> int:
        """Return the attempt number of jobs that run together: a new one makes all of them run again."""
        return max(self.failed_attempts.get(job, 0) for job in jobs)


def check(
    stack: str,
    wanted: Sequence[Port],
    references: Iterable[str],
    jobs: Collection[str],
    fixed_names: Collection[str] = (),
) -> Host:
    """Observe the host, refuse to go on where it cannot run the stack, and pull what is missing before an update.

    Raises:
        pulumi.RunError: one line for each refusal; nothing has been created.
    """
    host = observe(stack, wanted, references, jobs, fixed_names)
    found = [*_other_engine(), *refusals(host, wanted)]
    if not found and host.images_to_pull:
        found = _pull(host.images_to_pull)
    if found:
        raise pulumi.RunError("\n".join(found))
    for warning in host.warnings:
        pulumi.log.warn(warning)
    return host


def observe(
    stack: str,
    wanted: Sequence[Port],
    references: Iterable[str],
    jobs: Collection[str],
    fixed_names: Collection[str] = (),
) -> Host:
    """Ask the engine and the host.

    Args:
        stack: name of the stack.
        wanted: host ports that it wants.
        references: references of its images.
        jobs: names of its jobs.
        fixed_names: names of its containers that no other container may have.

    Raises:
        pulumi.RunError: when the engine does not answer, with the cure.
    """
    try:
        with closing(connect(ANSWER_TIMEOUT_SECONDS)) as client:
            return _observe(client, stack, wanted, references, jobs, fixed_names=fixed_names)
    except (docker.errors.DockerException, RequestException, OSError) as error:
        raise pulumi.RunError(unreachable(error)) from error


def _observe(
    client: docker.DockerClient,
    stack: str,
    wanted: Sequence[Port],
    references: Iterable[str],
    jobs: Collection[str],
    *,
    fixed_names: Collection[str],
) -> Host:
    info = client.info()
    # A container that is removed meanwhile is no error.
    containers = client.containers.list(all=True, ignore_removed=True)
    missing = images.missing_images(client, references)
    return Host(
        port_holders=ports.port_holders(stack, wanted, containers, info),
        missing_images=missing.built,
        images_to_pull=missing.pulled,
        processors=int(info["NCPU"]),
        memory_mib=int(info["MemTotal"]) // 2**20,
        root_cgroup=ROOT_CGROUP.get(str(info.get("CgroupDriver"))),
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
        refusals=(
            *version.refusals(client.version(), info, version.uses_built_plugin),
            *limits.refusals(info),
            *ports.refusals(wanted, info),
            *names.refusals(stack, fixed_names, containers),
            *disk.refusals(disk.engine_disk(info), sum(map(pulled_gib, missing.pulled))),
            *_networks(client, info, stack),
        ),
        warnings=(*location.warnings(info), *limits.warnings(info), *disk.warnings(info)),
        objects=observe_objects(client, stack, containers),
    )


def _networks(client: docker.DockerClient, info: Mapping[str, Any], stack: str) -> list[str]:
    networks = [network.attrs for network in client.networks.list()]
    own = sum((network.get("Labels") or {}).get(STACK_LABEL) == stack for network in networks)
    routes = address_pools.host_routes() if location.locate(info) is location.Location.HERE else []
    return address_pools.refusals(info, address_pools.subnets(networks), own, routes)


def _other_engine() -> list[str]:
    """Return a sentence when the stack's configuration sends Pulumi's plugin to another engine than all the rest."""
    named, endpoint = pulumi.Config("docker").get("host"), find_endpoint()
    if named is None or same_socket(named, endpoint.host):
        return []
    return [f"docker:host: names {named}, and {endpoint.origin} names {endpoint.host}; `pulumi config rm docker:host`"]


def _pull(references: Sequence[str]) -> list[str]:
    """Pull images before an update; return a sentence for each that failed. A preview only says what is missing."""
    if pulumi.runtime.is_dry_run():
        pulumi.log.info(f"images to pull: {', '.join(references)}")
        return []
    with closing(connect(images.PULL_TIMEOUT_SECONDS)) as client:
        return images.pull(client, references, pulumi.log.info)


def failed_attempts(ended: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    """Return how often each job has failed: the number of its last attempt, one more when that failed.

    Takes (name, attempt, exit code) of each ended job.
    """
    found: dict[str, int] = {}
    for job, attempt, exit_code in ended:
        found[job] = max(found.get(job, 0), attempt + 1 if exit_code else attempt)
    return {job: failures for job, failures in found.items() if failures}


def refusals(host: Host, wanted: Sequence[Port]) -> list[str]:
    """Return a sentence for each reason that stops an update on this host."""
    found = [
        f"{port.setting}: port {port.external} is taken by {host.port_holders[port.external]}; free it or set another"
        for port in wanted
        if port.external in host.port_holders
    ]
    found += [f"image {image}: not built on this engine; run `bootstrap/run`" for image in host.missing_images]
    # A port may be published on several addresses.
    return list(dict.fromkeys([*found, *host.refusals]))
