"""Which of LiteLLM's metrics of requests a replica counts."""

from enum import StrEnum

READ = (
    "litellm_deployment_failure_responses",
    "litellm_deployment_total_requests",
    "litellm_input_tokens_metric",
    "litellm_llm_api_latency_metric",
    "litellm_output_tokens_metric",
    "litellm_proxy_failed_requests_metric",
    "litellm_proxy_total_requests_metric",
    "litellm_request_total_latency_metric",
    "litellm_spend_metric",
)
"""Those that the dashboard and the alert rules read (https://docs.litellm.ai/docs/proxy/prometheus)."""


class LiteLLMMetrics(StrEnum):
    """A choice of LiteLLM's metrics of requests."""

    ALL = "all"
    """All that the release has."""
    DASHBOARD = "dashboard"
    """Only those that the dashboard and the alert rules read."""

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that are counted; none: all."""
        return READ if self is LiteLLMMetrics.DASHBOARD else ()
