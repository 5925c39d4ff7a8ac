"""Which days a chart shows, from the words of its address; pure: no request, no database.

Whatever the address says, the days that come out make sense: nobody gets an error for a date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DEFAULT_RANGE = "90"
ALL, CUSTOM = "all", "custom"
# Word of the address, name, days; None: as many as there are.
RANGES: tuple[tuple[str, Promise, int | None], ...] = (
    ("7", gettext_lazy("7 days"), 7),
    ("30", gettext_lazy("30 days"), 30),
    ("90", gettext_lazy("90 days"), 90),
    ("365", gettext_lazy("1 year"), 365),
    (ALL, gettext_lazy("All"), None),
)
# The longest history that a page reads: ten years.
MOST_DAYS = 3653
# A chart has a point for each day up to so many days, for each week up to so many, then for each
# month: more cannot be told apart on a screen, and would not fit a page of 60 kB.
MOST_DAILY, MOST_WEEKLY = 124, 800
WEEK_DAYS, MONTH_DAYS = 7, 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says; dates that cannot be read are None and noted."""

    code: str
    first: date | None = None
    last: date | None = None
    unreadable: bool = False

    @property
    def days(self) -> int | None:
        """The length of the range, None where the dates or the history decide."""
        return next((days for code, _name, days in RANGES if code == self.code), None)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are shown, both included, and what the visitor should know of them."""

    code: str
    first: date
    last: date
    # Where the history begins and ends.
    earliest: date
    newest: date
    # "" or a sentence about dates that made no sense.
    notice: str = ""

    @property
    def length(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def is_newest(self) -> bool:
        """Whether the range ends where the history does."""
        return self.last >= self.newest

    def before(self) -> "Period":
        """Return the days of the same number before these, wherever the history begins."""
        last = self.first - timedelta(days=1)
        return replace(self, first=last - timedelta(days=self.length - 1), last=last, notice="")

    def earlier(self) -> "Period | None":
        """Return what ← leads to; None where the history begins in these days."""
        if self.code == ALL or self.first <= self.earliest:
            return None
        return self.before()

    def later(self) -> "Period | None":
        """Return what → leads to; None where these days reach the newest."""
        if self.code == ALL or self.is_newest:
            return None
        last = min(self.last + timedelta(days=self.length), self.newest)
        return replace(self, first=last - timedelta(days=self.length - 1), last=last, notice="")

    def query(self) -> dict[str, str]:
        """Return the words of the address that lead to these days."""
        if self.code == CUSTOM:
            return {
                "range": CUSTOM,
                "from": self.first.isoformat(),
                "to": self.last.isoformat(),
            }
        words = {"range": self.code}
        if not self.is_newest and self.code != ALL:
            words["to"] = self.last.isoformat()
        return words


@dataclass(frozen=True, slots=True)
class RangeChoice:
    """One link above the chart."""

    code: str
    name: str
    chosen: bool
    query: str


def asked_of(query: QueryDict | Mapping[str, str]) -> Asked:
    """Return what an address asks for: `range`, and `from` and `to` as 2026-03-01."""
    code = str(query.get("range", ""))
    words = {name: str(query.get(name, "")).strip() for name in ("from", "to")}
    read = {name: _date(text) for name, text in words.items()}
    unreadable = any(words[name] and read[name] is None for name in words)
    if code not in {known for known, _name, _days in RANGES} and code != CUSTOM:
        code = CUSTOM if read["from"] else DEFAULT_RANGE
    if code == CUSTOM and read["from"] is None and read["to"] is None:
        code = DEFAULT_RANGE
    return Asked(code, read["from"], read["to"], unreadable)


def _date(text: str) -> date | None:
    # Longer words are no date, and need not be read.
    if len(text) != len("2026-03-01"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def to_read(asked: Asked, today: date) -> tuple[date, date]:
    """Return the days whose scores a page has to read for what is asked: it, and as much before."""
    days = asked.days
    if days is None:
        return today - timedelta(days=MOST_DAYS), today
    last = min(asked.last or today, today)
    # The newest score may be a day or two old.
    margin = 2 * days + 3
    return (last if last.toordinal() > margin else today) - timedelta(days=margin), last


def period_of(asked: Asked, earliest: date, newest: date) -> Period:
    """Return the days that are shown; within the history of `earliest` to `newest`."""
    earliest = max(earliest, newest - timedelta(days=MOST_DAYS))
    notice = _("A date could not be read, so it was left out.") if asked.unreadable else ""
    if asked.code == ALL:
        return Period(ALL, earliest, newest, earliest, newest, notice)
    days = asked.days
    if days is not None:
        last = min(max(asked.last or newest, earliest), newest)
        if asked.last is not None and last != asked.last:
            notice = notice or _beyond()
        return Period(asked.code, last - timedelta(days=days - 1), last, earliest, newest, notice)
    first = asked.first or min(earliest, asked.last or earliest)
    last = asked.last or max(newest, first)
    if first > last:
        first, last = last, first
        notice = notice or _("The two dates were the other way round; here they are in order.")
    inside = [min(max(day, earliest), newest) for day in (first, last)]
    if inside != [first, last]:
        notice = notice or _beyond()
    return Period(CUSTOM, inside[0], inside[1], earliest, newest, notice)


def _beyond() -> str:
    return _("The dates reach beyond your scores; what there is of them is shown.")


def range_choices(code: str, more: Mapping[str, str]) -> list[RangeChoice]:
    """Return the links above the chart; `more` stays in the address."""
    return [
        RangeChoice(known, str(name), known == code, urlencode({"range": known, **more}))
        for known, name, _days in RANGES
    ]


class _OfDay(Protocol):
    @property
    def day(self) -> date: ...

    @property
    def value(self) -> float | None: ...


Row = TypeVar("Row", bound=_OfDay)


def step_days(length: int) -> int:
    """Return how many days a point of the chart stands for."""
    if length <= MOST_DAILY:
        return 1
    return WEEK_DAYS if length <= MOST_WEEKLY else MONTH_DAYS


def sampled(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a chart: all, or of each week or month the last day that has a score.

    Counted back from the newest day, which is there in any case, as the first scored one is. A
    week without a score is one row without one.
    """
    step = step_days(len(rows))
    if step == 1:
        return list(rows)
    found: list[Row] = []
    for end in range(len(rows), 0, -step):
        group = rows[max(end - step, 0) : end]
        found.append(next((row for row in reversed(group) if row.value is not None), group[-1]))
    first = next((row for row in rows if row.value is not None), None)
    if first is not None and first not in found:
        found.append(first)
    return sorted(found, key=lambda row: row.day)
