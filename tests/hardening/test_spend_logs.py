"""Spend-log retention: what is older goes, what is younger stays."""

from tests.e2e.project import Project
from tests.hardening.replica import wait_for

LEFT = (
    """select string_agg(request_id, ' ' order by request_id) from "LiteLLM_SpendLogs" where request_id like 'aged-%'"""
)
PATIENCE = 90
"""Seconds; the cleanup runs each minute in this stack."""


def test_spend_logs_past_thirty_days_are_deleted(gateway: Project) -> None:
    wait_for(lambda: gateway.sql(LEFT) == "aged-29", PATIENCE)
