"""The metrics of a choice are those that it is for."""

import re

from components.monitoring.alert_rules import Thresholds, rules
from components.monitoring.dashboard import PANELS
from components.monitoring.litellm_metrics import LiteLLMMetrics

NOT_OF_REQUESTS = {"litellm_in_flight_requests", "litellm_spend_log_cleanup_rows_remaining", "litellm_model_name"}
"""Metrics that LiteLLM counts whatever is chosen, and a label."""


def test_metrics_of_the_dashboard_are_those_that_it_and_the_alert_rules_read() -> None:
    texts = [query.expression for panel in PANELS for query in panel.queries]
    limits = Thresholds(replicas=1, window=60, error_percent=1, latency=1, database_gib=1, certificate_days=1)
    texts += [rule.expression for rule in rules(limits)]
    names = {name for text in texts for name in re.findall(r"\b(litellm_\w+?)(?:_total|_bucket)?\b", text)}
    assert names == {*LiteLLMMetrics.DASHBOARD.names, *NOT_OF_REQUESTS}


def test_all_metrics_need_no_names() -> None:
    assert LiteLLMMetrics.ALL.names == ()
