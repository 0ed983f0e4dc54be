"""Schedules in cron's form."""

import json

import pytest

from components.settings.schedule import as_json, fields


def test_daily_schedule_matches_one_minute_of_each_day() -> None:
    found = fields("15 2 * * *")
    assert (found["minutes"], found["hours"], found["both_days"]) == ([15], [2], True)
    assert (found["days"], found["months"]) == (list(range(1, 32)), list(range(1, 13)))


@pytest.mark.parametrize("sunday", ["0", "7", "sun"])
def test_sunday_is_0_7_or_sun(sunday: str) -> None:
    assert fields(f"0 0 * * {sunday}")["weekdays"] == [0]


def test_every_weekday_is_named_once() -> None:
    assert fields("0 0 * * *")["weekdays"] == list(range(7))


def test_either_day_is_enough_when_both_are_named() -> None:
    assert fields("0 0 13 * fri")["both_days"] is False


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("daily", r"^should have five fields"),
        ("0 0 2 * * *", r"^should have five fields"),
        ("60 2 * * *", r"^is no cron schedule: bad minute$"),
        ("0 0 L * *", r"L, W and # are not supported$"),
        ("0 0 * * fri#1", r"^(is no cron schedule|should name days)"),
        ("0 0 * * 5L", r"L, W and # are not supported$"),
    ],
)
def test_wrong_schedule_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        fields(text)


def test_no_schedule_is_null() -> None:
    assert as_json(None) == "null"
    assert json.loads(as_json("15 2 * * *"))["hours"] == [2]
