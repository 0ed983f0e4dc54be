"""When something is to happen."""

import json

import pytest

from components.settings.schedule import as_json, fields


def test_a_daily_schedule_matches_one_minute_of_each_day() -> None:
    found = fields("15 2 * * *")
    assert (found["minutes"], found["hours"], found["both_days"]) == ([15], [2], True)
    assert (found["days"], found["months"]) == (list(range(1, 32)), list(range(1, 13)))


@pytest.mark.parametrize("sunday", ["0", "7", "sun"])
def test_sunday_is_the_week_s_first_day_however_it_is_written(sunday: str) -> None:
    assert fields(f"0 0 * * {sunday}")["weekdays"] == [0]


def test_every_weekday_is_named_once() -> None:
    assert fields("0 0 * * *")["weekdays"] == list(range(7))


def test_a_day_of_the_month_or_a_day_of_the_week_is_enough_where_both_are_named() -> None:
    assert fields("0 0 13 * fri")["both_days"] is False


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("daily", r"^should have five fields"),
        ("0 0 2 * * *", r"^should have five fields"),
        ("60 2 * * *", r"^is no schedule of cron's: bad minute$"),
        ("0 0 L * *", r"L, W and # are not read here$"),
        ("0 0 * * fri#1", r"^(is no schedule|should name days)"),
        ("0 0 * * 5L", r"L, W and # are not read here$"),
    ],
)
def test_what_cannot_be_followed_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        fields(text)


def test_no_schedule_is_null() -> None:
    assert as_json(None) == "null"
    assert json.loads(as_json("15 2 * * *"))["hours"] == [2]
