"""Health checks as probes (https://kubernetes.io/docs/concepts/workloads/pods/probes/)."""

from typing import Any

from components.engine.workload import HealthCheck, HttpGet, Probe, Service, TcpSocket

COMMAND_PERIOD_SECONDS = 10
"""Between two runs of a command in a container that has started. It is Kubernetes' own default; each is a process."""


def probes(service: Service) -> dict[str, Any]:
    """Return the probes of a service's container.

    Startup and readiness ask the same, unless the service says how it is found. Liveness asks what the service says: a
    restart cures no fault of another part.
    """
    check = service.health
    starts = max(check.start_period, check.deadline)
    found = {
        "startupProbe": {**_asked(check), **_times(check, failures=-(-starts // check.interval))},
        "readinessProbe": _probe(service.discovery) if service.discovery else _readiness(check),
    }
    if service.liveness:
        found["livenessProbe"] = _probe(service.liveness)
    return found


def _readiness(check: HealthCheck) -> dict[str, Any]:
    found = {**_asked(check), **_times(check, failures=check.retries)}
    return found if check.request else found | {"periodSeconds": max(check.interval, COMMAND_PERIOD_SECONDS)}


def _probe(probe: Probe) -> dict[str, Any]:
    return {**_request(probe.request), **_times(probe, failures=probe.retries)}


def _times(check: HealthCheck | Probe, *, failures: int) -> dict[str, int]:
    return {"periodSeconds": check.interval, "timeoutSeconds": check.timeout, "failureThreshold": failures}


def _asked(check: HealthCheck) -> dict[str, Any]:
    return _request(check.request) if check.request else {"exec": {"command": command(check)}}


def _request(request: HttpGet | TcpSocket) -> dict[str, Any]:
    match request:
        case HttpGet(port, path):
            return {"httpGet": {"port": port, "path": path}}
        case TcpSocket(port):
            return {"tcpSocket": {"port": port}}


def command(check: HealthCheck) -> list[str]:
    """Return the command of a check in Docker's form as a list of words."""
    form, *words = check.command
    return ["/bin/sh", "-c", *words] if form == "CMD-SHELL" else words
