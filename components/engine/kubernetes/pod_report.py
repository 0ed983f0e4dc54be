"""What a failed update prints of a workload: the state of its newest pod, its last log lines and its last events."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.engine.kubernetes.cluster.client import FORBIDDEN, Cluster, ClusterError, Refused
from components.engine.kubernetes.manifests.metadata import NAME_LABEL, STACK_LABEL
from components.engine.log import LOG_LINES, readable

EVENTS = 5


def report_failure(cluster: Cluster, stack: str, namespace: str, failures: Mapping[str, str]) -> pulumi.ErrorHook:
    """Return the hook that reports why a workload did not start or end well. It never asks for a retry.

    Args:
        cluster: where it runs.
        stack: name of the stack.
        namespace: the stack's.
        failures: name of a job → the first sentence of its report.
    """

    def report(arguments: pulumi.ErrorHookArgs) -> bool:
        sentence = failures.get(arguments.name, f"{arguments.name} failed")
        try:
            pulumi.log.error(f"{sentence}.\n{workload_report(cluster, stack, namespace, arguments.name)}")
        except ClusterError as error:
            pulumi.log.error(f"{sentence}, and the cluster did not return its log: {error}")
        return False

    return pulumi.ErrorHook("report-failure", report)


def workload_report(cluster: Cluster, stack: str, namespace: str, workload: str) -> str:
    """Return the report of a workload.

    Raises:
        ClusterError: when the cluster does not answer.
    """
    selector = f"{STACK_LABEL}={stack},{NAME_LABEL}={workload}"
    pods = cluster.items(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector) or []
    events = cluster.items(f"/api/v1/namespaces/{namespace}/events") or []
    newest = max(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"]), default=None)
    return report_text(
        state(newest) if newest else f"{workload}: no pod was created",
        log(cluster, namespace, newest) if newest else [],
        event_lines(events, workload),
    )


def state(pod: Mapping[str, Any]) -> str:
    """Return the state of a pod and of its container in one line."""
    name, status = pod["metadata"]["name"], pod.get("status", {})
    found = [f"{name}: {status.get('phase', 'Unknown')}"]
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        current, last = container.get("state") or {}, (container.get("lastState") or {}).get("terminated") or {}
        if waiting := current.get("waiting"):
            found.append(": ".join(str(waiting[key]) for key in ("reason", "message") if waiting.get(key)))
        ended = current.get("terminated") or last
        if ended.get("exitCode"):
            found.append(f"exit code {ended['exitCode']} ({ended.get('reason', 'Error')})")
        if container.get("restartCount"):
            found.append(f"restarted {container['restartCount']} times")
    found += [
        str(condition.get("message", "not scheduled"))
        for condition in status.get("conditions") or []
        if condition["type"] == "PodScheduled" and condition["status"] != "True"
    ]
    return ", ".join(found)


def log(cluster: Cluster, namespace: str, pod: Mapping[str, Any]) -> list[str]:
    """Return the last log lines of a pod's container; of one that was restarted, those before its end.

    Where they may not be read, the cluster's own sentence says so.
    """
    path = f"/api/v1/namespaces/{namespace}/pods/{pod['metadata']['name']}/log"
    container = pod["spec"]["containers"][0]["name"]
    for previous in ("true", "false"):
        try:
            text = cluster.text(path, container=container, tailLines=str(LOG_LINES), previous=previous)
        except Refused as error:
            if error.status == FORBIDDEN:
                return [" ".join(str(error).split())]
            # It never ran, or was never restarted.
            continue
        if text:
            return [line for written in text.splitlines() for line in readable(written)][-LOG_LINES:]
    return []


def event_lines(events: Sequence[Mapping[str, Any]], workload: str) -> list[str]:
    """Return the last warnings about a workload and what belongs to it, oldest first."""
    own = [
        event
        for event in events
        if event.get("type") == "Warning" and workload_of(str(event["involvedObject"].get("name", "")), workload)
    ]
    own.sort(key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
    lines = [f"{event.get('reason')}: {str(event.get('message', '')).strip()}" for event in own]
    return list(dict.fromkeys(lines))[-EVENTS:]


def workload_of(name: str, workload: str) -> bool:
    """Return whether an object's name is a workload's, or of what belongs to it: Pulumi and Kubernetes add to names."""
    return name == workload or name.startswith(f"{workload}-") or f"-{workload}-" in name


def report_text(title: str, log_lines: Sequence[str], events: Sequence[str]) -> str:
    """Format a report."""
    lines = [title]
    if log_lines:
        lines += ["last log lines:", *(f"  {line}" for line in log_lines)]
    if events:
        lines += ["events:", *(f"  {line}" for line in events)]
    return "\n".join(lines)
