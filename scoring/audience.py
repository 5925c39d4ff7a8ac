"""What the networks said of followers and lists, and which readings cannot be believed."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from scoring import loading, transfer
from scoring.core.params import Params
from scoring.loading import DAY_LIMIT, Bools, Floats, Integers, Levels, Population

# Steps are looked for between days that are so far apart: an old level needs one row a week.
EVERY_DAYS = 7
# A reading is compared with so many days before it.
LOOK_BACK_DAYS = 2


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known on one day of one count of A accounts."""

    level: Floats  # (A,)
    yesterday: Floats  # (A,)
    day_before: Floats  # (A,)
    # (A,) true where the day's reading is larger than anything that can be true.
    refused: Bools
    # (A, J) levels of earlier weeks, NaN where unknown, and how many days ago.
    earlier: Floats
    ages_days: Floats  # (J,)

    def only(self, accounts: Bools) -> "Counts":
        """Return the counts as they would be if the other accounts had none."""
        return Counts(
            np.where(accounts, self.level, 0.0),
            np.where(accounts, self.yesterday, 0.0),
            np.where(accounts, self.day_before, 0.0),
            self.refused & accounts,
            self.earlier,
            self.ages_days,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One count of the accounts over the days of a walk."""

    levels: Levels
    refused: Integers  # account index · DAY_LIMIT + day, ascending
    # Days since 1970, EVERY_DAYS apart, and the levels on each: (A, J).
    weeks: Integers
    by_week: Floats

    def on(self, day: int, n_accounts: int, step_days: int) -> Counts:
        """Return what is known on a day of the counts, back to `step_days` before."""
        keys = np.arange(n_accounts) * DAY_LIMIT + day
        # A week's level is the larger of two days: one misread day holds nobody down.
        seen = (self.weeks + 2 <= day) & (self.weeks > day - step_days)
        return Counts(
            self.levels.at(day, n_accounts),
            self.levels.at(day - 1, n_accounts),
            self.levels.at(day - 2, n_accounts),
            loading.positions(self.refused, keys) >= 0,
            self.by_week[:, seen],
            (day - self.weeks[seen]).astype(np.float64),
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """Followers and lists of the accounts over the days of a walk."""

    followers: Reading
    lists: Reading


def audience(people: Population, first: date, last: date, params: Params) -> Audience:
    """Return what the networks said of the accounts from first to last. Three queries."""
    start = first - timedelta(days=LOOK_BACK_DAYS)
    weeks, by_week = _weeks(people, first, last, params)
    readings = []
    for name in ("followers", "lists"):
        told = loading.levels(people, name, start, last)
        absurd = told.values > params.max_count
        believed = Levels(told.keys[~absurd], told.values[~absurd])
        readings.append((believed, told.keys[absurd]))
    none = np.full((people.account_ids.size, 0), np.nan)
    no_weeks = np.zeros(0, dtype=np.int64)
    return Audience(Reading(*readings[0], weeks, by_week), Reading(*readings[1], no_weeks, none))


# Two neighbouring days of each week.
_WEEKS = """
SELECT account_id, day, (counts->>'followers')::float8 FROM connectors_snapshot
 WHERE account_id = ANY(%(ids)s) AND day BETWEEN %(first)s AND %(last)s
   AND (day - DATE '1970-01-01') %% %(every)s IN (0, 1) AND counts->>'followers' IS NOT NULL
"""
_WEEK_COLUMNS = pa.schema(
    [("account_id", pa.int64()), ("day", pa.date32()), ("value", pa.float64())]
)


def _weeks(people: Population, first: date, last: date, params: Params) -> tuple[Integers, Floats]:
    """Return one day of each week and the followers then, NaN where unknown. One query."""
    begin = loading.number(first) - params.integrity.step_days
    numbers = np.arange(begin // EVERY_DAYS, loading.number(last) // EVERY_DAYS + 1)
    rows = transfer.read(
        _WEEKS,
        {
            "ids": people.account_ids.tolist(),
            "first": loading.EPOCH + timedelta(days=int(numbers[0]) * EVERY_DAYS),
            "last": last,
            "every": EVERY_DAYS,
        },
        _WEEK_COLUMNS,
    )
    value = loading.floats(rows, "value")
    true = value <= params.max_count
    account = people.account_index(loading.integers(rows, "account_id"))[true]
    column = loading.integers(rows, "day")[true] // EVERY_DAYS - numbers[0]
    by_week = np.full((people.account_ids.size, numbers.size), -np.inf)
    np.maximum.at(by_week, (account, column), value[true])
    return numbers * EVERY_DAYS, np.where(np.isneginf(by_week), np.nan, by_week)
