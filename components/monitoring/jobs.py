"""What Prometheus reads of a stack, job by job."""

from components.edge.component import INGRESS
from components.edge.frontend import SECURE_PORT
from components.edge.haproxy import ALIAS as EDGE
from components.edge.haproxy import METRICS_PORT as EDGE_PORT
from components.engine.metrics import ScrapeJob
from components.litellm.component import ALIAS as LITELLM
from components.litellm.environment import METRICS_PORT as LITELLM_PORT
from components.monitoring.exporters import (
    BLACKBOX_EXPORTER,
    BLACKBOX_EXPORTER_PORT,
    POSTGRES_EXPORTER,
    POSTGRES_EXPORTER_PORT,
    REDIS_EXPORTER,
    REDIS_EXPORTER_PORT,
    TLS_MODULE,
)

EDGE_SCOPES = ("global", "frontend", "backend", "server")


def jobs(*, with_redis: bool, with_tls: bool, behind_ingress: bool) -> tuple[ScrapeJob, ...]:
    """Return the jobs. Without an ingress there may be several edges."""
    # Most of the 32 server slots are empty: those are left out.
    edge = {"scope": EDGE_SCOPES, "no-maint": ("",)}
    target = f"{INGRESS if behind_ingress else EDGE}:{SECURE_PORT}"
    probe = {"module": (TLS_MODULE,), "target": (target,)}
    redis = ScrapeJob("redis", REDIS_EXPORTER, REDIS_EXPORTER_PORT)
    certificate = ScrapeJob("certificate", BLACKBOX_EXPORTER, BLACKBOX_EXPORTER_PORT, "/probe", probe)
    return (
        ScrapeJob(LITELLM, LITELLM, LITELLM_PORT, "/metrics/", replicated=True),
        ScrapeJob(EDGE, EDGE, EDGE_PORT, parameters=edge, replicated=not behind_ingress),
        ScrapeJob("postgres", POSTGRES_EXPORTER, POSTGRES_EXPORTER_PORT),
        *([redis] if with_redis else []),
        *([certificate] if with_tls else []),
    )
