"""Whether a machine can run a stack: its ports, its images and its memory."""

from collections.abc import Mapping

from components.engine.preflight import Host
from components.monitoring import exporters
from components.stack.settings import Settings
from components.stack.sizing import OVERLAP
from ops.check.machine import BOOTSTRAP, Check, CheckStatus

MIB = 2**20


def stack_checks(name: str, settings: Settings, host: Host, memory: int, *, runs: bool) -> list[Check]:
    """Check one stack on one host.

    Args:
        name: the stack's.
        settings: the stack's.
        host: what `components.engine.preflight.observe` returned for this stack.
        memory: of the engine's machine, in bytes.
        runs: whether the stack runs or should run here; else a problem is only a warning.
    """
    worst = CheckStatus.ERROR if runs else CheckStatus.WARNING
    return [_ports(name, settings, host, worst), *_images(name, host, worst), _memory(name, settings, memory, worst)]


def _ports(name: str, settings: Settings, host: Host, worst: CheckStatus) -> Check:
    subject = f"{name}: ports"
    taken = [port for port in settings.ports if port.external in host.holders]
    if not taken:
        numbers = ", ".join(str(port.external) for port in settings.ports)
        return Check(subject, CheckStatus.OK, f"{numbers}: free, or held by the stack itself")
    text = "; ".join(f"{port.external} is taken by {host.holders[port.external]}" for port in taken)
    keys = [f"pulumi config set --path gateway:{port.section}.{port.setting} PORT --stack {name}" for port in taken]
    return Check(subject, worst, text, f"free it, or {'; '.join(keys)}")


def _images(name: str, host: Host, worst: CheckStatus) -> list[Check]:
    missing = ", ".join(host.missing_images)
    return [Check(f"{name}: images", worst, f"not built on this engine: {missing}", BOOTSTRAP)] if missing else []


def _memory(name: str, settings: Settings, memory: int, worst: CheckStatus) -> Check:
    sizes = memory_limits(settings)
    # New containers run before the old ones are removed.
    more = settings.litellm.replicas * settings.litellm.memory * (OVERLAP - 1) + settings.edge.memory
    needed, there = sum(sizes.values()) + more, memory // MIB
    parts = " + ".join(f"{part} {size}" for part, size in sizes.items())
    text = f"{parts} + {more} more during an update = {needed} MiB; the machine has {there}"
    if needed <= there:
        return Check(f"{name}: memory", CheckStatus.OK, text)
    # Parts use less than their limits; only in production must that not be relied on.
    status = worst if settings.production else CheckStatus.WARNING
    fix = f"fewer or smaller replicas: pulumi config set --path gateway:litellm.memory MIB --stack {name}"
    return Check(f"{name}: memory", status, text, fix)


def memory_limits(settings: Settings) -> Mapping[str, int]:
    """Return the memory limits of a stack's parts in MiB; replicas together."""
    watching = settings.monitoring
    limits = {
        "postgres": settings.postgres.memory,
        "backup": settings.backup.memory,
        "redis": settings.redis.memory if settings.redis.enabled else 0,
        "edge and ingress": 2 * settings.edge.memory,
        f"litellm {settings.litellm.replicas} × {settings.litellm.memory} =": settings.litellm.replicas
        * settings.litellm.memory,
        "mock provider": settings.mock_provider.memory if settings.mock_provider.enabled else 0,
        "prometheus": watching.memory if watching.enabled else 0,
        "exporters": exporters.MEMORY * sum(name.endswith("_exporter") for name in settings.image_names),
        "grafana": watching.grafana.memory if settings.grafana else 0,
    }
    return {part: size for part, size in limits.items() if size}
