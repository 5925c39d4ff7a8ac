"""Numbers in words: the sentences that a score, its band, a change and a chart are told with."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.charts import Point

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# Ratios below this many decimals are nothing to anybody.
FINEST_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two scored days, for the page's head."""

    first: Point
    last: Point
    points: float
    # Both values and days in words; "": from the first to the last, as the template says it.
    words: str = ""


def rounded(value: float) -> str:
    """Return a score as people read it: a whole number from 1 to 100."""
    return number_format(round(value), 0)


def one_decimal(value: float) -> str:
    """Return a number with one decimal, in the visitor's way of writing."""
    # Django cuts decimals off where this rounds. A zero has no sign, also where it came from below.
    return _tenths(round(value, 1) + 0.0, get_language())


# A table of ninety days writes some four hundred numbers and days, many of them again and again.
@lru_cache(maxsize=8192)
def _tenths(value: float, language: str | None) -> str:
    return number_format(value, 1)


def amount(value: float) -> str:
    """Return an amount: whole ones without, others with one decimal."""
    return number_format(round(value), 0) if value == round(value) else one_decimal(value)


def fine_amount(value: float) -> str:
    """Return an amount; of one near zero the first two figures that say something."""
    if value == 0 or abs(value) >= 1:
        return amount(value)
    decimals = min(1 - math.floor(math.log10(abs(value))), FINEST_DECIMALS)
    return number_format(round(value, decimals), decimals)


def is_same(points: float) -> bool:
    """Return whether a change rounds to nothing."""
    return round(points, 1) == 0


def signed(points: float) -> str:
    """Return points with their sign ("+1.2", "−0.4"); without one where they round to zero."""
    if is_same(points):
        return one_decimal(0)
    return ("+" if points > 0 else MINUS) + one_decimal(abs(points))


def percent(share: float) -> str:
    """Return a share of 0–1 in per cent, "<1 %" beside nothing and ">99 %" beside all of it.

    Shares that make one whole are told by dashboard.rounding, so that they add up.
    """
    value = 100 * share
    if 0 < value < 1:
        return f"<1{NO_BREAK}%"
    if 99.5 <= value < 100 - 1e-9:
        return f">99{NO_BREAK}%"
    return f"{number_format(round(value), 0)}{NO_BREAK}%"


def day_words(day: date, *, year: bool = True) -> str:
    """Return a day as "3 March 2026" or "3 March"."""
    return _day_words(day.date() if isinstance(day, datetime) else day, year, get_language())


@lru_cache(maxsize=8192)
def _day_words(day: date, year: bool, language: str | None) -> str:
    # Translators: a date with its year, as Django's date format; "j. F Y" in Norwegian.
    with_year = _("j F Y")
    # Translators: a date without its year, as Django's date format; "j. F" in Norwegian.
    without = _("j F")
    return date_format(day, with_year if year else without)


def band_words(low: float, high: float) -> str:
    """Return "most likely 58–66"."""
    return _("most likely %(low)s–%(high)s") % {"low": rounded(low), "high": rounded(high)}


def change_over(points: Sequence[Point]) -> Change | None:
    """Return the change from the first to the last scored day; None with fewer than two."""
    scored = [point for point in points if point.value is not None]
    if len(scored) < 2:
        return None
    first, last = scored[0], scored[-1]
    assert first.value is not None
    assert last.value is not None
    return Change(first, last, last.value - first.value)


def history_words(points: Sequence[Point]) -> str:
    """Return the sentence that sums a chart up."""
    scored = [(point.value, point.day) for point in points if point.value is not None]
    if not scored:
        return _("No day of this range has a score.")
    first, last = scored[0], scored[-1]
    if len(scored) == 1:
        return _("%(value)s on %(day)s, the only day with a score.") % {
            "value": one_decimal(first[0]),
            "day": day_words(first[1]),
        }
    lowest, highest = min(scored), max(scored)
    words = {
        "first": one_decimal(first[0]),
        "first_day": day_words(first[1]),
        "last": one_decimal(last[0]),
        "last_day": day_words(last[1]),
        "points": one_decimal(abs(last[0] - first[0])),
        "low": one_decimal(lowest[0]),
        "low_day": day_words(lowest[1], year=False),
        "high": one_decimal(highest[0]),
        "high_day": day_words(highest[1], year=False),
    }
    if is_same(last[0] - first[0]):
        sentence = _("The same on %(first_day)s and %(last_day)s: %(last)s.")
    elif last[0] > first[0]:
        sentence = _(
            "Up %(points)s points, from %(first)s on %(first_day)s to %(last)s on %(last_day)s."
        )
    else:
        sentence = _(
            "Down %(points)s points, from %(first)s on %(first_day)s to %(last)s on %(last_day)s."
        )
    extremes = _("Lowest %(low)s on %(low_day)s, highest %(high)s on %(high_day)s.")
    missing = len(points) - len(scored)
    gaps = ""
    if missing:
        gaps = " " + _("Days without a score: %(count)s, drawn as gaps.") % {
            "count": number_format(missing, 0)
        }
    return f"{sentence % words} {extremes % words}{gaps}"
