"""What the page of a comparison shows, put together from the queries of the packages below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.charts import Point
from dashboard.compare.drawing import drawing, figure
from dashboard.csv_cells import Cell
from dashboard.describe import Change, change_over, one_decimal, rounded, signed
from dashboard.searching import FoundLine, lines_of
from dashboard.sides import SideLine, side_lines_of
from people.models import Person, User
from people.queries import people_by_slugs
from scoring.comparing import histories, newest_parts, shown_to
from scoring.queries import ScoreDay
from scoring.search import search

MOST = 5
RANGES: tuple[tuple[str, Promise, int], ...] = (
    ("30", gettext_lazy("30 days"), 30),
    ("90", gettext_lazy("90 days"), 90),
    ("365", gettext_lazy("1 year"), 365),
)
DEFAULT_RANGE = "90"
# A longer table tells one day a week; the file has all of them.
MOST_ROWS = 100
FOUND = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A link: its words, its address, whether it is the chosen one."""

    name: str
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One person of the comparison; `number` is of the line, from 1."""

    number: int
    slug: str
    name: str
    is_brand: bool
    value: float | None
    provisional: bool
    # "58–66", "" without a score.
    band: str
    change: Change | None
    sides: list[SideLine]
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    slugs: list[str]
    range_code: str
    text: str

    @property
    def days(self) -> int:
        """Days of the chart."""
        return next(days for code, _name, days in RANGES if code == self.range_code)

    def address(self, *, slugs: Sequence[str] | None = None, code: str = "") -> str:
        """Return the address of another comparison of the same kind."""
        chosen = self.slugs if slugs is None else slugs
        pairs = [("p", slug) for slug in chosen] + [("range", code or self.range_code)]
        return f"{reverse('dashboard:compare')}?{urlencode(pairs)}"


def asked_for(query: QueryDict) -> Asked:
    """Return what an address asks for: five slugs at most, each once, and a known range."""
    slugs = list(dict.fromkeys(slug.lower()[:80] for slug in query.getlist("p") if slug.strip()))
    code = query.get("range", DEFAULT_RANGE)
    known = code if code in {name for name, _words, _days in RANGES} else DEFAULT_RANGE
    return Asked(slugs[:MOST], known, query.get("q", "").strip()[:100].replace("\0", ""))


def shown_people(asked: Asked, viewer: User | AnonymousUser) -> list[Person]:
    """Return the people of the address that the viewer may see, in its order. Three queries."""
    found = people_by_slugs(asked.slugs)
    return shown_to([found[slug] for slug in asked.slugs if slug in found], viewer)


def span(asked: Asked) -> tuple[date, date]:
    """Return the first and the last day of the chart: the last is yesterday, which is closed."""
    last = datetime.now(UTC).date() - timedelta(days=1)
    return last - timedelta(days=asked.days - 1), last


def _points(history: Sequence[ScoreDay]) -> list[Point]:
    return [Point(row.day, row.value, row.low, row.high) for row in history]


def compare_context(asked: Asked, viewer: User | AnonymousUser, own: str = "") -> dict[str, Any]:
    """Return what the page reads; `own` is the slug of whom the viewer acts as, "" for nobody."""
    people = shown_people(asked, viewer)
    first, last = span(asked)
    found = histories([person.pk for person in people], first, last) if people else {}
    parts = newest_parts([person.pk for person in people]) if people else {}
    lines = []
    for number, person in enumerate(people, start=1):
        others = [other.slug for other in people if other != person]
        sides = side_lines_of(parts[person.pk]) if person.pk in parts else []
        lines.append(compared(number, person, found[person.pk], sides, asked.address(slugs=others)))
    series = [_points(found[person.pk]) for person in people]
    slugs = [line.slug for line in lines]
    return {
        "people": lines,
        "most": MOST,
        "missing": len(asked.slugs) > len(people),
        "ranges": [
            Choice(str(words), asked.address(slugs=slugs, code=code), code == asked.range_code)
            for code, words, _days in RANGES
        ],
        "range_code": asked.range_code,
        **side_by_side(lines, series, first, last),
        "me": asked.address(slugs=[own, *slugs]) if own and own not in slugs else "",
        "csv": asked.address(slugs=slugs).replace("/compare/", "/compare/scores.csv", 1),
        "typed": asked.text,
        "found": _to_add(asked, slugs),
    }


def side_by_side(
    lines: Sequence[Compared], series: Sequence[Sequence[Point]], first: date, last: date
) -> dict[str, Any]:
    """Return what the table and the chart (templates/compare/) read beside the people."""
    drawn = drawing(series) if series else None
    return {
        "drawing": drawn,
        "figure": figure([line.name for line in lines], series) if drawn else None,
        "words": _words(lines),
        "table": _table(first, last, series) if drawn else [],
        "weekly": (last - first).days + 1 > MOST_ROWS,
        "first": first,
        "last": last,
        "side_names": [
            side.name for side in next((line.sides for line in lines if line.sides), [])
        ],
    }


def compared(
    number: int, person: Person, history: Sequence[ScoreDay], sides: list[SideLine], without: str
) -> Compared:
    """Return one person of the comparison with their newest score of the days."""
    newest = next((row for row in reversed(history) if row.value is not None), None)
    band = ""
    if newest is not None and newest.value is not None:
        low = newest.low if newest.low is not None else newest.value
        high = newest.high if newest.high is not None else newest.value
        band = f"{rounded(low)}–{rounded(high)}"
    return Compared(
        number=number,
        slug=person.slug,
        name=(person.name or person.slug)[:80],
        is_brand=person.kind == Person.Kind.BRAND,
        value=newest.value if newest else None,
        provisional=bool(newest and newest.provisional),
        band=band,
        change=change_over(_points(history)),
        sides=sides,
        without=without,
    )


def _words(lines: Sequence[Compared]) -> str:
    """Return the sentence that sums the chart up."""
    told = []
    for line in sorted(lines, key=lambda line: (-(line.value or 0), line.name)):
        if line.value is None:
            told.append(_("%(name)s: no score in this range.") % {"name": line.name})
        elif line.change is None:
            told.append(
                _("%(name)s: %(value)s.") % {"name": line.name, "value": one_decimal(line.value)}
            )
        else:
            told.append(
                _("%(name)s: %(value)s (%(points)s).")
                % {
                    "name": line.name,
                    "value": one_decimal(line.value),
                    "points": signed(line.change.points),
                }
            )
    return " ".join(told)


def _table(first: date, last: date, series: Sequence[Sequence[Point]]) -> list[Any]:
    """Return rows (day, points), the newest first; of a long range one day in seven."""
    days = (last - first).days + 1
    step = 7 if days > MOST_ROWS else 1
    return [
        (last - timedelta(days=back), [points[days - 1 - back] for points in series])
        for back in range(0, days, step)
    ]


def _to_add(asked: Asked, slugs: Sequence[str]) -> list[tuple[FoundLine, str]]:
    """Return the people whom the typed text finds, each with the address of adding them."""
    if not asked.text or len(slugs) >= MOST:
        return []
    lines = [line for line in lines_of(search(asked.text, FOUND)) if line.slug not in slugs]
    return [(line, asked.address(slugs=[*slugs, line.slug])) for line in lines]


def csv_rows(asked: Asked, viewer: User | AnonymousUser) -> tuple[list[str], list[list[Cell]]]:
    """Return the head and the rows of the file: a row a day, score and band of each person."""
    people = shown_people(asked, viewer)
    first, last = span(asked)
    found = histories([person.pk for person in people], first, last) if people else {}
    head = ["day"]
    for person in people:
        name = person.name or person.slug
        head += [name, f"{name} (low)", f"{name} (high)"]
    rows: list[list[Cell]] = []
    for number in range((last - first).days + 1):
        row: list[Cell] = [(first + timedelta(days=number)).isoformat()]
        for person in people:
            point = found[person.pk][number]
            row += [point.value, point.low, point.high]
        rows.append(row)
    return head, rows
