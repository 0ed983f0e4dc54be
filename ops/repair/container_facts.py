"""A container as Pulumi's inputs describe it and as `docker inspect` does, in one form that can be compared."""

from collections.abc import Iterable, Mapping
from typing import Any

from components.engine.docker.container import duration

Facts = dict[str, Any]
"""Name of a property → its value."""
NANOSECONDS = 10**9
MIB = 2**20
VARIABLE = "environment "
"""Prefix of the facts whose value is never shown: a variable may hold a secret."""
LABEL = "label "


def wanted_facts(inputs: Mapping[str, Any]) -> Facts:
    """Return what the inputs ask for; what they leave to the image or to Docker is left out."""
    facts: Facts = {
        "image": inputs["image"],
        "restart": inputs.get("restart"),
        "read-only root": inputs.get("readOnly", False),
        "privileged": inputs.get("privileged", False),
        "capabilities dropped": sorted((inputs.get("capabilities") or {}).get("drops") or []),
        "capabilities added": sorted((inputs.get("capabilities") or {}).get("adds") or []),
        "security options": sorted(inputs.get("securityOpts") or []),
        "memory MiB": inputs.get("memory") or 0,
        "memory and swap MiB": inputs.get("memorySwap") or 0,
        "CPU shares": inputs.get("cpuShares") or 0,
        "CPU set": inputs.get("cpuSet") or "",
        "limits": {limit["name"]: (limit["soft"], limit["hard"]) for limit in inputs.get("ulimits") or []},
        "writable folders": dict(inputs.get("tmpfs") or {}),
        "ports": sorted(
            (f"{port['internal']}/{port.get('protocol', 'tcp')}", str(port["external"]), str(port.get("ip", "")))
            for port in inputs.get("ports") or []
        ),
        "volumes": sorted(
            (volume["volumeName"], volume["containerPath"], "ro" if volume.get("readOnly") else "rw")
            for volume in inputs.get("volumes") or []
            if volume.get("volumeName")
        ),
        "networks": {
            network["name"]: sorted(network.get("aliases") or []) for network in inputs.get("networksAdvanced") or []
        },
        "log driver": inputs.get("logDriver"),
        "log options": dict(inputs.get("logOpts") or {}),
    }
    given = {
        "user": inputs.get("user"),
        "stop timeout": inputs.get("stopTimeout"),
        "init": inputs.get("init"),
        "entrypoint": inputs.get("entrypoints"),
        "command": inputs.get("command"),
        "health check": _health_wanted(inputs.get("healthcheck")),
    }
    facts |= {name: value for name, value in given.items() if value is not None}
    facts |= {f"{LABEL}{each['label']}": each["value"] for each in inputs.get("labels") or []}
    return facts | {f"{VARIABLE}{name}": value for name, value in variables(inputs.get("envs")).items()}


def actual_facts(attributes: Mapping[str, Any]) -> Facts:
    """Return what the engine says of a container."""
    host, config = attributes["HostConfig"], attributes["Config"]
    facts: Facts = {
        "image": attributes["Image"],
        "restart": host["RestartPolicy"]["Name"] or "no",
        "read-only root": host["ReadonlyRootfs"],
        "privileged": host["Privileged"],
        "capabilities dropped": sorted(host.get("CapDrop") or []),
        "capabilities added": sorted(host.get("CapAdd") or []),
        "security options": sorted(host.get("SecurityOpt") or []),
        "memory MiB": host["Memory"] // MIB,
        "memory and swap MiB": host["MemorySwap"] // MIB,
        "CPU shares": host["CpuShares"],
        "CPU set": host["CpusetCpus"],
        "limits": {limit["Name"]: (limit["Soft"], limit["Hard"]) for limit in host.get("Ulimits") or []},
        "writable folders": dict(host.get("Tmpfs") or {}),
        "ports": sorted(
            (port, binding["HostPort"], binding["HostIp"])
            for port, bindings in (host.get("PortBindings") or {}).items()
            for binding in bindings or []
        ),
        "volumes": sorted(_mount(bind) for bind in host.get("Binds") or []),
        "networks": _networks(attributes),
        "log driver": host["LogConfig"]["Type"],
        "log options": dict(host["LogConfig"]["Config"] or {}),
        "user": config["User"],
        "stop timeout": config.get("StopTimeout"),
        "init": host.get("Init"),
        "entrypoint": config.get("Entrypoint"),
        "command": config.get("Cmd"),
        "health check": _health_found(config.get("Healthcheck")),
    }
    return facts | _labels_and_variables(config)


def image_facts(image: Mapping[str, Any]) -> Facts:
    """Return the labels and variables that a container has from its image."""
    return _labels_and_variables(image.get("Config") or {})


def _labels_and_variables(config: Mapping[str, Any]) -> Facts:
    labels = {f"{LABEL}{name}": value for name, value in (config.get("Labels") or {}).items()}
    return labels | {f"{VARIABLE}{name}": value for name, value in variables(config.get("Env")).items()}


def variables(entries: Iterable[str] | None) -> dict[str, str]:
    """Return NAME=VALUE entries as a dict."""
    return dict(str(entry).partition("=")[::2] for entry in entries or [])


def _mount(bind: str) -> tuple[str, str, str]:
    """Return the volume, the folder and the mode of one entry of Docker's `Binds`."""
    volume, folder, *options = bind.split(":")
    return volume, folder, "ro" if "ro" in ",".join(options).split(",") else "rw"


def _networks(attributes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return aliases by network, without what Docker adds: the short id, and the default network."""
    joined = attributes["NetworkSettings"]["Networks"] or {}
    mode = attributes["HostConfig"]["NetworkMode"]
    return {
        name: sorted(set(network.get("Aliases") or []) - {attributes["Id"][:12]})
        for name, network in joined.items()
        if name != mode
    }


def _health_wanted(check: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    if not check:
        return None
    return (check["tests"], check["interval"], check["timeout"], check["startPeriod"], check["retries"])


def _health_found(check: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    if not check:
        return None
    interval, timeout, start = (
        duration(check.get(part, 0) // NANOSECONDS) for part in ("Interval", "Timeout", "StartPeriod")
    )
    return (check["Test"], interval, timeout, start, check.get("Retries", 0))
