"""Spend-log retention: older logs are deleted, younger ones stay."""

from testbed.project import Project
from testbed.wait import wait_until

LEFT = (
    """select string_agg(request_id, ' ' order by request_id) from "LiteLLM_SpendLogs" where request_id like 'aged-%'"""
)
CLEANUP_SECONDS = 90
"""The cleanup runs every minute in this stack."""


def test_spend_logs_past_thirty_days_are_deleted(gateway: Project) -> None:
    wait_until(lambda: gateway.sql(LEFT) == "aged-29", CLEANUP_SECONDS)
