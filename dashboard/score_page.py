"""What the pages of a score show, put together from the queries of the packages below."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.catalogue import apart_because, network_name, place, signal_name
from dashboard.charts import Point
from dashboard.describe import Change, band_words, change_over, history_words, rounded
from dashboard.history_chart import history_chart
from dashboard.moments.lines import moment_lines
from dashboard.rounding import PER_CENT, hundredths, percent_words, percents, tenths
from dashboard.sides import side_lines_of
from dashboard.trend.events import version_events
from dashboard.trend.period import (
    DEFAULT_RANGE,
    Asked,
    Period,
    asked_of,
    period_of,
    range_choices,
    sampled,
    step_days,
    to_read,
)
from scoring import queries, why
from scoring.core.explain import ChangeKind
from scoring.core.plus_k import NETWORK as PLUS_K
from scoring.histories import Histories, histories
from scoring.marks import MomentMark
from scoring.queries import MomentRow, ScoreDay
from scoring.reactors import MOST_NAMED
from scoring.signals import BY_ID
from scoring.why import ApartScore, ChangePart, NetworkShare, SignalShare

# The colours of networks: static/css/tokens.css has so many series.
SERIES = 6
# Moments on the page, and on the one that shows them all.
MOMENTS, ALL_MOMENTS = 10, 100
# The newest score is of yesterday, or of the day before while the daily run is under way.
MOST_BEHIND_DAYS = 3
# Of a public page: the newest day may still be without its explanation.
EXPLAINED_DAYS = 3
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
class SignalLine:
    """A signal's part of a network's share; a value of None is unknown."""

    name: str
    # "" where the network has no such signal, and an estimate stands in.
    place: str
    value: float | None
    unit: str
    # "12 %" of the score: of a network they sum to what is told of it.
    percent: str
    is_estimate: bool = False
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class NetworkBars:
    """A network's share of the score and the signals in it; shares are 0–1."""

    name: str
    share: float
    # The same in words; all networks together are 100 %.
    percent: str
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
    """One part of a change, and where its posts are ("" nowhere).

    Points have one decimal, and those of all parts sum to the change as it is told.
    """

    name: str
    points: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A change between two days, in parts that add up."""

    points: float
    first: date
    last: date
    parts: list[PartLine]
    # The versions of the model that began in between; their points are among the parts.
    new_versions: list[why.NewVersion]


def points_of(history: Sequence[ScoreDay]) -> list[Point]:
    """Return a history as the charts take it."""
    return [Point(row.day, row.value, row.low, row.high) for row in history]


def head_of(newest: ScoreDay | None, change: Change | None, now: datetime) -> Head | None:
    """Return the head of the page from the newest score; None without any."""
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
        change=change,
        next_update=queries.next_update_at(now),
    )


def network_bars(shares: Sequence[NetworkShare]) -> list[NetworkBars]:
    """Return the bars of the networks, the largest first, each with its signals."""
    ordered = sorted(shares, key=lambda share: -share.share)
    whole = hundredths([share.share for share in ordered])
    return [
        NetworkBars(
            name=network_name(share.network),
            share=share.share,
            percent=percent_words(hundredth, share.share),
            series=number % SERIES + 1,
            signals=_signal_lines(share.signals, hundredth),
        )
        for number, (share, hundredth) in enumerate(zip(ordered, whole, strict=True))
    ]


def _signal_lines(signals: Sequence[SignalShare], whole: int = PER_CENT) -> list[SignalLine]:
    told = percents([signal.share for signal in signals], whole)
    return [
        SignalLine(
            name=signal.name,
            place=place(signal.signal_id) if signal.signal_id in BY_ID else "",
            value=signal.value,
            unit=signal.unit,
            percent=percent,
            is_estimate=signal.is_estimate,
            is_anonymous=signal.is_anonymous,
        )
        for signal, percent in zip(signals, told, strict=True)
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


def part_name(part: ChangePart) -> str:
    """Return a part of a change in words."""
    if part.network == PLUS_K:
        if part.kind is ChangeKind.FADING:
            return _("+K that faded or was taken back")
        said = ngettext("+K from %(count)s person", "+K from %(count)s people", part.people)
        return said % {"count": number_format(part.people, force_grouping=True)}
    values = {"network": "", "signal": ""}
    if part.network:
        values["network"] = network_name(part.network)
    if part.measure:
        values["signal"] = signal_name(part.network, part.measure)
    return str(_PART_NAMES[part.kind]) % values


def why_of(
    change: why.Change, leads_to: Callable[[ChangePart], str] = lambda part: ""
) -> Why | None:
    """Return the parts of a change, the small ones together; None between fewer than two days."""
    if change.first == change.last:
        return None
    # A network that was linked brings many signals: they are one part.
    sums: dict[tuple[str, str], float] = {}
    for part in change.parts:
        key = (part_name(part), leads_to(part))
        sums[key] = sums.get(key, 0.0) + part.points
    ordered = sorted(sums.items(), key=lambda item: -abs(item[1]))
    rows = [(name, url, points) for (name, url), points in ordered if abs(points) >= SMALL_PART]
    small = [points for points in sums.values() if abs(points) < SMALL_PART]
    if any(small):
        rows.append((_("Small parts together"), "", sum(small)))
    told = tenths([points for _name, _url, points in rows])
    lines = [
        PartLine(name, points, url) for (name, url, _exact), points in zip(rows, told, strict=True)
    ]
    return Why(change.points, change.first, change.last, lines, change.new_versions)


def texts_end(moments: Iterable[MomentRow | MomentMark]) -> datetime | None:
    """Return when the first of the texts may not be shown any more; None where none ends."""
    return min((row.text_until for row in moments if row.text and row.text_until), default=None)


def _moments(person_id: int, query: QueryDict) -> dict[str, Any]:
    """Return the moments, and whether there are more than the page shows at first.

    The page without any words in its address names nobody, as it is kept for a while: what others
    choose about their own profiles holds at once, and their names are in no cache.
    """
    if query.get("moments") == "all":
        rows = queries.moments_for(person_id, ALL_MOMENTS)
        return {"moments": moment_lines(rows, MOST_NAMED), "more_moments": False}
    rows = queries.moments_for(person_id, MOMENTS + 1, with_names=bool(query))
    return {
        "moments": moment_lines(rows[:MOMENTS]),
        "more_moments": len(rows) > MOMENTS,
        "names_elsewhere": not query,
        "kept_until": texts_end(rows[:MOMENTS]),
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """The days of a page, with what is read for all of its parts."""

    found: Histories
    newest: ScoreDay
    period: Period
    # Every day of the period, and those that the chart has.
    history: list[ScoreDay]
    rows: list[ScoreDay]
    points: list[Point]
    explained: why.Explained


def shown_of(
    person_id: int,
    asked: Asked,
    others: Sequence[int],
    now: datetime,
    *,
    explained_days: int | None = None,
) -> Shown | None:
    """Return the days that are asked for; None where the person has no score. Two queries.

    What the scores are made of is read for all days, or for the last few: a page that does not
    tell why the score changed has no use for the others, and they are most of what it would read.
    """
    today = now.date()
    found = histories(person_id, others, *to_read(asked, today))
    if found.newest is None or found.earliest is None:
        return None
    # Of somebody who is not scored any more the last days are gaps.
    behind_days = (today - found.newest.day).days
    end = found.newest.day if behind_days <= MOST_BEHIND_DAYS else today
    period = period_of(asked, found.earliest, end)
    history = found.days(person_id, period.first, period.last)
    rows = sampled(history)
    days = [row.day for row in rows]
    return Shown(
        found=found,
        newest=found.newest,
        period=period,
        history=history,
        rows=rows,
        points=points_of(rows),
        explained=why.explained(
            person_id,
            period.first,
            period.last,
            days if explained_days is None else days[-explained_days:],
        ),
    )


def parts_of(shown: Shown) -> dict[str, Any]:
    """Return what is told of the days to whoever may see the score."""
    explained = shown.explained
    return {
        "period": shown.period,
        "networks": network_bars(explained.shares),
        "sides": side_lines_of(explained.newest) if explained.newest else None,
        "apart": apart_lines(explained.apart),
        "has_discounts": explained.has_discounts,
    }


def without_score(person_id: int, today: date) -> dict[str, Any]:
    """Return the page of who has no score: networks kept apart may have theirs. One query."""
    first = today - timedelta(days=int(DEFAULT_RANGE))
    return {"head": None, "apart": apart_lines(why.kept_apart(person_id, first, today))}


def score_context(person_id: int, query: QueryDict) -> dict[str, Any]:
    """Return what a public page of a score reads: head, chart, shares, sides, moments.

    `query` may hold range (a word of RANGES) and moments ("all"). Only `head` (None) and `apart`
    where the person has no score.
    """
    now = datetime.now(UTC)
    asked = asked_of({"range": query.get("range", "")})
    shown = shown_of(person_id, asked, (), now, explained_days=EXPLAINED_DAYS)
    if shown is None:
        return without_score(person_id, now.date())
    all_points = points_of(shown.history)
    change = shown.explained.change
    return {
        "head": head_of(shown.newest, change_over(all_points), now),
        "ranges": range_choices(shown.period.code, {}),
        "chart": history_chart(
            shown.points,
            words=history_words(all_points),
            events=version_events(change.new_versions, shown.history),
            step_days=step_days(len(shown.history)),
        ),
        "range_code": shown.period.code,
        **parts_of(shown),
        **_moments(person_id, query),
    }
