"""Which days of which accounts were seen."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from scoring import transfer
from scoring.loading.accounts import Population
from scoring.loading.arrays import Bools, Integers, integers, number

_FETCHES = """
SELECT account_id, day, (extract(epoch FROM finished_at) * 1000000)::bigint AS finished
  FROM connectors_fetchstate WHERE account_id = ANY(%s) AND status = 'done' AND day >= %s
"""
_FETCH_COLUMNS = pa.schema(
    [("account_id", pa.int64()), ("day", pa.date32()), ("finished", pa.int64())]
)
_CLOSED = """
SELECT day, (extract(epoch FROM closed_at) * 1000000)::bigint AS closed
  FROM connectors_closedday WHERE day BETWEEN %s AND %s
"""
_CLOSED_COLUMNS = pa.schema([("day", pa.date32()), ("closed", pa.int64())])


@dataclass(frozen=True, slots=True)
class Fetches:
    """Which days of which accounts were seen whole before they closed."""

    first: int
    seen: Bools  # (A, days from first)
    look_back_days: int

    def unfetched_days(self, day: int) -> Integers:
        """Return the days since the last seen one: 0 where `day` is; at most one over the limit.

        The limit is `look_back_days`, wherever the range begins.
        """
        offset = day - self.first
        until = self.seen[:, max(offset - self.look_back_days, 0) : offset + 1][:, ::-1]
        missing: Integers = np.argmax(until, axis=1).astype(np.int64)
        missing[~until.any(axis=1)] = self.look_back_days + 1
        return missing


def fetches(people: Population, first: date, last: date, look_back_days: int) -> Fetches:
    """Return what was seen from `look_back_days` before first to last. Two queries.

    The fetch of a day sees it and those before that were not closed yet; the first whole sync
    sees the whole history, the day on which it ran so far included.
    """
    start = first - timedelta(days=look_back_days)
    days = np.arange(number(start), number(last) + 1)
    seen = days[np.newaxis, :] <= people.first_synced_day[:, np.newaxis]
    rows = transfer.read(_FETCHES, [people.account_ids.tolist(), start], _FETCH_COLUMNS)
    index = people.account_index(integers(rows, "account_id"))
    fetched, finished = integers(rows, "day"), integers(rows, "finished")
    closed_at = np.full(days.size, np.iinfo(np.int64).max)
    closed = transfer.read(_CLOSED, [start, last], _CLOSED_COLUMNS)
    closed_at[integers(closed, "day") - days[0]] = integers(closed, "closed")
    for offset, day in enumerate(days):
        covering = index[(fetched >= day) & (finished < closed_at[offset])]
        seen[covering, offset] = True
    return Fetches(int(days[0]), seen, look_back_days)
