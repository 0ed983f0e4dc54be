"""Whether a machine can carry a stack: its ports, its images and its memory."""

from collections.abc import Mapping

from components.engine.preflight import Host
from components.monitoring import exporters
from components.stack.settings import Settings
from components.stack.sizing import OVERLAP
from ops.check.machine import BOOTSTRAP, Check, Grade

MIB = 2**20


def stack_checks(name: str, settings: Settings, host: Host, memory: int, *, runs: bool) -> list[Check]:
    """Judge one stack on one host.

    Args:
        name: the stack's.
        settings: the stack's.
        host: as `components.host.observe` saw it for this stack.
        memory: bytes that the engine's machine has.
        runs: whether it runs or is to run here; else what stands in its way is no fault.
    """
    worst = Grade.FAULT if runs else Grade.WARNING
    return [_ports(name, settings, host, worst), *_images(name, host, worst), _memory(name, settings, memory, worst)]


def _ports(name: str, settings: Settings, host: Host, worst: Grade) -> Check:
    about = f"{name}: ports"
    taken = [port for port in settings.ports if port.external in host.holders]
    if not taken:
        numbers = ", ".join(str(port.external) for port in settings.ports)
        return Check(about, Grade.GOOD, f"{numbers}: free, or held by the stack itself")
    text = "; ".join(f"{port.external} is taken by {host.holders[port.external]}" for port in taken)
    keys = [f"pulumi config set --path gateway:{port.section}.{port.setting} PORT --stack {name}" for port in taken]
    return Check(about, worst, text, f"free it, or {'; '.join(keys)}")


def _images(name: str, host: Host, worst: Grade) -> list[Check]:
    missing = ", ".join(host.missing_images)
    return [Check(f"{name}: images", worst, f"not built on this engine: {missing}", BOOTSTRAP)] if missing else []


def _memory(name: str, settings: Settings, memory: int, worst: Grade) -> Check:
    sizes = memory_limits(settings)
    # What is made before the old is deleted.
    more = settings.litellm.replicas * settings.litellm.memory * (OVERLAP - 1) + settings.edge.memory
    needed, there = sum(sizes.values()) + more, memory // MIB
    parts = " + ".join(f"{part} {size}" for part, size in sizes.items())
    text = f"{parts} + {more} more while an update runs = {needed} MiB; the machine has {there}"
    if needed <= there:
        return Check(f"{name}: memory", Grade.GOOD, text)
    # Limits are more than what is used; only in production is it wrong to count on that.
    grade = worst if settings.production else Grade.WARNING
    cure = f"fewer or smaller replicas: pulumi config set --path gateway:litellm.memory MIB --stack {name}"
    return Check(f"{name}: memory", grade, text, cure)


def memory_limits(settings: Settings) -> Mapping[str, int]:
    """Give the memory limits of a stack's parts in MiB; replicas together."""
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
