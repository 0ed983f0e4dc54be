"""Prometheus's configuration as text: what it asks, and where it finds it."""

from typing import Any

import yaml

from components.edge.haproxy import METRICS_PORT as EDGE_PORT
from components.engine.workload import CONFIG_FOLDER
from components.litellm.component import ALIAS as LITELLM
from components.litellm.environment import METRICS_PORT as LITELLM_PORT

PORT = 9090
POSTGRES_PORT = 9187
REDIS_PORT = 9121
CONFIG_FILE = "prometheus.yml"
RULES_FILE = "rules.yml"


def document(stack: str, scrape_interval: int, *, with_redis: bool) -> dict[str, Any]:
    """Give prometheus.yml as data."""
    return {
        "global": {
            "scrape_interval": f"{scrape_interval}s",
            "scrape_timeout": f"{min(scrape_interval, 10)}s",
            "evaluation_interval": f"{scrape_interval}s",
            "external_labels": {"stack": stack},
        },
        "rule_files": [f"{CONFIG_FOLDER}/{RULES_FILE}"],
        "scrape_configs": [
            _job("prometheus", static_configs=[{"targets": [f"127.0.0.1:{PORT}"]}]),
            # Docker's name server lists every replica of the alias; asked as often as they are scraped.
            _job(
                "litellm",
                metrics_path="/metrics/",
                dns_sd_configs=[
                    {"names": [LITELLM], "type": "A", "port": LITELLM_PORT, "refresh_interval": f"{scrape_interval}s"}
                ],
            ),
            _job(
                "edge",
                # Of 32 places for replicas most are empty: those are left out.
                params={"scope": ["global", "frontend", "backend", "server"], "no-maint": [""]},
                static_configs=[{"targets": [f"edge:{EDGE_PORT}"]}],
            ),
            _job("postgres", static_configs=[{"targets": [f"postgres-exporter:{POSTGRES_PORT}"]}]),
            *([_job("redis", static_configs=[{"targets": [f"redis-exporter:{REDIS_PORT}"]}])] if with_redis else []),
        ],
    }


def text(stack: str, scrape_interval: int, *, with_redis: bool) -> str:
    """Write prometheus.yml."""
    return yaml.safe_dump(document(stack, scrape_interval, with_redis=with_redis), sort_keys=False, width=120)


def _job(name: str, **options: Any) -> dict[str, Any]:
    return {"job_name": name, **options}
