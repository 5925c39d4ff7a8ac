"""The networks' counts of an account over time."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from scoring import transfer
from scoring.loading.accounts import Population
from scoring.loading.arrays import DAY_LIMIT, Floats, Integers, floats, integers


@dataclass(frozen=True, slots=True)
class Levels:
    """One count of the accounts over time: known values, carried until the next one."""

    keys: Integers  # account index · DAY_LIMIT + day, ascending
    values: Floats

    def at(self, day: int, n_accounts: int) -> Floats:
        """Return the level of each account on a day.

        The last known one; before the first known one, that; 0 for an account that has none
        (hidden, or never told).
        """
        if not self.keys.size:
            return np.zeros(n_accounts)
        accounts = np.arange(n_accounts)
        after = np.searchsorted(self.keys, accounts * DAY_LIMIT + day, side="right")
        before = np.maximum(after - 1, 0)
        following = np.minimum(after, self.keys.size - 1)
        owner = self.keys // DAY_LIMIT
        earlier = np.where(owner[before] == accounts, self.values[before], np.nan)
        later = np.where(owner[following] == accounts, self.values[following], 0.0)
        return np.where(np.isnan(earlier), later, earlier)


# Per account: the last known value before the range, those within it, the first one after it.
_LEVELS = """
SELECT a.id, s.day, s.value FROM unnest(%(ids)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
    (SELECT day, (counts->>%(name)s)::float8 AS value FROM connectors_snapshot
      WHERE account_id = a.id AND day < %(first)s AND counts->>%(name)s IS NOT NULL
      ORDER BY day DESC LIMIT 1)
    UNION ALL
    (SELECT day, (counts->>%(name)s)::float8 FROM connectors_snapshot
      WHERE account_id = a.id AND day BETWEEN %(first)s AND %(last)s
        AND counts->>%(name)s IS NOT NULL)
    UNION ALL
    (SELECT day, (counts->>%(name)s)::float8 FROM connectors_snapshot
      WHERE account_id = a.id AND day > %(last)s AND counts->>%(name)s IS NOT NULL
      ORDER BY day LIMIT 1)
) AS s ORDER BY a.id, s.day
"""
_LEVEL_COLUMNS = pa.schema(
    [("account_id", pa.int64()), ("day", pa.date32()), ("value", pa.float64())]
)


def levels(people: Population, name: str, first: date, last: date) -> Levels:
    """Return a snapshot count of the accounts from first to last. One query."""
    rows = transfer.read(
        _LEVELS,
        {"ids": people.account_ids.tolist(), "name": name, "first": first, "last": last},
        _LEVEL_COLUMNS,
    )
    index = people.account_index(integers(rows, "account_id"))
    keys = index * DAY_LIMIT + integers(rows, "day")
    return Levels(keys, floats(rows, "value"))
