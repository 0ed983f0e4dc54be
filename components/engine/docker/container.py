"""Services and jobs as arguments of pulumi-docker's Container, as data.

Every field that Docker would fill in is given.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.engine.workload import (
    HOST_GATEWAY,
    FileTexts,
    HealthCheck,
    Job,
    Network,
    Service,
    Workload,
)

PROVIDER_SECONDS = 1200
"""The provider's own limit for each operation. It is added to the time that a workload may take."""
PULL_TIMEOUT_SECONDS = 7200
"""For the pull of an image, 2 GB over a line of 3 Mbit/s."""
LOG_OPTIONS = {"max-size": "10m", "max-file": "3"}
JOB_WAIT_SECONDS = 120
"""Docker's provider compares it although nothing is waited for: another number would be a change of each stack."""


def service_arguments(
    service: Service, networks: Mapping[Network, pulumi.Input[str]], files: Mapping[str, pulumi.Input[str]]
) -> dict[str, Any]:
    """Return the arguments of a service's container.

    Args:
        service: the service.
        networks: name of each network on the engine.
        files: folder in the container → name of the volume that holds its files.
    """
    return {
        **_arguments(service, networks, files),
        "ports": [{"internal": port.internal, "external": port.external, "ip": port.address} for port in service.ports],
        "restart": "unless-stopped",
        "healthcheck": _health_check(service.health),
        "wait": True,
        "wait_timeout": service.health.deadline,
    }


def job_arguments(
    job: Job, networks: Mapping[Network, pulumi.Input[str]], files: Mapping[str, pulumi.Input[str]]
) -> dict[str, Any]:
    """Return the arguments of a job's container, which the provider waits for until it ends."""
    return {
        **_arguments(job, networks, files),
        "ports": [],
        "restart": "no",
        "must_run": False,
        "attach": True,
        "wait": False,
        "wait_timeout": JOB_WAIT_SECONDS,
    }


def timeouts(workload: Service | Job) -> pulumi.CustomTimeouts:
    """Return how long the provider waits for a container: its own limits, which settings may raise to hours."""
    starts = workload.timeout if isinstance(workload, Job) else workload.health.deadline
    return pulumi.CustomTimeouts(
        create=f"{starts + PROVIDER_SECONDS}s",
        update=f"{PROVIDER_SECONDS}s",
        delete=f"{workload.stop_timeout + PROVIDER_SECONDS}s",
    )


def data_container_arguments(folder: str, texts: FileTexts, volume: pulumi.Input[str]) -> dict[str, Any]:
    """Return the arguments of a data container: created, never started, it writes the files into a volume.

    A file cannot be uploaded into a container whose root file system is read-only. Once the files are written, nothing
    needs the data container any more, so the engine may remove it: `attach` keeps the provider's plugin from stopping
    it before it deletes it, which fails for a container that is gone.
    """
    return {
        "entrypoints": ["/bin/true"],
        "start": False,
        "must_run": False,
        "attach": True,
        "restart": "no",
        "network_mode": "none",
        "log_driver": "none",
        "volumes": [{"volume_name": volume, "container_path": folder}],
        "uploads": [{"file": f"{folder}/{file}", "content": text} for file, text in sorted(texts.items())],
    }


def duration(seconds: int) -> str:
    """Format a duration as Docker reads it back (Go's form: 90 → 1m30s). Any other form is a difference for ever."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"


def _arguments(
    workload: Workload, networks: Mapping[Network, pulumi.Input[str]], files: Mapping[str, pulumi.Input[str]]
) -> dict[str, Any]:
    return {
        "entrypoints": list(workload.entrypoint) or None,
        "command": list(workload.command) or None,
        "envs": [f"{name}={value}" for name, value in sorted(workload.environment.items())],
        "user": workload.user,
        "memory": workload.memory_mib,
        "memory_swap": workload.memory_mib,
        "cpu_shares": workload.cpu_shares,
        "cpu_set": workload.cpuset,
        "cgroup_parent": workload.cgroup_parent,
        "ulimits": [{"name": "nproc", "soft": workload.processes, "hard": workload.processes}],
        "read_only": True,
        "init": True,
        "tmpfs": dict.fromkeys(workload.tmpfs, "rw,nosuid,nodev,mode=1777"),
        "capabilities": {"drops": ["ALL"]},
        "security_opts": ["no-new-privileges"],
        "log_driver": "json-file",
        "log_opts": LOG_OPTIONS,
        "network_mode": "bridge",
        "networks_advanced": [
            {"name": networks[network], "aliases": [workload.alias]} for network in workload.networks
        ],
        "hosts": [{"host": HOST_GATEWAY, "ip": "host-gateway"}] if workload.host_gateway else None,
        "volumes": [
            {"volume_name": volume, "container_path": folder, "read_only": True} for folder, volume in files.items()
        ]
        + [{"volume_name": volume.name, "container_path": volume.path} for volume in workload.volumes],
        "stop_timeout": workload.stop_timeout,
        "destroy_grace_seconds": workload.stop_timeout,
    }


def _health_check(check: HealthCheck) -> dict[str, Any]:
    return {
        "tests": list(check.command),
        "interval": duration(check.command_interval),
        "timeout": duration(check.timeout),
        "retries": check.retries,
        "start_period": duration(check.start_period),
    }
