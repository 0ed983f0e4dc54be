"""When more replicas of LiteLLM start on a cluster: the question to Prometheus, and what the setting needs."""

from components.edge.backends import requests_in_flight
from components.engine.engine import Engine
from components.engine.kubernetes.settings import AutoscalingSettings
from components.engine.workload import Autoscaling
from components.monitoring import prometheus

SETTING = "kubernetes.autoscaling"
KEPT_FREE = 2
"""A replica should carry one of so many parts of what it may: the next one needs a minute to start."""


def autoscaling(settings: AutoscalingSettings, concurrency: int, engine: Engine) -> Autoscaling:
    """Return how many replicas run.

    Args:
        settings: the stack's.
        concurrency: requests in flight that one replica may have.
        engine: what knows the Prometheus.
    """
    own = f"http://{prometheus.ALIAS}{engine.name_service.domain}:{prometheus.PORT}"
    return Autoscaling(
        max_replicas=settings.max_replicas,
        query=requests_in_flight(engine.prometheus.labels if engine.prometheus else {}),
        target=settings.requests_per_replica or max(1, concurrency // KEPT_FREE),
        prometheus_url=settings.prometheus_url or own,
        scale_down_delay=settings.scale_down_delay,
    )


def prometheus_clients(settings: AutoscalingSettings | None) -> tuple[str, ...]:
    """Return the namespaces whose pods ask the stack's own Prometheus."""
    return () if settings is None or settings.prometheus_url else (settings.keda_namespace,)


def refusals(settings: AutoscalingSettings, replicas: int, concurrency: int, *, own_prometheus: bool) -> list[str]:
    """Return a sentence for each reason that the number of replicas cannot follow the load.

    Args:
        settings: the stack's.
        replicas: the least number.
        concurrency: requests in flight that one replica may have.
        own_prometheus: whether the stack has one.
    """
    found = []
    if settings.max_replicas <= replicas:
        found.append(f"{SETTING}.max_replicas: should be more than litellm.replicas {replicas}, the least number")
    if settings.requests_per_replica is not None and settings.requests_per_replica > concurrency:
        found.append(
            f"{SETTING}.requests_per_replica: a replica is never asked for more than {concurrency} at once"
            " (edge.replica_concurrency), so no other would start; set that or less, or null"
        )
    if settings.prometheus_url is None and not own_prometheus:
        found.append(f"{SETTING}.prometheus_url: is missing; set it, or monitoring.enabled to have a Prometheus")
    return found
