"""Monitoring: Prometheus with its rules, the exporters, and Grafana."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from components.data.postgres_connection import PostgresConnection
from components.data.redis_connection import RedisConnection
from components.engine.engine import Engine
from components.engine.metrics import ExternalPrometheus, ScrapeJob
from components.engine.workload import (
    CONFIG_FOLDER,
    LOOPBACK,
    HealthCheck,
    HttpGet,
    Network,
    Port,
    Replacement,
    Service,
    Volume,
)
from components.monitoring import alert_rules, jobs, prometheus
from components.monitoring.alert_rules import Thresholds
from components.monitoring.exporters import blackbox_exporter, postgres_exporter, redis_exporter
from components.monitoring.grafana import Grafana, GrafanaArgs
from components.monitoring.prometheus import ALIAS, CONFIG_FILE, PORT, RULES_FILE
from components.monitoring.settings import MonitoringSettings

DATA_FOLDER = "/prometheus"


@dataclass(frozen=True)
class MonitoringArgs:
    """What monitoring needs."""

    settings: MonitoringSettings
    images: Mapping[str, str]
    """References by the names of `gateway:images`; without redis_exporter, blackbox_exporter or grafana if the stack
    has none."""
    stack: str
    replicas: int
    """How many the stack has."""
    database: PostgresConnection
    redis: RedisConnection
    tls_name: str | None
    """Host name that the probe of the certificate asks for; None: any."""
    engine: Engine
    behind_ingress: bool = True
    """Whether an ingress stands before the edge."""
    clients: tuple[str, ...] = ()
    """Namespaces of a cluster whose pods ask Prometheus."""
    depends_on: Sequence[pulumi.Resource] = ()
    """What the exporters read."""


def thresholds(settings: MonitoringSettings, replicas: int) -> Thresholds:
    """Return the limits of the alert rules."""
    return Thresholds(
        replicas=replicas,
        window=settings.rate_window,
        error_percent=settings.error_percent,
        latency=settings.latency_p95,
        database_gib=settings.database_gib,
        certificate_days=settings.certificate_days,
        hold=settings.alert_after,
    )


def ports(settings: MonitoringSettings) -> tuple[Port, ...]:
    """Return Prometheus's host port, if it has one."""
    return (Port(PORT, settings.port, LOOPBACK, "monitoring.port"),) if settings.port else ()


def scrape_jobs(args: MonitoringArgs) -> tuple[ScrapeJob, ...]:
    """Return what there is to read."""
    return jobs.jobs(
        with_redis="redis_exporter" in args.images,
        with_tls="blackbox_exporter" in args.images,
        behind_ingress=args.behind_ingress,
    )


def prometheus_service(args: MonitoringArgs, volume: pulumi.Input[str]) -> Service:
    """Describe Prometheus. It does not join the data network: the exporters stand between."""
    settings = args.settings
    configuration = prometheus.text(args.stack, settings.scrape_interval, scrape_jobs(args))
    return Service(
        name=ALIAS,
        alias=ALIAS,
        image=args.images["prometheus"],
        user="65534:65534",
        networks=(Network.FRONT,),
        memory_mib=settings.memory_mib,
        command=(
            f"--config.file={CONFIG_FOLDER}/{CONFIG_FILE}",
            f"--storage.tsdb.path={DATA_FOLDER}",
            f"--storage.tsdb.retention.time={settings.retention_days}d",
            f"--storage.tsdb.retention.size={settings.retention_gib}GB",
        ),
        config={CONFIG_FILE: configuration, RULES_FILE: alert_rules.text(thresholds(settings, args.replicas))},
        volumes=(Volume(volume, DATA_FOLDER),),
        health=HealthCheck(
            command=("CMD", "promtool", "query", "instant", f"http://{LOOPBACK}:{PORT}", "vector(1)"),
            request=HttpGet(PORT, "/-/ready"),
            interval=2,
            command_interval=10,
            retries=5,
        ),
        stop_timeout=30,
        replacement=Replacement.DELETE_BEFORE_CREATE,
        listens=(PORT,),
        ingress_namespaces=args.clients,
        ports=ports(settings),
    )


class Monitoring(pulumi.ComponentResource):
    """The exporters, and Prometheus on a named volume with Grafana where it has an image.

    Where the engine knows a Prometheus beside the stack, that one gets the jobs and the rules instead.
    """

    volume: pulumi.Output[str] | None
    """Name of Prometheus's volume on the engine; None where another Prometheus reads the metrics."""

    def __init__(self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Start to watch a stack."""
        super().__init__("gateway:index:Monitoring", name, {}, opts)
        engine, images = args.engine, args.images
        external = engine.prometheus
        self.volume = None if external else engine.create_volume(prometheus.VOLUME, self)
        engine.run(postgres_exporter(images["postgres_exporter"], args.database), self, args.depends_on)
        if "redis_exporter" in images:
            engine.run(redis_exporter(images["redis_exporter"], args.redis), self, args.depends_on)
        if "blackbox_exporter" in images:
            engine.run(blackbox_exporter(images["blackbox_exporter"], args.tls_name), self)
        if external:
            self._watched_by(external, args)
        elif self.volume is not None:
            engine.run(prometheus_service(args, self.volume), self)
        if "grafana" in images:
            grafana = GrafanaArgs(args.settings.grafana, images["grafana"], args.settings.scrape_interval, engine)
            Grafana("grafana", grafana, pulumi.ResourceOptions(parent=self))
        self.register_outputs({"volume": self.volume})

    def _watched_by(self, external: ExternalPrometheus, args: MonitoringArgs) -> None:
        limits = replace(thresholds(args.settings, args.replicas), labels=external.labels)
        external.watch(scrape_jobs(args), alert_rules.document(limits), args.settings.scrape_interval, self)
