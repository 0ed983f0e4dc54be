"""Whether the quotas of a namespace leave room for an update (https://kubernetes.io/docs/concepts/policy/resource-quotas/)."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.engine.kubernetes.cluster.quantity import mebibytes, parse_quantity

Objects = Sequence[Mapping[str, Any]]


def refusals(
    quotas: Objects, limit_ranges: Objects | None, namespace: str, memory_mib: int, millicores: int
) -> list[str]:
    """Return a sentence for each quota under which an update would not end.

    Args:
        quotas: the namespace's.
        limit_ranges: the namespace's; None where they may not be read.
        namespace: its name.
        memory_mib: memory that an update needs.
        millicores: processor that its pods ask for, in thousandths.
    """
    return [*_memory(quotas, namespace, memory_mib), *_processors(quotas, limit_ranges, namespace, millicores)]


def _memory(quotas: Objects, namespace: str, memory_mib: int) -> list[str]:
    found = []
    for quota in quotas:
        hard = quota.get("spec", {}).get("hard") or {}
        for key in ("limits.memory", "requests.memory", "memory"):
            if key in hard and mebibytes(hard[key]) < memory_mib:
                name = quota["metadata"]["name"]
                found.append(
                    f"kubernetes.namespace: quota {name} of {namespace} allows {mebibytes(hard[key])} MiB of {key},"
                    f" and an update needs {memory_mib}; raise it, or lower memory_mib or replicas"
                )
    return found


def _processors(
    quotas: Objects,
    limit_ranges: Objects | None,
    namespace: str,
    millicores: int,
) -> list[str]:
    found = []
    for quota in quotas:
        hard, name = quota.get("spec", {}).get("hard") or {}, quota["metadata"]["name"]
        found += [
            f"kubernetes.namespace: quota {name} of {namespace} allows {hard[key]} of {key}, and an update"
            f" needs {millicores}m; raise it, or lower replicas"
            for key in ("requests.cpu", "cpu")
            if key in hard and round(1000 * parse_quantity(hard[key])) < millicores
        ]
        if "limits.cpu" in hard and limit_ranges is not None and not _limits_processors(limit_ranges):
            found.append(
                f"kubernetes.namespace: quota {name} of {namespace} has limits.cpu, so no pod without such a limit"
                " starts, and the stack's have none; remove it, or add a LimitRange with a default for cpu"
            )
    return found


def _limits_processors(limit_ranges: Objects) -> bool:
    """Return whether containers without a limit of processor time get one."""
    limits = [limit for each in limit_ranges for limit in each.get("spec", {}).get("limits") or []]
    return any(limit.get("type") == "Container" and "cpu" in (limit.get("default") or {}) for limit in limits)
