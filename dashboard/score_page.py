"""What the pages of a score show, put together from the queries of the packages below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.catalogue import apart_because, network_name, place, signal_name
from dashboard.charts import Point
from dashboard.describe import Change, band_words, rounded
from dashboard.history_chart import history_chart
from dashboard.sides import side_lines_of
from scoring import queries, why
from scoring.core.explain import ChangeKind
from scoring.queries import MomentRow, ScoreDay
from scoring.reactors import MOST_NAMED, ReactorRow
from scoring.signals import BY_ID
from scoring.why import ApartScore, ChangePart, NetworkShare, SignalShare

# The colours of networks: static/css/tokens.css has so many series.
SERIES = 6
DEFAULT_RANGE = "90"
RANGES: tuple[tuple[str, Promise, int | None], ...] = (
    ("7", gettext_lazy("7 days"), 7),
    ("30", gettext_lazy("30 days"), 30),
    ("90", gettext_lazy("90 days"), 90),
    ("all", gettext_lazy("All"), None),
)
# "Change" in the head of the page compares with the score so many days before.
COMPARED_DAYS = 30
# Moments on the page, and on the one that shows them all; and who reacted to each.
MOMENTS, ALL_MOMENTS = 10, 100
REACTORS = 6
# Parts of a change below this many points are told as one.
SMALL_PART = 0.05


@dataclass(frozen=True, slots=True)
class Head:
    """The number at the top with everything that is said of it."""

    value: float
    low: float
    high: float
    width: float
    provisional: bool
    sentence: str
    day: date
    change: Change | None
    next_update: datetime | None


@dataclass(frozen=True, slots=True)
class RangeChoice:
    """One link above the chart."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SignalLine:
    """A signal's part of a network's share; a value of None is unknown."""

    name: str
    # "" where the network has no such signal, and an estimate stands in.
    place: str
    value: float | None
    unit: str
    share: float
    is_estimate: bool = False
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class NetworkBars:
    """A network's share of the score and the signals in it; shares are 0–1."""

    name: str
    share: float
    series: int
    signals: list[SignalLine]


@dataclass(frozen=True, slots=True)
class ApartLine:
    """A network that has a sub-score of its own, and why."""

    name: str
    value: float
    provisional: bool
    # "54, most likely between …".
    sentence: str
    because: str
    signals: list[SignalLine]


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a change, in points."""

    name: str
    points: float


@dataclass(frozen=True, slots=True)
class Why:
    """A change between two days, in parts that add up."""

    points: float
    first: date
    last: date
    parts: list[PartLine]
    # The versions of the model that began in between; their points are among the parts.
    new_versions: list[why.NewVersion]


def points_of(
    history: Sequence[ScoreDay], new_versions: Sequence[why.NewVersion] = ()
) -> list[Point]:
    """Return a history as the charts take it, the days of a new version marked."""
    events = {
        new.day: _("New version %(version)s of the model") % {"version": new.version}
        for new in new_versions
    }
    return [
        Point(row.day, row.value, row.low, row.high, events.get(row.day, "")) for row in history
    ]


def chosen_range(code: str | None) -> tuple[str, int | None]:
    """Return the range of the address and its days; 90 days for an unknown word."""
    for known, _name, days in RANGES:
        if code == known:
            return known, days
    return DEFAULT_RANGE, int(DEFAULT_RANGE)


def range_choices(code: str) -> list[RangeChoice]:
    """Return the links above the chart."""
    return [RangeChoice(known, str(name), known == code) for known, name, _days in RANGES]


def compared(history: Sequence[ScoreDay]) -> Change | None:
    """Return the change of the newest score against 30 days before it, or the earliest since."""
    scored = [point for point in points_of(history) if point.value is not None]
    if not scored:
        return None
    last = scored[-1]
    first = next(point for point in scored if point.day >= last.day - timedelta(days=COMPARED_DAYS))
    if first == last or first.value is None or last.value is None:
        return None
    return Change(first, last, last.value - first.value)


def head_of(history: Sequence[ScoreDay], next_update: datetime | None) -> Head | None:
    """Return the head of the page from a history's newest score; None without any."""
    newest = next((row for row in reversed(history) if row.value is not None), None)
    if newest is None or newest.value is None:
        return None
    low = newest.low if newest.low is not None else newest.value
    high = newest.high if newest.high is not None else newest.value
    return Head(
        value=newest.value,
        low=low,
        high=high,
        width=high - low,
        provisional=newest.provisional,
        sentence=f"{rounded(newest.value)}, {band_words(low, high)}",
        day=newest.day,
        change=compared(history),
        next_update=next_update,
    )


def network_bars(shares: Sequence[NetworkShare]) -> list[NetworkBars]:
    """Return the bars of the networks, the largest first, each with its signals."""
    ordered = sorted(shares, key=lambda share: -share.share)
    return [
        NetworkBars(
            name=network_name(share.network),
            share=share.share,
            series=number % SERIES + 1,
            signals=_signal_lines(share.signals),
        )
        for number, share in enumerate(ordered)
    ]


