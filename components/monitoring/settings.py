"""The settings of monitoring."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from components.monitoring.litellm_metrics import LiteLLMMetrics
from components.settings.base import SettingsModel


class GrafanaSettings(SettingsModel):
    """The Grafana."""

    renamed: ClassVar[Mapping[str, str]] = {"memory": "memory_mib"}

    enabled: bool | None = None
    """Whether the stack has a Grafana; null: when the vendors' images run. Debian has no package of it, so with built
    images it needs an image of your own (`images.grafana`)."""
    port: int = Field(3000, ge=1, le=65535)
    """Port of 127.0.0.1 for its pages. Whoever reaches it sees the dashboard and can change nothing."""
    memory_mib: int = Field(512, ge=256)
    """Memory limit of the container."""


class MonitoringSettings(SettingsModel):
    """Prometheus, its exporters and alert rules, and Grafana."""

    renamed: ClassVar[Mapping[str, str]] = {"latency": "latency_p95", "memory": "memory_mib"}

    enabled: bool = False
    """Whether the stack has a Prometheus. Each replica then runs one more process for its metrics: about 30 MiB
    (https://docs.litellm.ai/docs/proxy/prometheus)."""
    litellm_metrics: LiteLLMMetrics = LiteLLMMetrics.ALL
    """LiteLLM's metrics of requests that replicas count: `all`, or only those that the `dashboard` and the alert rules
    read, so Prometheus keeps fewer series. To `dashboard`, others can be added by name (docs/monitoring.md)."""
    memory_mib: int = Field(512, ge=128)
    """Memory limit of Prometheus's container."""
    port: int | None = Field(None, ge=1, le=65535)
    """Port of 127.0.0.1 for Prometheus's pages, which ask for no password; null: none."""
    scrape_interval: int = Field(15, ge=1, le=300)
    """Time between two readings of every metric."""
    rate_window: int = Field(300, ge=4, le=3600)
    """Time over which the alert rules take rates; at least four scrape intervals
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#rate)."""
    retention_days: int = Field(15, ge=1, le=3650)
    """How long readings are kept."""
    retention_gib: int = Field(5, ge=1, le=10000)
    """Disk that readings may fill. The oldest are deleted when this limit or `retention_days` is reached."""
    error_percent: float = Field(5, gt=0, lt=100)
    """Share of 5xx answers above which ErrorsHigh fires."""
    latency_p95: float = Field(60, gt=0)
    """95th percentile of a request's time above which LatencyHigh fires."""
    database_gib: float = Field(20, gt=0)
    """Size of the database above which DatabaseLarge fires."""
    certificate_days: float = Field(20, gt=0, le=365)
    """Days before the expiry of the certificate that clients see below which CertificateExpiring fires. Certbot renews
    one of 90 days in its last third."""
    alert_after: int | None = Field(None, ge=0, le=86400)
    """How long a condition lasts before its alert fires; null: each rule's own time, as in docs/monitoring.md."""
    grafana: GrafanaSettings = GrafanaSettings()
    """The dashboard."""

    @model_validator(mode="after")
    def _window_holds_four_readings(self) -> Self:
        if self.rate_window < 4 * self.scrape_interval:
            raise ValueError(f"rate_window: should be at least {4 * self.scrape_interval}, four scrape intervals")
        return self
