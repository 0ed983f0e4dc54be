"""Entries of a stack's history, as Pulumi gives them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pulumi.automation import UpdateSummary

BEGIN = datetime(2030, 1, 1, tzinfo=UTC)


def entry(
    *,
    kind: str = "update",
    result: str = "succeeded",
    message: str = "",
    minute: int = 0,
    version: int = 0,
    config: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
) -> UpdateSummary:
    """One entry; `minute` after BEGIN it began, and took half a minute."""
    begun = (BEGIN + timedelta(minutes=minute)).replace(tzinfo=None)
    return UpdateSummary(
        kind=kind,
        start_time=begun,
        end_time=begun + timedelta(seconds=30),
        message=message,
        environment=environment or {},
        config=config or {},
        result=result,
        version=version,
        resource_changes={"same": 36},  # type: ignore[dict-item]
    )
