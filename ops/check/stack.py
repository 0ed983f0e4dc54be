"""Whether a machine can run a stack: its ports, its images and its memory."""

from components.engine.preflight import Host
from components.stack.part_sum import memory_sum
from components.stack.parts import host_ports
from components.stack.settings import Settings
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
    return [
        _ports(name, settings, host, worst),
        *_images(name, host, worst),
        *_host(name, host, worst),
        _memory(name, settings, memory, worst),
    ]


def _ports(name: str, settings: Settings, host: Host, worst: CheckStatus) -> Check:
    subject, ports = f"{name}: ports", host_ports(settings)
    taken = [port for port in ports if port.external in host.port_holders]
    if not taken:
        numbers = ", ".join(str(port.external) for port in ports)
        return Check(subject, CheckStatus.OK, f"{numbers}: free, or held by the stack itself")
    text = "; ".join(f"{port.external} is taken by {host.port_holders[port.external]}" for port in taken)
    keys = [f"pulumi config set --path gateway:{port.setting} PORT --stack {name}" for port in taken]
    return Check(subject, worst, text, f"free it, or {'; '.join(keys)}")


def _images(name: str, host: Host, worst: CheckStatus) -> list[Check]:
    missing = ", ".join(host.missing_images)
    found = [Check(f"{name}: images", worst, f"not built on this engine: {missing}", BOOTSTRAP)] if missing else []
    pulled = ", ".join(host.images_to_pull)
    text = f"the next update pulls {pulled}"
    return [*found, *([Check(f"{name}: images to pull", CheckStatus.OK, text)] if pulled else [])]


def _host(name: str, host: Host, worst: CheckStatus) -> list[Check]:
    """Return what else of the host stops an update, and what does not work as it should. Each sentence has its fix."""
    refused = [Check(f"{name}: host", worst, sentence) for sentence in host.refusals]
    return [*refused, *(Check(f"{name}: host", CheckStatus.WARNING, sentence) for sentence in host.warnings)]


def _memory(name: str, settings: Settings, memory: int, worst: CheckStatus) -> Check:
    needed, there = memory_sum(settings), memory // MIB
    parts = " + ".join(f"{part} {size}" for part, size in needed.parts.items())
    text = f"{parts} + {needed.update} more during an update = {needed.total} MiB; the machine has {there}"
    if needed.total <= there:
        return Check(f"{name}: memory", CheckStatus.OK, text)
    # Parts use less than their limits; only in production must that not be relied on.
    status = worst if settings.production else CheckStatus.WARNING
    fix = f"fewer or smaller replicas: pulumi config set --path gateway:litellm.memory_mib MIB --stack {name}"
    return Check(f"{name}: memory", status, text, fix)
