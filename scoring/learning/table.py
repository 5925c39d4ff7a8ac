"""The one table of an evaluation: what was measured, on what, how sure – or what to give."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes
    ----------
    section, name, measure : str
        What kind of evidence, what was measured, in what quantity and unit.
    value : float or None
        None: not measured; `note` then says what to give.
    error : float or None
        Standard error of the value; None where there is none.
    count : int or None
        On how many pairs, accounts or people.
    note : str
        What a reader must know, such as *synthetic*.
    """

    section: str
    name: str
    measure: str
    value: float | None
    error: float | None = None
    count: int | None = None
    note: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the row for JSON; numbers that are none are null."""
        return {
            "section": self.section,
            "name": self.name,
            "measure": self.measure,
            "value": _finite(self.value),
            "standard_error": _finite(self.error),
            "count": self.count,
            "note": self.note,
        }


HEADER = ("evidence", "of what", "measure", "value", "± s.e.", "n", "note")


def cells(row: Row) -> tuple[str, ...]:
    """Return the row's texts in the order of HEADER."""
    return (
        row.section,
        row.name,
        row.measure,
        _text(row.value),
        _text(row.error),
        "" if row.count is None else str(row.count),
        row.note,
    )


def plain(rows: list[Row]) -> str:
    """Return the table with aligned columns, for a terminal."""
    lines = [HEADER, *(cells(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADER))]
    right = {3, 4, 5}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def markdown(rows: list[Row]) -> str:
    """Return the table for docs/evaluation.md."""
    lines = [HEADER, ("---",) * len(HEADER), *(cells(row) for row in rows)]
    return "\n".join("| " + " | ".join(cell for cell in line) + " |" for line in lines)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _text(value: float | None) -> str:
    finite = _finite(value)
    return "–" if finite is None else f"{finite:.4f}"
