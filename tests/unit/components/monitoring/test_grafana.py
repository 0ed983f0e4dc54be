"""Grafana as a service."""

import json

import yaml

from components.engine.workload import Network
from components.monitoring.dashboard import DATASOURCE
from components.monitoring.grafana import GrafanaArgs, ports, provisioning, service
from components.monitoring.settings import GrafanaSettings
from tests.unit.components.workloads import NO_ENGINE

SERVICE = service(GrafanaArgs(GrafanaSettings(port=3100, memory_mib=300), "grafana:12", 30, NO_ENGINE))


def test_data_source_is_the_stack_s_prometheus() -> None:
    (source,) = yaml.safe_load(provisioning(30)["provisioning/datasources/prometheus.yaml"])["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert source["uid"] == DATASOURCE["uid"]
    assert source["jsonData"] == {"timeInterval": "30s"}


def test_dashboard_is_in_the_provisioned_folder() -> None:
    (provider,) = yaml.safe_load(provisioning(30)["provisioning/dashboards/gateway.yaml"])["providers"]
    assert provider["options"]["path"] == "/etc/gateway/dashboards"
    assert json.loads(str(SERVICE.config["dashboards/gateway.json"]))["uid"] == "gateway"
    assert SERVICE.environment["GF_PATHS_PROVISIONING"] == "/etc/gateway/provisioning"


def test_pages_are_on_loopback() -> None:
    found = [(port.external, port.address, port.setting) for port in ports(GrafanaSettings(port=3100))]
    assert found == [(3100, "127.0.0.1", "monitoring.grafana.port")]
    assert SERVICE.ports == ports(GrafanaSettings(port=3100))
    assert SERVICE.networks == (Network.FRONT,)


def test_everyone_may_look_and_nobody_can_log_in() -> None:
    assert SERVICE.environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
    assert SERVICE.environment["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
    assert SERVICE.environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert "GF_AUTH_ANONYMOUS_ORG_ROLE" not in SERVICE.environment


def test_grafana_runs_no_code_that_its_image_does_not_hold() -> None:
    assert SERVICE.environment["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
    assert SERVICE.environment["GF_PLUGINS_PLUGIN_ADMIN_ENABLED"] == "false"


def test_grafana_asks_nothing_of_its_vendor() -> None:
    off = [name for name in SERVICE.environment if name.startswith(("GF_ANALYTICS_", "GF_NEWS_"))]
    assert {name: SERVICE.environment[name] for name in off} == dict.fromkeys(
        (
            "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES",
            "GF_ANALYTICS_CHECK_FOR_UPDATES",
            "GF_ANALYTICS_REPORTING_ENABLED",
            "GF_NEWS_NEWS_FEED_ENABLED",
        ),
        "false",
    )
    assert SERVICE.environment["GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED"] == "true"


def test_settings_reach_grafana() -> None:
    assert SERVICE.memory_mib == 300
    assert SERVICE.config == provisioning(30)
