"""Files of one's own score: days and parts as CSV and JSON, streamed."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.score_page import Shown, shown_of
from dashboard.trend.period import asked_of
from people.acting import acting_person
from people.models import Person
from scoring.marks import Marks, marks_of
from scoring.why import Change

# A cell that begins so is a formula to spreadsheets: https://owasp.org/www-community/attacks/
# CSV_Injection. Read 2026-11.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet computes; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a CSV file; numbers unrounded, with a point, whatever the language."""
    writer = csv.writer(_Echo())
    # Spreadsheets take a file that begins so as UTF-8.
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def attached(lines: Iterable[str], content_type: str, name: str) -> StreamingHttpResponse:
    """Return a file that is saved and not shown."""
    answer = StreamingHttpResponse(lines, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@login_required
@require_safe
def score_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The days that the address asks for, as `csv` or `json`; the owner's own."""
    person = acting_person(request)
    shown = _shown(person, request)
    name = f"score-{shown.period.first.isoformat()}-{shown.period.last.isoformat()}"
    marks = marks_of(person.pk, shown.period.first, shown.period.last, moments=100)
    if kind == "json":
        return attached(json_lines(shown, marks), "application/json", f"{name}.json")
    head = ("day", "score", "most_likely_from", "most_likely_to", "provisional", "notes")
    lines = csv_lines(head, _day_rows(shown, marks))
    return attached(lines, "text/csv; charset=utf-8", f"{name}.csv")


@never_cache
@login_required
@require_safe
def parts_file(request: HttpRequest) -> StreamingHttpResponse:
    """The parts of the change between the days, as CSV; they sum to the last line."""
    person = acting_person(request)
    shown = _shown(person, request)
    change = shown.explained.change
    name = f"parts-{change.first.isoformat()}-{change.last.isoformat()}.csv"
    lines = csv_lines(("from", "to", "kind", "network", "signal", "points"), _part_rows(change))
    return attached(lines, "text/csv; charset=utf-8", name)


def _shown(person: Person, request: HttpRequest) -> Shown:
    shown = shown_of(person.pk, asked_of(request.GET), (), datetime.now(UTC))
    if shown is None:
        raise Http404
    return shown


def _day_rows(shown: Shown, marks: Marks) -> Iterator[tuple[object, ...]]:
    notes: dict[date, list[str]] = {}
    for note in marks.notes:
        notes.setdefault(note.day, []).append(note.text)
    for row in shown.history:
        provisional = "" if row.value is None else int(row.provisional)
        told = "; ".join(notes.get(row.day, ()))
        yield row.day, row.value, row.low, row.high, provisional, told


def _part_rows(change: Change) -> Iterator[tuple[object, ...]]:
    days = (change.first, change.last)
    for part in change.parts:
        yield *days, part.kind.value, part.network, part.measure, part.points
    yield *days, "together", "", "", change.points


def json_lines(shown: Shown, marks: Marks) -> Iterator[str]:
    """Yield the pieces of a JSON object; the points of `parts` sum to `change.points`."""
    change = shown.explained.change
    head: dict[str, Any] = {
        "from": shown.period.first,
        "to": shown.period.last,
        "change": {"from": change.first, "to": change.last, "points": change.points},
        "parts": [
            {
                "kind": part.kind.value,
                "network": part.network,
                "signal": part.measure,
                "points": part.points,
            }
            for part in change.parts
        ],
        "versions": [{"day": new.day, "version": new.version} for new in change.new_versions],
        "notes": [{"day": note.day, "text": note.text} for note in marks.notes],
        "goals": [
            {"target": goal.target, "until": goal.until, "reached_on": goal.reached_on}
            for goal in marks.goals
        ],
        # Without texts: what a network's terms let out is in the file of moments.
        "moments": [
            {"day": m.day, "network": m.network, "points": m.points, "people": m.people_count}
            for m in marks.moments
        ],
    }
    yield _json(head)[:-1] + ', "days": ['
    for number, row in enumerate(shown.history):
        day = {
            "day": row.day,
            "score": row.value,
            "low": row.low,
            "high": row.high,
            "provisional": row.provisional if row.value is not None else None,
        }
        yield (", " if number else "") + _json(day)
    yield "]}\n"


def _json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
