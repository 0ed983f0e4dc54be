"""When more replicas of LiteLLM start on a cluster: the question to Prometheus, and what the setting needs."""

from components.edge.backends import places, requests_in_flight
from components.edge.settings import EdgeSettings
from components.engine.engine import Engine
from components.engine.kubernetes.settings import AutoscalingSettings
from components.engine.workload import Autoscaling
from components.litellm.worker.start import LEAST_A_WORKER
from components.monitoring import prometheus

SETTING = "kubernetes.autoscaling"


def autoscaling(settings: AutoscalingSettings, workers: int, reachable: int, engine: Engine) -> Autoscaling:
    """Return how many replicas run.

    Args:
        settings: the stack's.
        workers: of a replica.
        reachable: requests in flight that one replica gets, whoever they are from.
        engine: what knows the Prometheus.
    """
    own = f"http://{prometheus.ALIAS}{engine.name_service.domain}:{prometheus.PORT}"
    return Autoscaling(
        max_replicas=settings.max_replicas,
        query=requests_in_flight(engine.prometheus.labels if engine.prometheus else {}),
        # A busy replica is asked for no more than these.
        target=settings.requests_per_replica or min(LEAST_A_WORKER * workers, reachable),
        prometheus_url=settings.prometheus_url or own,
        scale_down_delay=settings.scale_down_delay,
    )


def reachable(edge: EdgeSettings, concurrency: int) -> int:
    """Return the requests in flight that one replica gets, whoever they are from: others keep the places beyond."""
    return places(edge, concurrency).own


def prometheus_clients(settings: AutoscalingSettings | None) -> tuple[str, ...]:
    """Return the namespaces whose pods ask the stack's own Prometheus."""
    return () if settings is None or settings.prometheus_url else (settings.keda_namespace,)


def refusals(
    settings: AutoscalingSettings, replicas: int, reachable: int, *, monitored: bool, own_prometheus: bool
) -> list[str]:
    """Return a sentence for each reason that the number of replicas cannot follow the load.

    Args:
        settings: the stack's.
        replicas: the least number.
        reachable: requests in flight that one replica gets.
        monitored: whether there are metrics.
        own_prometheus: whether the stack has a Prometheus, and not the cluster's operator.
    """
    found = []
    if settings.max_replicas <= replicas:
        found.append(f"{SETTING}.max_replicas: should be more than litellm.replicas {replicas}, the least number")
    if settings.requests_per_replica is not None and settings.requests_per_replica > reachable:
        found.append(
            f"{SETTING}.requests_per_replica: a replica gets {reachable} requests at once (edge.replica_concurrency,"
            " without the places beyond a fair share), so no other would start; set that or less, or null"
        )
    if not monitored:
        found.append(f"{SETTING}: needs a Prometheus; set monitoring.enabled to true")
    elif own_prometheus and settings.prometheus_url:
        found.append(f"{SETTING}.prometheus_url: belongs to kubernetes.prometheus_operator; remove it")
    elif not own_prometheus and not settings.prometheus_url:
        found.append(f"{SETTING}.prometheus_url: is missing; it is the Prometheus of kubernetes.prometheus_operator")
    return found
