"""The formats of the files that an evaluation takes, as docs/evaluation.md lists them."""

import math
from collections.abc import Sequence

from scoring.learning import klout, pairs, windows
from scoring.learning.tables import Column

FORMATS: dict[str, Sequence[Column]] = {
    "pairs": pairs.COLUMNS,
    "klout": klout.ACCOUNT_COLUMNS,
    "distribution": (
        klout.BIN_COLUMN,
        Column(f"{klout.COUNT_PREFIX}…", "accounts in the bin; of several, the greatest name"),
    ),
    "cascades": windows.CASCADE_COLUMNS,
}


def written(page: str) -> str:
    """Return the page with the table of each format between its marks."""
    for name, columns in FORMATS.items():
        mark, end = f"<!-- formats: {name} -->\n", "<!-- formats: end -->"
        before, rest = page.split(mark)
        after = rest.split(end, 1)[1]
        page = f"{before}{mark}{_table(columns)}\n{end}{after}"
    return page


def _table(columns: Sequence[Column]) -> str:
    lines = ["| column | what it holds | cell |", "|---|---|---|"]
    for column in columns:
        cell = column.kind
        if column.kind == "number":
            most = "" if math.isinf(column.high) else f" to {column.high:g}"
            cell += f" from {column.low:g}{most}"
        if column.may_be_empty:
            cell += ", or empty"
        lines.append(f"| `{column.name}` | {column.meaning} | {cell} |")
    return "\n".join(lines)
