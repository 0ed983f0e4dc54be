"""Grafana with the gateway's dashboard."""

import pulumi
import pulumi_docker as docker
import yaml
from pydantic import Field

from components.engine.docker import DockerEngine
from components.engine.workload import CONFIG_FOLDER, HealthCheck, Network, Port, Replacement, Workload
from components.monitoring import dashboard
from components.monitoring.prometheus import PORT as PROMETHEUS_PORT
from components.settings.base import Section

PORT = 3000
LOOPBACK = "127.0.0.1"
PROVISIONING = "provisioning"


class GrafanaSettings(Section):
    """The Grafana of a stack."""

    enabled: bool | None = None
    """Whether the stack has one; null: where the vendors' images run. Debian has no package of it, so where images are
    built it can only be enabled with an image of one's own (`images.grafana`)."""
    port: int = Field(PORT, ge=1, le=65535)
    """Port of 127.0.0.1 for its pages. Who reaches it sees the dashboard and can change nothing."""
    memory: int = Field(384, ge=128)
    """Memory limit of the container, MiB."""


def ports(settings: GrafanaSettings) -> tuple[Port, ...]:
    """Give its host port."""
    return (Port(PORT, settings.port, LOOPBACK, "port", "monitoring.grafana"),)


def provisioning(scrape_interval: int) -> dict[str, str]:
    """Write the files that Grafana reads as it starts: where the numbers are, and the dashboard."""
    source = {
        **dashboard.DATASOURCE,
        "name": "Prometheus",
        "access": "proxy",
        "url": f"http://prometheus:{PROMETHEUS_PORT}",
        "isDefault": True,
        # Four of it are the shortest window that the dashboard takes rates over.
        "jsonData": {"timeInterval": f"{scrape_interval}s"},
    }
    folder = {"name": "gateway", "type": "file", "options": {"path": f"{CONFIG_FOLDER}/dashboards"}}
    return {
        f"{PROVISIONING}/datasources/prometheus.yaml": yaml.safe_dump({"apiVersion": 1, "datasources": [source]}),
        f"{PROVISIONING}/dashboards/gateway.yaml": yaml.safe_dump({"apiVersion": 1, "providers": [folder]}),
        "dashboards/gateway.json": dashboard.text(),
    }


def workload(settings: GrafanaSettings, image: str, scrape_interval: int) -> Workload:
    """Describe Grafana. Nobody logs in: everyone on the host may look, and it keeps nothing."""
    return Workload(
        name="grafana",
        alias="grafana",
        image=image,
        user="472:0",
        networks=(Network.FRONT,),
        memory=settings.memory,
        environment={
            "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
            "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
            "GF_ANALYTICS_REPORTING_ENABLED": "false",
            "GF_AUTH_ANONYMOUS_ENABLED": "true",
            "GF_AUTH_BASIC_ENABLED": "false",
            "GF_AUTH_DISABLE_LOGIN_FORM": "true",
            "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH": f"{CONFIG_FOLDER}/dashboards/gateway.json",
            "GF_PATHS_PROVISIONING": f"{CONFIG_FOLDER}/{PROVISIONING}",
            "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION": "true",
        },
        config=provisioning(scrape_interval),
        tmpfs=("/tmp", "/var/lib/grafana", "/var/log/grafana"),  # noqa: S108
        health=HealthCheck(
            command=("CMD", "curl", "-sf", "-o", "/dev/null", f"http://{LOOPBACK}:{PORT}/api/health"),
            interval=2, retries=5, deadline=120,
        ),
        stop_seconds=10,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        ports=ports(settings),
    )  # fmt: skip


class Grafana(pulumi.ComponentResource):
    """One Grafana, made of files: a new one shows the same."""

    container: docker.Container

    def __init__(
        self,
        settings: GrafanaSettings,
        image: str,
        scrape_interval: int,
        engine: DockerEngine,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start it; Prometheus reads every metric each `scrape_interval` seconds."""
        super().__init__("gateway:index:Grafana", "grafana", {}, opts)
        self.container = engine.run(workload(settings, image, scrape_interval), self)
        self.register_outputs({})
