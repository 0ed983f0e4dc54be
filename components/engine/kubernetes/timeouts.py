"""How long Pulumi waits for workloads. Its own limit of ten minutes is too short for some and too long for others."""

import pulumi

from components.engine.kubernetes.settings import KubernetesSettings
from components.engine.workload import Job, Service

AUTOSCALING_SECONDS = 120
"""For KEDA to take a ScaledObject, or to let go of it."""
MARGIN_SECONDS = 30
"""For the cluster's own work: to schedule a pod, to mount its files, to tell Pulumi."""


def of_service(service: Service, settings: KubernetesSettings, *, replicas: int = 1, min_ready_seconds: int = 0) -> int:
    """Return the seconds in which a service is there, or its update has failed.

    Args:
        service: the service.
        settings: the stack's.
        replicas: how many pods.
        min_ready_seconds: how long each is ready before it counts.
    """
    waves = -(-replicas // min(replicas, settings.max_surge or replicas))
    each = settings.image_pull_timeout + service.health.deadline + min_ready_seconds
    return waves * each + MARGIN_SECONDS


def of_job(job: Job, settings: KubernetesSettings) -> int:
    """Return the seconds after which a job must not run any more."""
    return settings.image_pull_timeout + job.timeout + MARGIN_SECONDS


def custom_timeouts(starts: int, stop_timeout: int) -> pulumi.CustomTimeouts:
    """Return the limits of a resource. An update may have to stop what runs before the new one starts."""
    return pulumi.CustomTimeouts(
        create=f"{starts}s",
        update=f"{starts}s",
        delete=f"{stop_timeout + MARGIN_SECONDS * 10}s",
    )
