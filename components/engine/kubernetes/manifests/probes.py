"""Health checks as probes."""

from typing import Any

from components.engine.workload import HealthCheck, Service


def probes(service: Service) -> dict[str, Any]:
    """Return the probes of a service's container.

    Startup and readiness ask the same, unless the service says how it is found. Liveness asks what the service says: a
    restart cures no fault of another part.
    """
    check, readiness = service.health, service.discovery or service.health
    found = {
        "startupProbe": _probe(check, failures=-(-max(check.start_period, check.deadline) // check.interval)),
        "readinessProbe": _probe(readiness, failures=readiness.retries),
    }
    if service.liveness:
        found["livenessProbe"] = _probe(service.liveness, failures=service.liveness.retries)
    return found


def _probe(check: HealthCheck, *, failures: int) -> dict[str, Any]:
    return {
        "exec": {"command": command(check)},
        "periodSeconds": check.interval,
        "timeoutSeconds": check.timeout,
        "failureThreshold": failures,
    }


def command(check: HealthCheck) -> list[str]:
    """Return the command of a check in Docker's form as a list of words."""
    form, *words = check.command
    return ["/bin/sh", "-c", *words] if form == "CMD-SHELL" else words
