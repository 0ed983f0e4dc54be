"""A schedule in cron's form, UTC: `15 2 * * *` is each day at 02:15."""

import json
from datetime import UTC, datetime
from typing import Annotated

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator

FIELDS = 5
ANY_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""CronSim wants a date to begin at. What matches does not depend on it."""


def _checked(text: str) -> str:
    fields(text)
    return text


Schedule = Annotated[str, AfterValidator(_checked)]
"""Text of five fields: minute, hour, day of the month, month, day of the week."""


def fields(text: str) -> dict[str, list[int] | bool]:
    """Return the numbers that each field matches. `both_days`: whether both day fields have to match, as in cron.

    Raises:
        ValueError: when the text is no schedule, or a field uses more than numbers and names.
    """
    if len(text.split()) != FIELDS:
        raise ValueError("should have five fields, as cron's: minute, hour, day of the month, month, day of the week")
    try:
        cron = CronSim(text, ANY_DATE)
    except CronSimError as error:
        raise ValueError(f"is no cron schedule: {str(error).lower()}") from error
    weekdays = {day if isinstance(day, int) else -1 for day in cron.weekdays}
    if min(cron.days) < 0 or min(weekdays) < 0:
        raise ValueError("should name days by numbers or names; L, W and # are not supported")
    return {
        "minutes": sorted(cron.minutes),
        "hours": sorted(cron.hours),
        "days": sorted(cron.days),
        "months": sorted(cron.months),
        "weekdays": sorted({day % 7 for day in weekdays}),
        "both_days": cron.day_and,
    }


def as_json(schedule: str | None) -> str:
    """Format what a schedule matches as JSON; `null` for no schedule."""
    return json.dumps(fields(schedule) if schedule else None)
