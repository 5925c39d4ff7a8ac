"""Mornings and periods of letters: pure, in every zone, over every change of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from people.mornings import is_morning, next_letter, next_morning, period_of, zone_of

OSLO, APIA, KIRITIMATI = (
    ZoneInfo("Europe/Oslo"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("Pacific/Kiritimati"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "zone", "after", "expected"),
    [
        # A Sunday before and after the clock goes forward (29 March 2026) and back (25 October).
        ("weekly", OSLO, "2026-03-22T12:00", "2026-03-23T06:00"),
        ("weekly", OSLO, "2026-03-29T12:00", "2026-03-30T05:00"),
        ("weekly", OSLO, "2026-10-19T12:00", "2026-10-26T06:00"),
        # On the morning itself: this one before seven, the next one from seven on.
        ("weekly", OSLO, "2026-03-30T04:59", "2026-03-30T05:00"),
        ("weekly", OSLO, "2026-03-30T05:00", "2026-04-06T05:00"),
        # Monday comes to Kiritimati while it is Sunday in UTC.
        ("weekly", KIRITIMATI, "2026-03-08T10:00", "2026-03-08T17:00"),
        ("monthly", OSLO, "2026-01-31T23:30", "2026-02-01T06:00"),
        ("monthly", OSLO, "2026-12-02T00:00", "2027-01-01T06:00"),
        ("monthly", APIA, "2026-02-28T00:00", "2026-02-28T18:00"),
    ],
)
def test_the_next_letter_comes_at_seven_where_its_reader_is(
    rhythm: str, zone: ZoneInfo, after: str, expected: str
) -> None:
    assert next_letter(rhythm, zone, 0, at(after)) == at(expected)


def test_people_are_spread_over_an_hour() -> None:
    first = next_letter("weekly", OSLO, 0, at("2026-03-22T12:00"))
    moments = {next_letter("weekly", OSLO, n, at("2026-03-22T12:00")) - first for n in range(600)}
    assert moments == {timedelta(minutes=n) for n in range(60)}


def test_a_year_of_weeks_has_one_letter_for_each_period() -> None:
    for name in ("Europe/Oslo", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"):
        zone, moment, periods = ZoneInfo(name), at("2026-01-01T00:00"), []
        while moment < at("2027-01-10T00:00"):
            moment = next_letter("weekly", zone, 7, moment)
            assert moment.astimezone(zone).strftime("%A %H:%M") == "Monday 07:07"
            periods.append(period_of("weekly", zone, moment))
        assert len(periods) == len(set(periods)) == 54


def test_the_period_is_that_of_the_readers_day() -> None:
    assert period_of("weekly", KIRITIMATI, at("2026-03-08T17:00")) == "2026-W11"
    assert period_of("weekly", OSLO, at("2026-03-08T17:00")) == "2026-W10"
    assert period_of("monthly", APIA, at("2026-02-28T18:00")) == "2026-03"


def test_the_afternoon_is_no_morning_any_more() -> None:
    due = at("2026-03-30T05:00")
    assert is_morning(due, due)
    assert is_morning(due, due + timedelta(hours=5))
    assert not is_morning(due, due + timedelta(hours=5, minutes=1))
    assert next_morning(OSLO, 0, due + timedelta(hours=10)) == at("2026-03-31T05:00")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "A" * 300])
def test_a_zone_that_is_none_is_utc(name: str) -> None:
    assert zone_of(name) == ZoneInfo("UTC")
