"""When more replicas of LiteLLM start, and what that needs of the rest of the stack."""

from components.edge.backends import REQUESTS_IN_FLIGHT
from components.engine.engine import NameService
from components.engine.workload import Autoscaling
from components.monitoring import prometheus
from components.stack.settings import Settings

SETTING = "kubernetes.autoscaling"
KEPT_FREE = 2
"""A replica that carries one of so many parts of what it may is asked for no more: the next one needs a minute."""


def autoscaling(stack: Settings, found_by: NameService) -> Autoscaling | None:
    """Return how many replicas run; None when their number is fixed. `found_by` tells the own Prometheus's name."""
    settings = stack.kubernetes.autoscaling if stack.kubernetes else None
    if settings is None:
        return None
    return Autoscaling(
        max_replicas=settings.max_replicas,
        query=REQUESTS_IN_FLIGHT,
        target=settings.requests_per_replica or max(1, stack.replica_concurrency // KEPT_FREE),
        prometheus_url=settings.prometheus_url or f"http://{prometheus.ALIAS}{found_by.domain}:{prometheus.PORT}",
        scale_down_delay=settings.scale_down_delay,
    )


def prometheus_clients(stack: Settings) -> tuple[str, ...]:
    """Return the namespaces whose pods ask the stack's own Prometheus."""
    settings = stack.kubernetes.autoscaling if stack.kubernetes else None
    return () if settings is None or settings.prometheus_url else (settings.keda_namespace,)


def refusals(stack: Settings) -> list[str]:
    """Return a sentence for each reason that the number of replicas cannot follow the load."""
    settings = stack.kubernetes.autoscaling if stack.kubernetes else None
    if settings is None:
        return []
    found = []
    least, most, each = stack.litellm.replicas, settings.max_replicas, settings.requests_per_replica
    if most <= least:
        found.append(f"{SETTING}.max_replicas: should be more than litellm.replicas {least}, the least number")
    if each is not None and each > stack.replica_concurrency:
        found.append(
            f"{SETTING}.requests_per_replica: a replica is never asked for more than {stack.replica_concurrency}"
            f" at once (edge.replica_concurrency), so no other would start; set that or less, or null"
        )
    if settings.prometheus_url is None and not stack.monitoring.enabled:
        found.append(f"{SETTING}.prometheus_url: is missing; set it, or monitoring.enabled to have a Prometheus")
    return found
