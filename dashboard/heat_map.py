"""The best times in words and as a map of the week."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _

from dashboard.describe import MINUS, NO_BREAK
from scoring.core.timing import Timing

# Lifts from which a field is drawn stronger: 0 is the faintest.
_LEVELS = (-0.2, -0.05, 0.05, 0.15, 0.3)
# A Monday, to name the days of a week.
_MONDAY = date(2026, 3, 2)
# Places on the map, in per cent of its width and in px: room for the names of days and hours.
_LEFT, _HOUR, _TOP, _ROW = 12.0, 3.66, 24, 26


@dataclass(frozen=True, slots=True)
class Field:
    """An hour of the week on the map."""

    x: str
    level: int
    # "+12 %", for the table.
    words: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the week."""

    name: str
    short: str
    y: int
    text_y: int
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class BestLine:
    """A time that is surely better than others."""

    # "Tuesday 18:45".
    when: str
    lift: str
    at_least: str


@dataclass(frozen=True, slots=True)
class HourLabel:
    """The name of an hour under the map."""

    x: str
    name: str


@dataclass(frozen=True, slots=True)
class Week:
    """A rhythm as the page shows it."""

    best: list[BestLine]
    days: list[DayRow]
    hours: list[str]
    labels: list[HourLabel]


def week_of(timing: Timing) -> Week:
    """Return a rhythm of which there is enough, in words and places."""
    by_hour = timing.by_hour().tolist()
    days = [
        DayRow(
            name=day_name(weekday),
            short=date_format(_MONDAY + timedelta(days=weekday), "D"),
            y=_TOP + weekday * _ROW,
            text_y=_TOP + weekday * _ROW + 16,
            fields=[Field(_x(hour), _level(lift), _percent(lift)) for hour, lift in enumerate(row)],
        )
        for weekday, row in enumerate(by_hour)
    ]
    return Week(
        best=[
            BestLine(
                _("%(day)s %(time)s") % {"day": day_name(slot.weekday), "time": clock(slot.minute)},
                _percent(slot.lift),
                _percent(slot.at_least),
            )
            for slot in timing.best
        ],
        days=days,
        hours=[clock(60 * hour) for hour in range(24)],
        labels=[HourLabel(_x(hour), clock(60 * hour)) for hour in range(0, 24, 6)],
    )


def day_name(weekday: int) -> str:
    """Return the name of a day of the week, 0 Monday."""
    return date_format(_MONDAY + timedelta(days=weekday), "l")


def clock(minute: int) -> str:
    """Return a time of day from minutes since midnight."""
    return time_format(time(minute // 60, minute % 60), "H:i")


def _x(hour: int) -> str:
    return f"{_LEFT + _HOUR * hour:.2f}%"


def _level(lift: float) -> int:
    return sum(lift >= edge for edge in _LEVELS)


def _percent(lift: float) -> str:
    value = round(100 * lift)
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{number_format(abs(value), 0)}{NO_BREAK}%"
