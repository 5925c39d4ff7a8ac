"""Cells of CSV files that spreadsheets open: text that would be run as a formula stays text."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What makes a spreadsheet compute a cell, or look for more cells in it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def cell(value: Cell) -> str:
    """Return a cell's text; an apostrophe before what a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Return the download of a table, in UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([cell(title) for title in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    answer = HttpResponse(
        text.getvalue().encode("utf-8-sig", errors="replace"),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
