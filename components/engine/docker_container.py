"""Services and jobs as arguments of pulumi-docker's Container, as data.

Every field that Docker would fill in is given.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.engine.workload import (
    CONFIG_FOLDER,
    HOST_GATEWAY,
    PROGRAMS_FOLDER,
    SECRETS_FOLDER,
    FileTexts,
    HealthCheck,
    Job,
    Network,
    Service,
    Workload,
)

LOG_OPTIONS = {"max-size": "10m", "max-file": "3"}
JOB_WAIT_SECONDS = 120
"""Docker's provider compares it although nothing is waited for: another number would be a change of each stack."""


def service_arguments(
    service: Service, networks: Mapping[Network, pulumi.Input[str]], files: Sequence[pulumi.Input[str]]
) -> dict[str, Any]:
    """Return the arguments of a service's container.

    Args:
        service: the service.
        networks: name of each network on the engine.
        files: ids of the containers whose volumes hold the service's files.
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
    job: Job, networks: Mapping[Network, pulumi.Input[str]], files: Sequence[pulumi.Input[str]]
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


def file_sets(workload: Workload) -> dict[str, tuple[str, FileTexts]]:
    """Return a workload's files by kind: the folder in the container, and the texts. Kinds without files are left out.

    One secret among a container's files would hide all of them from a preview, so each kind is a container of its own.
    """
    kinds = {
        "config": (CONFIG_FOLDER, workload.config),
        "programs": (PROGRAMS_FOLDER, workload.programs),
        "secrets": (SECRETS_FOLDER, workload.secrets),
    }
    return {kind: (folder, texts) for kind, (folder, texts) in kinds.items() if texts}


def data_container_arguments(folder: str, texts: FileTexts) -> dict[str, Any]:
    """Return the arguments of a data container: created, never started, its volume holds the files.

    A file cannot be uploaded into a container whose root file system is read-only, so other containers mount this
    volume.
    """
    return {
        "entrypoints": ["/bin/true"],
        "start": False,
        "must_run": False,
        "restart": "no",
        "network_mode": "none",
        "log_driver": "none",
        "volumes": [{"container_path": folder}],
        "uploads": [{"file": f"{folder}/{file}", "content": text} for file, text in sorted(texts.items())],
    }


def duration(seconds: int) -> str:
    """Format a duration as Docker reads it back (Go's form: 90 → 1m30s). Any other form is a difference for ever."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"


def _arguments(
    workload: Workload, networks: Mapping[Network, pulumi.Input[str]], files: Sequence[pulumi.Input[str]]
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
        "volumes": [{"from_container": container, "read_only": True} for container in files]
        + [{"volume_name": volume.name, "container_path": volume.path} for volume in workload.volumes],
        "stop_timeout": workload.stop_timeout,
        "destroy_grace_seconds": workload.stop_timeout,
    }


def _health_check(check: HealthCheck) -> dict[str, Any]:
    return {
        "tests": list(check.command),
        "interval": duration(check.interval),
        "timeout": duration(check.timeout),
        "retries": check.retries,
        "start_period": duration(check.start_period),
    }
