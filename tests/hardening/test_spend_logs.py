"""Spend-log retention: what is older goes, what is younger stays."""

import httpx
import pytest

from tests.e2e.project import Project
from tests.hardening.replica import wait_for

AGED = """insert into "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime")
    select 'aged-' || days, 'acompletion', now() - days * interval '1 day', now() - days * interval '1 day'
    from unnest(array[29, 31]) as days"""
LEFT = (
    """select string_agg(request_id, ' ' order by request_id) from "LiteLLM_SpendLogs" where request_id like 'aged-%'"""
)
PATIENCE = 150
"""Seconds; the cleanup runs each minute in this stack."""


@pytest.mark.slow
def test_spend_logs_past_thirty_days_are_deleted(gateway: Project, proxy: httpx.Client) -> None:
    gateway.sql(AGED)
    assert gateway.sql(LEFT) == "aged-29 aged-31"
    wait_for(lambda: gateway.sql(LEFT) == "aged-29", PATIENCE)
