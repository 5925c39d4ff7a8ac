"""How much of what Meta allows is used up, as the headers of each answer tell.

Reference: https://developers.facebook.com/docs/graph-api/overview/rate-limiting/ (read 2026-11).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

# Per cent of what is allowed, from which on nothing more is asked: a refusal would count as well.
ENOUGH = 95
# What is used counts for an hour and fades; Meta says how long only where all is used up.
PAUSE = timedelta(minutes=20)
# A refusal without a word on how long it lasts.
AFTER_REFUSAL = timedelta(hours=1)
# A longer wait than a day is no wait of these limits.
LONGEST = timedelta(days=1)
_SHARES = ("call_count", "total_time", "total_cputime")


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when nothing may be asked after an answer; None where there is room."""
    rows = list(_rows(headers))
    regained = _regained(rows)
    if regained:
        return now + regained
    used = max((_number(row.get(name)) for row in rows for name in _SHARES), default=0)
    return now + PAUSE if used >= ENOUGH else None


def after_refusal(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return until when to wait after Meta has refused a question for its number."""
    return now + (_regained(list(_rows(headers))) or AFTER_REFUSAL)


def _regained(rows: list[dict[str, Any]]) -> timedelta:
    """Return how long it takes, as Meta estimates it in minutes; 0 where it does not say."""
    minutes = max((_number(row.get("estimated_time_to_regain_access")) for row in rows), default=0)
    return min(timedelta(minutes=min(minutes, 10_000)), LONGEST)


def _rows(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what the headers say of each limit; one that cannot be read says nothing."""
    for name in ("x-app-usage", "x-page-usage", "x-business-use-case-usage"):
        try:
            told = json.loads(headers.get(name, "{}"))
        except ValueError:
            continue
        if not isinstance(told, dict):
            continue
        yield told
        for rows in told.values():
            if isinstance(rows, list):
                yield from (row for row in rows if isinstance(row, dict))


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
