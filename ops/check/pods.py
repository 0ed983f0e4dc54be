"""The health of a stack's pods, which the kubelet of each node checks."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.stack.parts import Kind, enabled_parts
from components.stack.settings import Settings
from ops.check.probe import HealthState, PartHealth, shorten
from ops.stack.engines.pod import is_ready

Pod = Mapping[str, Any]


def pods_health(settings: Settings, pods: Mapping[str, Sequence[Pod]], namespace: str) -> list[PartHealth]:
    """Return the health of each pod, and of each that a part lacks; `pods` are by the name of their part."""
    found: list[PartHealth] = []
    for part in enabled_parts(settings):
        if part.kind is not Kind.SERVICE:
            continue
        own = pods.get(part.name, [])
        found += [pod_health(part.name, pod) for pod in own]
        lacks = len(part.containers(settings)) - len(own)
        detail = f"no pod; `kubectl -n {namespace} get deployments,statefulsets,events` says why"
        found += [PartHealth(part.name, namespace, HealthState.MISSING, None, detail)] * max(0, lacks)
    return found


def pod_health(part: str, pod: Pod) -> PartHealth:
    """Return the health of one pod: whether it is ready, and what its containers do if not."""
    ready = is_ready(pod)
    state = HealthState.HEALTHY if ready else HealthState.UNHEALTHY
    return PartHealth(part, str(pod["metadata"]["name"]), state, None, shorten(", ".join(_details(pod, ready=ready))))


def _details(pod: Pod, *, ready: bool) -> list[str]:
    status = pod.get("status", {})
    conditions = [each for each in status.get("conditions") or [] if each["type"] == "PodScheduled"]
    words = [str(each.get("message") or "not scheduled") for each in conditions if each["status"] != "True"]
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        waiting = (container.get("state") or {}).get("waiting") or {}
        words += [": ".join(str(waiting[key]) for key in ("reason", "message") if waiting.get(key))] if waiting else []
        if container.get("restartCount"):
            words.append(f"restarted {container['restartCount']} times")
    return words if ready or words else [f"{status.get('phase', 'Unknown')}, its check fails"]
