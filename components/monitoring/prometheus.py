"""Prometheus's configuration as text: what it scrapes, and where."""

from collections.abc import Sequence
from typing import Any

import yaml

from components.engine.metrics import METRICS_PATH, ScrapeJob, scrape_timeout
from components.engine.workload import CONFIG_FOLDER, LOOPBACK, DataVolume

ALIAS = "prometheus"
PORT = 9090
VOLUME = DataVolume("prometheus-data", size_gib=20)
CONFIG_FILE = "prometheus.yml"
RULES_FILE = "rules.yml"


def document(stack: str, scrape_interval: int, jobs: Sequence[ScrapeJob]) -> dict[str, Any]:
    """Return prometheus.yml as data."""
    return {
        "global": {
            "scrape_interval": f"{scrape_interval}s",
            "scrape_timeout": scrape_timeout(scrape_interval),
            "evaluation_interval": f"{scrape_interval}s",
            "external_labels": {"stack": stack},
        },
        "rule_files": [f"{CONFIG_FOLDER}/{RULES_FILE}"],
        "scrape_configs": [
            {"job_name": ALIAS, "static_configs": [{"targets": [f"{LOOPBACK}:{PORT}"]}]},
            *(_scrape_config(job, scrape_interval) for job in jobs),
        ],
    }


def text(stack: str, scrape_interval: int, jobs: Sequence[ScrapeJob]) -> str:
    """Return prometheus.yml as text."""
    return yaml.safe_dump(document(stack, scrape_interval, jobs), sort_keys=False, width=120)


def _scrape_config(job: ScrapeJob, scrape_interval: int) -> dict[str, Any]:
    # The name server lists every container of the alias. It is asked as often as they are scraped.
    names = {"names": [job.alias], "type": "A", "port": job.port, "refresh_interval": f"{scrape_interval}s"}
    found: dict[str, Any] = (
        {"dns_sd_configs": [names]}
        if job.replicated
        else {"static_configs": [{"targets": [f"{job.alias}:{job.port}"]}]}
    )
    return {
        "job_name": job.name,
        **({} if job.path == METRICS_PATH else {"metrics_path": job.path}),
        **job.params,
        **found,
    }
