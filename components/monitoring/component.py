"""Monitoring: Prometheus with its rules, and who it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pulumi
import pulumi_docker as docker
from pydantic import Field, model_validator

from components.engine.docker import DockerEngine
from components.engine.workload import CONFIG_FOLDER, HealthCheck, Network, Port, Replacement, Volume, Workload
from components.monitoring import alert_rules
from components.monitoring import prometheus as prometheus_config
from components.monitoring.alert_rules import Thresholds
from components.monitoring.exporters import postgres_exporter, redis_exporter
from components.monitoring.grafana import Grafana, GrafanaSettings
from components.monitoring.prometheus import CONFIG_FILE, PORT, RULES_FILE
from components.secrets import Secrets
from components.settings.base import Section

DATA_FOLDER = "/prometheus"
LOOPBACK = "127.0.0.1"


class MonitoringSettings(Section):
    """What watches a stack."""

    enabled: bool = False
    """Whether the stack has a Prometheus. Each replica then runs one more process for its metrics: about 200 MiB, and
    some seconds more to start (https://docs.litellm.ai/docs/proxy/prometheus)."""
    memory: int = Field(512, ge=128)
    """Memory limit of Prometheus's container, MiB."""
    port: int | None = Field(None, ge=1, le=65535)
    """Port of 127.0.0.1 for Prometheus's pages, which ask for no password; null: none."""
    scrape_interval: int = Field(15, ge=1, le=300)
    """Seconds between two readings of every metric."""
    rate_window: int = Field(300, ge=4, le=3600)
    """Seconds over which the alert rules take rates; at least four readings
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#rate)."""
    retention_days: int = Field(15, ge=1, le=3650)
    """Days that readings are kept."""
    retention_gib: int = Field(5, ge=1, le=10000)
    """GiB that they may fill; what comes first ends them."""
    error_percent: float = Field(5, gt=0, lt=100)
    """Share of answers 5xx from which ErrorsHigh fires."""
    latency: float = Field(60, gt=0)
    """Seconds that 95 of 100 requests may take before LatencyHigh fires."""
    database_gib: float = Field(20, gt=0)
    """Size of the database from which DatabaseLarge fires, GiB."""
    alert_after: int | None = Field(None, ge=0, le=86400)
    """Seconds a condition lasts before its alert fires; null: each rule's own, as docs/monitoring.md lists them."""
    grafana: GrafanaSettings = GrafanaSettings()
    """The dashboard."""

    @model_validator(mode="after")
    def _window_holds_four_readings(self) -> Self:
        if self.rate_window < 4 * self.scrape_interval:
            raise ValueError(f"rate_window: should be at least {4 * self.scrape_interval}, four scrape intervals")
        return self


@dataclass(frozen=True)
class Images:
    """References of what runs here."""

    prometheus: str
    postgres_exporter: str
    redis_exporter: str | None
    """None where the stack has no Redis."""
    grafana: str | None
    """None where the stack has no Grafana."""


def thresholds(settings: MonitoringSettings, replicas: int) -> Thresholds:
    """Give what the rules compare with."""
    return Thresholds(
        replicas=replicas,
        window=settings.rate_window,
        error_percent=settings.error_percent,
        latency=settings.latency,
        database_gib=settings.database_gib,
        hold=settings.alert_after,
    )


def ports(settings: MonitoringSettings) -> tuple[Port, ...]:
    """Give Prometheus's host port, where it has one."""
    return (Port(PORT, settings.port, LOOPBACK, "port", "monitoring"),) if settings.port else ()


def prometheus(
    settings: MonitoringSettings, image: str, configuration: str, rules: str, volume: pulumi.Input[str]
) -> Workload:
    """Describe Prometheus. The data network is not for it: exporters stand between."""
    return Workload(
        name="prometheus",
        alias="prometheus",
        image=image,
        user="65534:65534",
        networks=(Network.FRONT,),
        memory=settings.memory,
        command=(
            f"--config.file={CONFIG_FOLDER}/{CONFIG_FILE}",
            f"--storage.tsdb.path={DATA_FOLDER}",
            f"--storage.tsdb.retention.time={settings.retention_days}d",
            f"--storage.tsdb.retention.size={settings.retention_gib}GB",
        ),
        config={CONFIG_FILE: configuration, RULES_FILE: rules},
        volumes=(Volume(volume, DATA_FOLDER),),
        health=HealthCheck(
            command=("CMD", "promtool", "query", "instant", f"http://{LOOPBACK}:{PORT}", "vector(1)"),
            interval=2, retries=5, deadline=120,
        ),
        stop_seconds=30,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        ports=ports(settings),
    )  # fmt: skip


class Monitoring(pulumi.ComponentResource):
    """Prometheus on a named volume, an exporter each for Postgres and Redis, and Grafana where its image is given."""

    prometheus: docker.Container

    def __init__(
        self,
        settings: MonitoringSettings,
        images: Images,
        secrets: Secrets,
        engine: DockerEngine,
        *,
        stack: str,
        replicas: int,
        depends_on: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Start watching a stack of so many replicas."""
        super().__init__("gateway:index:Monitoring", "monitoring", {}, opts)
        volume = engine.volume("prometheus-data", self)
        configuration = prometheus_config.text(
            stack, settings.scrape_interval, with_redis=images.redis_exporter is not None
        )
        rules = alert_rules.text(thresholds(settings, replicas))
        engine.run(postgres_exporter(images.postgres_exporter, secrets.postgres_password), self, depends_on)
        if images.redis_exporter:
            engine.run(redis_exporter(images.redis_exporter, secrets.redis_password), self, depends_on)
        self.prometheus = engine.run(prometheus(settings, images.prometheus, configuration, rules, volume.name), self)
        if images.grafana:
            below = pulumi.ResourceOptions(parent=self)
            Grafana(settings.grafana, images.grafana, settings.scrape_interval, engine, opts=below)
        self.register_outputs({})
