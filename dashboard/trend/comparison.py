"""What a score is compared with: the period before, or another person who may be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from dashboard.charts import Against, Point
from dashboard.describe import Change, day_words, one_decimal
from dashboard.trend.period import ALL, Period
from people.models import User
from scoring.comparable import Comparable, comparable_person
from scoring.histories import Histories
from scoring.queries import ScoreDay

PREVIOUS = "previous"
# Longer words are no name of a profile or account.
MOST_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the address asks to compare with; nothing of it by default."""

    previous: bool = False
    other: Comparable | None = None
    # What was typed, for the field; "" without a person.
    typed: str = ""
    # "" or why nothing is compared, in one sentence for all reasons.
    notice: str = ""

    @property
    def others(self) -> list[int]:
        """The people whose scores have to be read."""
        return [self.other.person_id] if self.other else []

    def query(self) -> dict[str, str]:
        """Return the words of the address that ask for it."""
        if self.other:
            return {"with": self.other.slug}
        return {"compare": PREVIOUS} if self.previous else {}


def comparison_of(query: Mapping[str, str], viewer: User) -> Comparison:
    """Return what is compared: `with` names a person, `compare` may be "previous".

    Whoever cannot be shown gives the same sentence, whatever the reason. Two queries at most.
    """
    typed = query.get("with", "").strip()
    if not typed:
        return Comparison(previous=query.get("compare") == PREVIOUS)
    other = comparable_person(typed, viewer) if len(typed) <= MOST_CHARACTERS else None
    if other is None:
        notice = _("There is nobody of that name here whose score you can see.")
        return Comparison(typed=typed[:MOST_CHARACTERS], notice=notice)
    return Comparison(other=other, typed=other.slug)


@dataclass(frozen=True, slots=True)
class Compared:
    """The other line of a chart, and the change against it; None where there is nothing."""

    against: Against | None
    change: Change | None
    notice: str


def compared(
    comparison: Comparison,
    period: Period,
    found: Histories,
    own: Sequence[ScoreDay],
    points: Sequence[Point],
) -> Compared:
    """Return the comparison of the days; `own` has every day, `points` are those of the chart."""
    if comparison.other is not None:
        other = comparison.other
        days = found.days(other.person_id, period.first, period.last)
        if not any(day.value is not None for day in days):
            return Compared(None, None, _("That profile has no score in these days."))
        against = Against(other.name, aligned(points, days, 0))
        return Compared(against, _against_person(own, days, other.name), "")
    if comparison.previous:
        before = period.before()
        days = found.days(found_person(found), before.first, before.last)
        if period.code == ALL or not any(day.value is not None for day in days):
            return Compared(None, None, _("There is no score in the days before these."))
        against = Against(_("The days before"), aligned(points, days, period.length))
        return Compared(against, _against_before(own, days), "")
    return Compared(None, None, comparison.notice)


def found_person(found: Histories) -> int:
    """Return whose histories they are: the first person's."""
    return next(iter(found.by_person))


def aligned(points: Sequence[Point], days: Sequence[ScoreDay], back_days: int) -> list[Point]:
    """Return for each point of a chart the other's score, so many days before it.

    Where a point stands for several days, the last of them with a score.
    """
    values = {day.day: day.value for day in days}
    found, after = [], date.min
    for point in points:
        day = point.day - timedelta(days=back_days)
        since = max(after, days[0].day) if days else day
        known = day
        while known > since and values.get(known) is None:
            known -= timedelta(days=1)
        value = values.get(known)
        found.append(Point(known if value is not None else day, value))
        after = day + timedelta(days=1)
    return found


def _against_person(own: Sequence[ScoreDay], days: Sequence[ScoreDay], name: str) -> Change | None:
    for mine, theirs in zip(reversed(own), reversed(days), strict=True):
        if mine.value is not None and theirs.value is not None:
            words = _("against %(name)s on %(day)s: %(last)s to %(first)s") % {
                "last": one_decimal(mine.value),
                "day": day_words(mine.day),
                "first": one_decimal(theirs.value),
                "name": name,
            }
            return _change(theirs, mine, words)
    return None


def _against_before(own: Sequence[ScoreDay], days: Sequence[ScoreDay]) -> Change | None:
    last = next((day for day in reversed(own) if day.value is not None), None)
    first = next((day for day in reversed(days) if day.value is not None), None)
    if last is None or first is None or last.value is None or first.value is None:
        return None
    words = _("against the days before: %(first)s on %(first_day)s, %(last)s on %(last_day)s")
    return _change(
        first,
        last,
        words
        % {
            "last": one_decimal(last.value),
            "last_day": day_words(last.day),
            "first": one_decimal(first.value),
            "first_day": day_words(first.day),
        },
    )


def _change(first: ScoreDay, last: ScoreDay, words: str) -> Change:
    assert first.value is not None
    assert last.value is not None
    return Change(
        Point(first.day, first.value), Point(last.day, last.value), last.value - first.value, words
    )
