"""Grafana's workload: made of files, on loopback, nobody logs in."""

import json

import yaml

from components.engine.workload import Network
from components.monitoring.dashboard import DATASOURCE
from components.monitoring.grafana import GrafanaSettings, ports, provisioning, workload

WORKLOAD = workload(GrafanaSettings(port=3100), "grafana:12", scrape_interval=30)


def test_the_numbers_come_from_the_stack_s_prometheus() -> None:
    (source,) = yaml.safe_load(provisioning(30)["provisioning/datasources/prometheus.yaml"])["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] == DATASOURCE["uid"]
    assert source["jsonData"] == {"timeInterval": "30s"}


def test_the_dashboard_is_read_from_the_folder_that_holds_it() -> None:
    (provider,) = yaml.safe_load(provisioning(30)["provisioning/dashboards/gateway.yaml"])["providers"]
    assert provider["options"]["path"] == "/etc/gateway/dashboards"
    assert json.loads(WORKLOAD.config["dashboards/gateway.json"])["uid"] == "gateway"
    assert WORKLOAD.environment["GF_PATHS_PROVISIONING"] == "/etc/gateway/provisioning"


def test_only_the_host_itself_reaches_its_pages() -> None:
    assert [(port.external, port.address) for port in ports(GrafanaSettings(port=3100))] == [(3100, "127.0.0.1")]
    assert WORKLOAD.networks == (Network.FRONT,)


def test_everyone_may_look_and_nobody_log_in() -> None:
    assert WORKLOAD.environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
    assert WORKLOAD.environment["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
    assert WORKLOAD.environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert "GF_AUTH_ANONYMOUS_ORG_ROLE" not in WORKLOAD.environment
