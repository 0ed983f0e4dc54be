"""What Prometheus scrapes."""

from typing import Any

import yaml

from components.edge.haproxy import Replicas, configuration
from components.edge.settings import EdgeSettings
from components.litellm.environment import METRICS_PORT
from components.monitoring.jobs import jobs
from components.monitoring.prometheus import document, text

JOBS = jobs(with_redis=True, with_tls=True, behind_ingress=True)
DOCUMENT = document("prod", 15, JOBS)


def job(name: str, document: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    (found,) = (job for job in document["scrape_configs"] if job["job_name"] == name)
    return dict(found)


def test_replicas_are_found_by_their_alias() -> None:
    assert job("litellm")["dns_sd_configs"] == [
        {"names": ["litellm"], "type": "A", "port": METRICS_PORT, "refresh_interval": "15s"}
    ]


def test_replica_s_metrics_path_is_not_redirected() -> None:
    assert job("litellm")["metrics_path"] == "/metrics/"


def test_edge_is_scraped_at_its_metrics_port() -> None:
    ((target,),) = (config["targets"] for config in job("edge")["static_configs"])
    assert target == "edge:8405"
    assert "bind :8405" in configuration(EdgeSettings(), Replicas(600, 90))


def test_stack_without_redis_does_not_scrape_it() -> None:
    fewest = jobs(with_redis=False, with_tls=False, behind_ingress=True)
    names = {job["job_name"] for job in document("dev", 15, fewest)["scrape_configs"]}
    assert names == {"prometheus", "litellm", "edge", "postgres"}


def test_scrape_times_out_within_the_interval() -> None:
    assert document("dev", 2, JOBS)["global"]["scrape_timeout"] == "2s"
    assert document("dev", 60, JOBS)["global"]["scrape_timeout"] == "10s"


def test_text_is_the_document() -> None:
    assert yaml.safe_load(text("prod", 15, JOBS)) == DOCUMENT


def test_several_edges_are_found_by_their_name() -> None:
    found = document("prod", 15, jobs(with_redis=False, with_tls=True, behind_ingress=False))
    assert job("edge", found)["dns_sd_configs"] == [
        {"names": ["edge"], "type": "A", "port": 8405, "refresh_interval": "15s"},
    ]
    assert "static_configs" not in job("edge", found)
    assert job("certificate", found)["params"]["target"] == ["edge:4443"]