def _signal_lines(signals: Sequence[SignalShare]) -> list[SignalLine]:
    return [
        SignalLine(
            name=signal.name,
            place=place(signal.signal_id) if signal.signal_id in BY_ID else "",
            value=signal.value,
            unit=signal.unit,
            share=signal.share,
            is_estimate=signal.is_estimate,
            is_anonymous=signal.is_anonymous,
        )
        for signal in signals
    ]


def apart_lines(rows: Sequence[ApartScore]) -> list[ApartLine]:
    """Return the networks kept apart, each with its own score and the reason."""
    return [
        ApartLine(
            name=network_name(row.network),
            value=row.value,
            provisional=row.provisional,
            sentence=f"{rounded(row.value)}, {band_words(row.low, row.high)}",
            because=apart_because(row.network),
            signals=_signal_lines(row.signals),
        )
        for row in rows
    ]


_PART_NAMES: dict[ChangeKind, Promise] = {
    ChangeKind.NEW: gettext_lazy("%(network)s: %(signal)s, more came in than faded"),
    ChangeKind.FADING: gettext_lazy("%(network)s: %(signal)s, more faded than came in"),
    ChangeKind.LINKED: gettext_lazy("%(network)s was linked"),
    ChangeKind.UNLINKED: gettext_lazy("%(network)s was unlinked"),
    ChangeKind.CORRECTION: gettext_lazy("%(network)s: a correction of what was estimated before"),
    ChangeKind.HELD_BACK: gettext_lazy("Held back by, or let through after, the daily limit"),
    ChangeKind.MODEL: gettext_lazy("A new version of the model"),
}


def _part_name(part: ChangePart) -> str:
    values = {"network": "", "signal": ""}
    if part.network:
        values["network"] = network_name(part.network)
    if part.measure:
        values["signal"] = signal_name(part.network, part.measure)
    return str(_PART_NAMES[part.kind]) % values


def why_of(change: why.Change) -> Why | None:
    """Return the parts of a change, the small ones together; None between fewer than two days."""
    if change.first == change.last:
        return None
    large = [part for part in change.parts if abs(part.points) >= SMALL_PART]
    lines = [PartLine(_part_name(part), part.points) for part in large]
    small = [part.points for part in change.parts if abs(part.points) < SMALL_PART]
    if any(small):
        lines.append(PartLine(_("Small parts together"), sum(small)))
    return Why(change.points, change.first, change.last, lines, change.new_versions)


@dataclass(frozen=True, slots=True)
class MomentLine:
    """A post that moved people, as a list shows it."""

    text: str
    url: str
    created_at: datetime
    network_name: str
    points: float
    people_count: int
    reactors: list[ReactorRow]
    more_count: int


def moment_lines(rows: Sequence[MomentRow], reactors: int = REACTORS) -> list[MomentLine]:
    """Return the moments with the names of their networks and the first of who reacted."""
    return [
        MomentLine(
            text=row.text,
            url=row.url,
            created_at=row.created_at,
            network_name=network_name(row.network),
            points=row.points,
            people_count=row.people_count,
            reactors=row.reactors[:reactors],
            more_count=row.more_count + len(row.reactors[reactors:]),
        )
        for row in rows
    ]


def _moments(person_id: int, *, every: bool) -> dict[str, Any]:
    """Return the moments, and whether there are more than the page shows at first."""
    if every:
        rows = queries.moments_for(person_id, ALL_MOMENTS)
        return {"moments": moment_lines(rows, MOST_NAMED), "more_moments": False}
    rows = queries.moments_for(person_id, MOMENTS + 1)
    return {"moments": moment_lines(rows[:MOMENTS]), "more_moments": len(rows) > MOMENTS}


def score_context(person_id: int, query: QueryDict) -> dict[str, Any]:
    """Return what the pages of a score read: head, chart, why, shares, sides, moments.

    `query` may hold range (a word of RANGES) and moments ("all"). Only `head` (None) and `apart`
    where the person has no score within the last days.
    """
    code, days = chosen_range(query.get("range"))
    now = datetime.now(UTC)
    today = now.date()
    if days is None:
        first = queries.first_scored_day(person_id) or today
    else:
        first = today - timedelta(days=days)
    # The head compares with 30 days before, whatever the chart shows.
    begin = min(first, today - timedelta(days=COMPARED_DAYS + 1))
    history = queries.score_history(person_id, begin, today)
    if history[-1].value is None:
        # Only who was linked today has a score of today.
        history.pop()
    last = history[-1].day
    if days is not None:
        first = last - timedelta(days=days - 1)
    head = head_of(history, queries.next_update_at(now))
    if head is None:
        return {"head": None, "apart": apart_lines(why.kept_apart(person_id, begin, today))}
    explained = why.explained(person_id, first, last)
    charted = [row for row in history if row.day >= first]
    return {
        "head": head,
        "ranges": range_choices(code),
        "chart": history_chart(points_of(charted, explained.change.new_versions)),
        "why": why_of(explained.change),
        "networks": network_bars(explained.shares),
        "sides": side_lines_of(explained.newest) if explained.newest else None,
        "apart": apart_lines(explained.apart),
        "has_discounts": explained.has_discounts,
        "range_code": code,
        **_moments(person_id, every=query.get("moments") == "all"),
    }
