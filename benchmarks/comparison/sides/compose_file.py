"""A compose.yaml equal to a running stack: the same images, commands, environments, files, health checks and limits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.comparison.sides.beside import FOLDERS, copy_files
from benchmarks.comparison.sides.gateways import configuration
from testbed.project import Project

SERVICES = {
    "postgres": "postgres", "redis": "redis", "provider": "provider", "migration": "migration", "litellm-1": "litellm",
    "edge": "edge", "ingress": "ingress",
}  # fmt: skip
"""Workload → service. Backups and the checks before an update are left out: plain Compose has none."""
LEFT_OUT = "gateway:monitoring"
"""A setting whose containers are no services here."""
DEPENDS_ON = {
    "migration": {"postgres": "service_healthy"},
    "litellm": {"migration": "service_completed_successfully", "redis": "service_healthy"},
}
NETWORKS: dict[str, dict[str, bool]] = {"front": {}, "data": {"internal": True}}
SECOND = 10**9
"""In Docker's unit of time, nanoseconds."""

Attributes = Mapping[str, Any]
"""What `docker inspect` says of a container."""
Document = dict[str, Any]
"""A compose.yaml."""


def settings() -> dict[str, Any]:
    """Return prod's settings for a gateway that a compose.yaml can equal."""
    return {key: value for key, value in configuration("prod").items() if key != LEFT_OUT}


def service(name: str, container: Attributes, files: Path) -> dict[str, Any]:
    """Return the service that runs what the container runs.

    Args:
        name: of the service.
        container: as `docker inspect` describes it.
        files: folder with the container's files.
    """
    config, host = container["Config"], container["HostConfig"]
    volumes = [f"{files / folder}:{target}:ro" for folder, target in FOLDERS.items() if (files / folder).exists()]
    volumes += [
        f"{name}-data:{mount['Destination']}"
        for mount in container["Mounts"]
        if mount["Type"] == "volume" and mount["Destination"] not in FOLDERS.values()
    ]
    found: dict[str, Any] = {
        "image": container["Image"],
        "user": config["User"],
        "entrypoint": _escaped(config["Entrypoint"] or []),
        "command": _escaped(config["Cmd"] or []),
        "environment": _escaped(config["Env"] or []),
        "volumes": volumes,
        "networks": {_network(network): {"aliases": [name]} for network in container["NetworkSettings"]["Networks"]},
        "ports": [
            f"{each['HostIp']}:{each['HostPort']}:{port.removesuffix('/tcp')}"
            for port, bindings in (host["PortBindings"] or {}).items()
            for each in bindings
        ],
        "init": True,
        "read_only": host["ReadonlyRootfs"],
        "cap_drop": host["CapDrop"],
        "security_opt": host["SecurityOpt"],
        "tmpfs": [f"{path}:{options}" for path, options in (host["Tmpfs"] or {}).items()],
        "mem_limit": host["Memory"],
        "cpu_shares": host["CpuShares"],
        "restart": "no" if name in _jobs() else "unless-stopped",
        "depends_on": {other: {"condition": condition} for other, condition in DEPENDS_ON.get(name, {}).items()},
        "stop_grace_period": f"{config.get('StopTimeout') or 10}s",
    }
    if host["CgroupParent"]:
        found["cgroup_parent"] = host["CgroupParent"]
    if check := config.get("Healthcheck"):
        found["healthcheck"] = {
            "test": _escaped(check["Test"]),
            "retries": check["Retries"],
            **{
                key: f"{check[theirs] // SECOND}s"
                for key, theirs in (("interval", "Interval"), ("timeout", "Timeout"), ("start_period", "StartPeriod"))
                if check.get(theirs)
            },
        }
    return found


def write(project: Project, folder: Path) -> Path:
    """Write the compose.yaml of a running stack, and its files beside it; return the file."""
    services = {}
    for workload, name in SERVICES.items():
        container = project.container(workload)
        copy_files(container, folder / "files" / name)
        services[name] = service(name, container.attrs, folder / "files" / name)
    named = sorted(
        {mount.split(":")[0] for each in services.values() for mount in each["volumes"] if not mount.startswith("/")}
    )
    document = {"name": folder.name, "services": services, "networks": NETWORKS, "volumes": {key: {} for key in named}}
    file = folder / "compose.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return file


def with_variable(document: Document, name: str, variable: str, value: str) -> Document:
    """Return the document with another value of one variable of a service's environment."""
    service = document["services"][name]
    kept = [each for each in service["environment"] if not each.startswith(f"{variable}=")]
    return _with_services(document, {name: {**service, "environment": [*kept, f"{variable}={value}"]}})


def with_host_ports(document: Document, ports: Mapping[int, int]) -> Document:
    """Return the document with other host ports; `ports`: old → new."""

    def moved(text: str) -> str:
        address, host, port = text.rsplit(":", 2)
        return f"{address}:{ports[int(host)]}:{port}"

    changed = {
        name: {**service, "ports": [moved(text) for text in service["ports"]]}
        for name, service in document["services"].items()
        if service.get("ports")
    }
    return _with_services(document, changed)


def _with_services(document: Document, changed: Mapping[str, Document]) -> Document:
    return {**document, "services": {**document["services"], **changed}}


def _jobs() -> set[str]:
    return {
        other
        for conditions in DEPENDS_ON.values()
        for other, condition in conditions.items()
        if condition == "service_completed_successfully"
    }


def _network(name: str) -> str:
    """Return which of NETWORKS a network of the stack is."""
    return next(network for network in NETWORKS if f"-{network}-network" in name)


def _escaped(texts: Sequence[str]) -> list[str]:
    """Return texts in which Compose replaces nothing."""
    return [text.replace("$", "$$") for text in texts]
