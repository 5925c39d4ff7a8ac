"""Reactions without names over the days of a walk: decayed sums of what posts' counts gained."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from scoring import loading, transfer
from scoring.audience import LOOK_BACK_DAYS
from scoring.core.decay import decay_weight
from scoring.core.params import Family, Params
from scoring.loading import Bools, Floats, Integers, Population


@dataclass(frozen=True, slots=True)
class AnonymousSums:
    """Reactions without names of A accounts, decayed to a day; each (A,), ≥ 0."""

    level: Floats
    # As it was known one and two days before.
    yesterday: Floats
    day_before: Floats

    def only(self, accounts: Bools) -> "AnonymousSums":
        """Return the sums as they would be if the other accounts had none."""
        return AnonymousSums(
            np.where(accounts, self.level, 0.0),
            np.where(accounts, self.yesterday, 0.0),
            np.where(accounts, self.day_before, 0.0),
        )


@dataclass(frozen=True, slots=True)
class Anonymous:
    """What came and went of all the accounts' counts, in the order of days, then accounts."""

    day: Integers
    account: Integers
    # What the counts of the day's posts gained, and what they lost of the gain of the day before.
    come: Floats
    gone: Floats
    window_days: int
    half_life_days: float

    def on(self, day: int, shift: Floats) -> AnonymousSums:
        """Return the sums on a day.

        `shift` (A,) is by how many days the ages of each account's reactions are put back.
        """
        if not self.day.size:
            none = np.zeros(shift.size)
            return AnonymousSums(none, none, none)
        return AnonymousSums(*(self._sums(day - ago, shift) for ago in range(3)))

    def _sums(self, day: int, shift: Floats) -> Floats:
        first, last = np.searchsorted(self.day, [day - self.window_days + 1, day + 1])
        rows = slice(int(first), int(last))
        account = self.account[rows]
        age = day - self.day[rows] - shift[account]
        left = self.come[rows] * decay_weight(np.maximum(age, 0.0), self.half_life_days)
        # A day older: what went is taken back at what it still counts for.
        lost = self.gone[rows] * decay_weight(np.maximum(age + 1, 0.0), self.half_life_days)
        sums = np.bincount(account, weights=left - lost, minlength=shift.size)
        # What was lost on the window's first day had come before it.
        return np.maximum(sums, 0.0)


# What a count loses it loses of what it gained on the same day or the day before: a misreading, or
# bought reactions that were taken away at once. Older ones were given, and fade like all others.
_COUNTED = """
SELECT day, account_id, sum(come)::float8 AS come, sum(gone)::float8 AS gone FROM (
    SELECT day, account_id, greatest(added - removed, 0) AS come, 0 AS gone
      FROM connectors_anonymousday
     WHERE day BETWEEN %(first)s AND %(last)s
       AND (%(ids)s::bigint[] IS NULL OR account_id = ANY(%(ids)s))
    UNION ALL
    SELECT later.day, later.account_id, 0,
           least(later.removed - later.added, earlier.added - earlier.removed)
      FROM connectors_anonymousday later
      JOIN connectors_anonymousday earlier
        ON earlier.day = later.day - 1 AND earlier.account_id = later.account_id
       AND earlier.post_id = later.post_id AND earlier.kind = later.kind
     WHERE later.day BETWEEN %(first)s AND %(last)s AND later.removed > later.added
       AND earlier.added > earlier.removed
       AND (%(ids)s::bigint[] IS NULL OR later.account_id = ANY(%(ids)s))
) AS moved
 GROUP BY day, account_id HAVING sum(come) > 0 OR sum(gone) > 0 ORDER BY day, account_id
"""
_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("account_id", pa.int64()),
        ("come", pa.float64()),
        ("gone", pa.float64()),
    ]
)


def anonymous(
    people: Population, first: date, last: date, window_days: int, params: Params
) -> Anonymous:
    """Return the reactions without names that the days from first to last look at. One query."""
    start = first - timedelta(days=window_days - 1 + LOOK_BACK_DAYS)
    # A single person's first scores must not read everybody's.
    few = people.account_ids.tolist() if people.person_ids.size <= 100 else None
    rows = transfer.read(_COUNTED, {"first": start, "last": last, "ids": few}, _COLUMNS)
    account = people.account_index(loading.integers(rows, "account_id"))
    here = account >= 0
    return Anonymous(
        loading.integers(rows, "day")[here],
        account[here],
        loading.floats(rows, "come")[here],
        loading.floats(rows, "gone")[here],
        window_days,
        half_life_days(params),
    )


def nothing(params: Params) -> Anonymous:
    """Return that nobody has any."""
    none = np.zeros(0, dtype=np.int64)
    return Anonymous(none, none, np.zeros(0), np.zeros(0), 1, half_life_days(params))


def half_life_days(params: Params) -> float:
    """Return in how many days a reaction without a name counts half."""
    for measure in params.measures:
        if measure.family is Family.ANONYMOUS and measure.half_life_days is not None:
            return measure.half_life_days
    raise ValueError(f"version {params.version} has no reactions without names")
