"""A gateway of two replicas with two workers each, watched by Prometheus."""

from collections.abc import Iterator

import pytest

from testbed.configuration import development
from testbed.gateway import running
from testbed.ports import free_ports
from testbed.project import Project
from tests.e2e.monitoring.prometheus import EXPORTERS, Prometheus

ADDED = ("litellm_api_key_rate_limit_allowed_metric", "litellm_api_key_rate_limit_used_metric")
"""Metrics that the stack counts beside those of the dashboard."""


@pytest.fixture(scope="package")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The running gateway. Prometheus reads its metrics every 2 s, and alerts fire soon."""
    config = development()
    (port,) = free_ports(1)
    added = {"litellm_settings": {"prometheus_metrics_config": [{"group": "limits", "metrics": [*ADDED]}]}}
    config["gateway:litellm"] |= {"replicas": 2, "workers": 2, "config_yaml": added}
    config["gateway:monitoring"] = {
        "enabled": True, "litellm_metrics": "dashboard", "port": port, "scrape_interval": 2, "rate_window": 20,
        "alert_after": 2,
    }  # fmt: skip
    with running(Project(tmp_path_factory.mktemp("monitoring"), "monitoring", config)) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def prometheus(gateway: Project) -> Iterator[Prometheus]:
    """The gateway's Prometheus, once it reads the metrics of all parts."""
    with Prometheus(gateway.config["gateway:monitoring"]["port"]) as prometheus:
        prometheus.wait(lambda: len(prometheus.query("up == 1")) > len(EXPORTERS))
        yield prometheus
