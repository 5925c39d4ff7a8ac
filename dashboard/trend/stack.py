"""The networks' shares of a score over time: figure, drawing, table and sentence; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashboard.catalogue import network_name
from dashboard.charts import figure, plain_words
from dashboard.describe import day_words
from dashboard.rounding import percents
from scoring.why import DayShares

# The colours and patterns of networks: static/css/tokens.css has so many series.
SERIES = 6
# plotly's patterns, so that networks are told apart without colours too.
_PATTERNS = ("", "/", ".", "\\", "x", "-")
SIZE = 100.0


@dataclass(frozen=True, slots=True)
class Layer:
    """A network: its shares day by day, 0–1; None on a day without a score."""

    name: str
    # 1 … 6.
    series: int
    shares: list[float | None]
    # The share on the newest day, in words.
    newest: str
    # Its bars as a path on a canvas of 100 × 100.
    drawing: str


@dataclass(frozen=True, slots=True)
class StackRow:
    """A day of the table: shares in words that sum to 100 %; none on a day without a score."""

    day: date
    shares: list[str]


@dataclass(frozen=True, slots=True)
class Stack:
    """All that templates/parts/stack.html reads."""

    id: str
    words: str
    first: date
    last: date
    layers: list[Layer]
    figure: dict[str, Any]
    newest_first: list[StackRow]


def stack_of(days: Sequence[date], by_day: Sequence[DayShares]) -> Stack | None:
    """Return the shares on the days of a chart; None where no day has any."""
    known = {row.day: dict(row.shares) for row in by_day if row.shares}
    shown = [known.get(day) for day in days]
    totals: dict[str, float] = {}
    for shares in shown:
        for network, share in (shares or {}).items():
            totals[network] = totals.get(network, 0.0) + share
    if not totals:
        return None
    ordered = sorted(totals, key=lambda network: (-totals[network], network))
    named, rest = ordered[: SERIES - 1], ordered[SERIES - 1 :]
    if len(rest) == 1:
        named, rest = ordered, []
    rows: list[list[float] | None] = [
        None if shares is None else _row(shares, named, rest) for shares in shown
    ]
    names = [network_name(network) for network in named] + ([_("Other networks")] if rest else [])
    layers = _layers(names, rows)
    return Stack(
        id="shares-by-day",
        words=_words(days, names, rows),
        first=days[0],
        last=days[-1],
        layers=layers,
        figure=_figure(days, layers),
        newest_first=[
            StackRow(day, percents(row or []))
            for day, row in zip(reversed(days), reversed(rows), strict=True)
        ],
    )


def _row(shares: dict[str, float], named: Sequence[str], rest: Sequence[str]) -> list[float]:
    row = [shares.get(network, 0.0) for network in named]
    return [*row, sum(shares.get(network, 0.0) for network in rest)] if rest else row


def _layers(names: Sequence[str], rows: Sequence[list[float] | None]) -> list[Layer]:
    width = SIZE / len(rows)
    newest = percents(next(row for row in reversed(rows) if row is not None))
    layers = []
    for number, name in enumerate(names):
        drawn = []
        for place, row in enumerate(rows):
            if row is not None and row[number] > 0:
                top = SIZE * (1 - sum(row[: number + 1]))
                bar = (place * width, max(top, 0.0), width, SIZE * row[number])
                x, y, w, h = (f"{value:.1f}".removesuffix(".0") for value in bar)
                drawn.append(f"M{x} {y}h{w}v{h}h-{w}z")
        shares = [None if row is None else row[number] for row in rows]
        layers.append(Layer(name, number + 1, shares, newest[number], "".join(drawn)))
    return layers


def _figure(days: Sequence[date], layers: Sequence[Layer]) -> dict[str, Any]:
    traces = [
        {
            "type": "bar",
            "x": [day.isoformat() for day in days],
            "y": [None if share is None else round(100 * share, 2) for share in layer.shares],
            "name": plain_words(layer.name),
            "marker": {"pattern": {"shape": _PATTERNS[layer.series - 1], "solidity": 0.2}},
            "hovertemplate": (
                f"{plain_words(layer.name)} <b>%{{y:.1f}} %</b><br>%{{x|%-d %b %Y}}<extra></extra>"
            ),
            "meta": {"colour": f"--series-{layer.series}"},
        }
        for layer in layers
    ]
    return figure(
        traces,
        barmode="stack",
        bargap=0,
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        margin={"l": 48, "r": 12, "t": 12, "b": 48},
        xaxis={"type": "date", "fixedrange": True, "showgrid": False},
        yaxis={
            "range": [0, 100],
            "fixedrange": True,
            "dtick": 25,
            "ticksuffix": " %",
            "zeroline": False,
        },
    )


def _words(days: Sequence[date], names: Sequence[str], rows: Sequence[list[float] | None]) -> str:
    known = [(day, row) for day, row in zip(days, rows, strict=True) if row is not None]
    told = [_of_day(day, names, row) for day, row in (known[0], known[-1])]
    return told[0] if len(known) == 1 else " ".join(told)


def _of_day(day: date, names: Sequence[str], row: Sequence[float]) -> str:
    parts = [
        f"{name} {told}"
        for name, told, share in zip(names, percents(row), row, strict=True)
        if share > 0
    ]
    return _("On %(day)s: %(shares)s.") % {"day": day_words(day), "shares": ", ".join(parts)}
