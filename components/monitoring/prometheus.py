"""Prometheus's configuration as text: what it scrapes, and where."""

from typing import Any

import yaml

from components.edge.component import INGRESS
from components.edge.frontend import SECURE_PORT
from components.edge.haproxy import ALIAS as EDGE
from components.edge.haproxy import METRICS_PORT as EDGE_PORT
from components.engine.workload import CONFIG_FOLDER, LOOPBACK, DataVolume
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

ALIAS = "prometheus"
PORT = 9090
VOLUME = DataVolume("prometheus-data", size_gib=20)
CONFIG_FILE = "prometheus.yml"
RULES_FILE = "rules.yml"


def document(
    stack: str, scrape_interval: int, *, with_redis: bool, with_tls: bool, behind_ingress: bool = True
) -> dict[str, Any]:
    """Return prometheus.yml as data. Without an ingress there may be several edges."""

    def by_name(name: str, port: int) -> dict[str, Any]:
        # The name server lists every container of the alias. It is asked as often as they are scraped.
        names = {"names": [name], "type": "A", "port": port, "refresh_interval": f"{scrape_interval}s"}
        return {"dns_sd_configs": [names]}

    certificate = _job(
        "certificate",
        metrics_path="/probe",
        params={"module": [TLS_MODULE], "target": [f"{INGRESS if behind_ingress else EDGE}:{SECURE_PORT}"]},
        static_configs=[{"targets": [f"{BLACKBOX_EXPORTER}:{BLACKBOX_EXPORTER_PORT}"]}],
    )
    redis = _job("redis", static_configs=[{"targets": [f"{REDIS_EXPORTER}:{REDIS_EXPORTER_PORT}"]}])
    return {
        "global": {
            "scrape_interval": f"{scrape_interval}s",
            "scrape_timeout": f"{min(scrape_interval, 10)}s",
            "evaluation_interval": f"{scrape_interval}s",
            "external_labels": {"stack": stack},
        },
        "rule_files": [f"{CONFIG_FOLDER}/{RULES_FILE}"],
        "scrape_configs": [
            _job(ALIAS, static_configs=[{"targets": [f"{LOOPBACK}:{PORT}"]}]),
            _job(LITELLM, metrics_path="/metrics/", **by_name(LITELLM, LITELLM_PORT)),
            _job(
                EDGE,
                # Most of the 32 server slots are empty: those are left out.
                params={"scope": ["global", "frontend", "backend", "server"], "no-maint": [""]},
                **(
                    {"static_configs": [{"targets": [f"{EDGE}:{EDGE_PORT}"]}]}
                    if behind_ingress
                    else by_name(EDGE, EDGE_PORT)
                ),
            ),
            _job("postgres", static_configs=[{"targets": [f"{POSTGRES_EXPORTER}:{POSTGRES_EXPORTER_PORT}"]}]),
            *([redis] if with_redis else []),
            *([certificate] if with_tls else []),
        ],
    }


def text(stack: str, scrape_interval: int, *, with_redis: bool, with_tls: bool, behind_ingress: bool = True) -> str:
    """Return prometheus.yml as text."""
    found = document(stack, scrape_interval, with_redis=with_redis, with_tls=with_tls, behind_ingress=behind_ingress)
    return yaml.safe_dump(found, sort_keys=False, width=120)


def _job(name: str, **options: Any) -> dict[str, Any]:
    return {"job_name": name, **options}
