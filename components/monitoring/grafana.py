"""Grafana with the gateway's dashboard."""

from dataclasses import dataclass

import pulumi
import yaml

from components.engine.engine import Engine
from components.engine.workload import (
    CONFIG_FOLDER,
    LOOPBACK,
    HealthCheck,
    HttpGet,
    Network,
    Port,
    Replacement,
    Service,
)
from components.monitoring import dashboard
from components.monitoring.prometheus import ALIAS as PROMETHEUS
from components.monitoring.prometheus import PORT as PROMETHEUS_PORT
from components.monitoring.settings import GrafanaSettings

ALIAS = "grafana"
PORT = 3000
PROVISIONING = "provisioning"
NO_PLUGINS = {
    "GF_PLUGINS_PLUGIN_ADMIN_ENABLED": "false",
    "GF_PLUGINS_PREINSTALL_AUTO_UPDATE": "false",
    "GF_PLUGINS_PREINSTALL_DISABLED": "true",
    "GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED": "true",
}
"""What runs is what the image holds. By default Grafana downloads the newest version of several plugins at each start
(https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#plugins), here into the container's memory."""


def ports(settings: GrafanaSettings) -> tuple[Port, ...]:
    """Return its host port."""
    return (Port(PORT, settings.port, LOOPBACK, "monitoring.grafana.port"),)


def provisioning(scrape_interval: int) -> dict[str, str]:
    """Return the files that Grafana reads at its start: its data source and the dashboard."""
    source = {
        **dashboard.DATASOURCE,
        "name": "Prometheus",
        "access": "proxy",
        "url": f"http://{PROMETHEUS}:{PROMETHEUS_PORT}",
        "isDefault": True,
        # The dashboard takes rates over at least four of it.
        "jsonData": {"timeInterval": f"{scrape_interval}s"},
    }
    folder = {"name": "gateway", "type": "file", "options": {"path": f"{CONFIG_FOLDER}/dashboards"}}
    return {
        f"{PROVISIONING}/datasources/prometheus.yaml": yaml.safe_dump({"apiVersion": 1, "datasources": [source]}),
        f"{PROVISIONING}/dashboards/gateway.yaml": yaml.safe_dump({"apiVersion": 1, "providers": [folder]}),
        "dashboards/gateway.json": dashboard.text(),
    }


@dataclass(frozen=True)
class GrafanaArgs:
    """What Grafana needs."""

    settings: GrafanaSettings
    image: str
    scrape_interval: int
    """Seconds between two readings of every metric."""
    engine: Engine


def service(args: GrafanaArgs) -> Service:
    """Describe Grafana. Nobody logs in: everyone on the host may look, and it stores nothing."""
    return Service(
        name=ALIAS,
        alias=ALIAS,
        image=args.image,
        user="472:0",
        networks=(Network.FRONT,),
        memory_mib=args.settings.memory_mib,
        environment={
            "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_AUTH_ANONYMOUS_ENABLED": "true",
            "GF_AUTH_BASIC_ENABLED": "false",
            "GF_AUTH_DISABLE_LOGIN_FORM": "true",
            "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH": f"{CONFIG_FOLDER}/dashboards/gateway.json",
            "GF_NEWS_NEWS_FEED_ENABLED": "false",
            "GF_PATHS_PROVISIONING": f"{CONFIG_FOLDER}/{PROVISIONING}",
            **NO_PLUGINS,
            "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true",
        },
        config=provisioning(args.scrape_interval),
        tmpfs=("/tmp", "/var/lib/grafana", "/var/log/grafana"),  # noqa: S108
        health=HealthCheck(
            command=("CMD", "curl", "-sf", "-o", "/dev/null", f"http://{LOOPBACK}:{PORT}/api/health"),
            request=HttpGet(PORT, "/api/health"),
            interval=2,
            command_interval=10,
            retries=5,
        ),
        stop_timeout=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        listens=(PORT,),
        ports=ports(args.settings),
    )


class Grafana(pulumi.ComponentResource):
    """One Grafana, made of files: a new one shows the same."""

    def __init__(self, name: str, args: GrafanaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start it."""
        super().__init__("gateway:index:Grafana", name, {}, opts)
        args.engine.run(service(args), self)
        self.register_outputs({"url": f"http://{LOOPBACK}:{args.settings.port}"})
