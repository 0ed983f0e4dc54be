"""The settings of autoscaling: how many replicas of LiteLLM a cluster runs."""

from pydantic import Field

from components.settings.base import SettingsModel

MOST_REPLICAS = 16
"""As many as `litellm.replicas` may be."""


class AutoscalingSettings(SettingsModel):
    """Between `litellm.replicas` and more, by the requests in flight. KEDA (https://keda.sh) does it.

    Processor time would say little: a replica whose streams wait for slow providers is idle and full at the same time.
    """

    max_replicas: int = Field(ge=2, le=MOST_REPLICAS)
    """Most replicas. `litellm.replicas` is the least number."""
    requests_per_replica: int | None = Field(None, ge=1, le=10_000)
    """Requests in flight, streams among them, that a replica should carry; null: half of what it may at most. Where
    there are more, another one starts."""
    scale_down_delay: int = Field(300, ge=0, le=3600)
    """Time that fewer replicas must have been enough before one stops. It finishes its requests first."""
    keda_namespace: str = Field("keda", min_length=1, max_length=63)
    """Namespace of KEDA's operator, which asks Prometheus."""
    prometheus_url: str | None = Field(None, pattern=r"^https?://[^\s@]+$")
    """A Prometheus that reads the edges' metrics, as KEDA reaches it; null: the stack's own, which needs
    `monitoring.enabled`."""
