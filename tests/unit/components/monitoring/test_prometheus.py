"""What Prometheus asks, and where it finds it."""

from typing import Any

import yaml

from components.edge.haproxy import configuration
from components.edge.settings import EdgeSettings
from components.litellm.environment import METRICS_ENVIRONMENT
from components.monitoring.prometheus import document, text

DOCUMENT = document("prod", 15, with_redis=True)


def job(name: str, document: dict[str, Any] = DOCUMENT) -> dict[str, Any]:
    (found,) = (job for job in document["scrape_configs"] if job["job_name"] == name)
    return dict(found)


def test_each_replica_is_found_by_the_alias_that_all_share() -> None:
    port = int(METRICS_ENVIRONMENT["PROMETHEUS_METRICS_PORT"])
    assert job("litellm")["dns_sd_configs"] == [
        {"names": ["litellm"], "type": "A", "port": port, "refresh_interval": "15s"}
    ]


def test_a_replica_s_metrics_are_asked_where_they_are_not_redirected() -> None:
    assert job("litellm")["metrics_path"] == "/metrics/"


def test_the_edge_is_asked_on_the_port_it_answers_on() -> None:
    ((target,),) = (config["targets"] for config in job("edge")["static_configs"])
    assert target == "edge:8405"
    assert "bind :8405" in configuration(EdgeSettings(), 600)


def test_a_stack_without_redis_does_not_ask_for_it() -> None:
    names = {job["job_name"] for job in document("dev", 15, with_redis=False)["scrape_configs"]}
    assert names == {"prometheus", "litellm", "edge", "postgres"}


def test_a_slow_answer_is_given_up_within_the_interval() -> None:
    assert document("dev", 2, with_redis=True)["global"]["scrape_timeout"] == "2s"
    assert document("dev", 60, with_redis=True)["global"]["scrape_timeout"] == "10s"


def test_the_text_is_the_document() -> None:
    assert yaml.safe_load(text("prod", 15, with_redis=True)) == DOCUMENT
