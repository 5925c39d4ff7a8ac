"""What is not counted in full, as rows: written with each day, shown to its person, appealed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection, transaction

from scoring import loading
from scoring.core.integrity import DiscountKind
from scoring.core.params import Params
from scoring.loading import Integers, Population
from scoring.models import Discount
from scoring.scored_day import ScoredDay

# Days with the same discount that lie no further apart are one row.
SAME_WITHIN_DAYS = 7
# Discounts that ended so long ago are not shown any more.
SHOWN_DAYS = 90
MOST_SHOWN = 50
# A single person's first scores know nothing of groups: whom others act on is not loaded there.
NOT_OF_FIRST_SCORES = (DiscountKind.RECIPROCITY.value, DiscountKind.PLUS_K.value)
# A count is held for a day only: by the time of an answer it counts.
NOT_APPEALED = (DiscountKind.HELD_COUNT.value,)


# --- The daily run ------------------------------------------------------------------------------
def lifted(people: Population, params: Params) -> dict[DiscountKind, tuple[Integers, Integers]]:
    """Return for each kind that was lifted the first and last day for each account. One query.

    For accounts without such a day the last is before the first.
    """
    rows = Discount.objects.filter(lifted_on__isnull=False).values_list(
        "kind", "account_id", "lifted_on"
    )
    found: dict[DiscountKind, tuple[Integers, Integers]] = {}
    days = params.integrity.lifted_days
    for kind, account_id, lifted_on in rows.order_by("lifted_on"):
        place = int(people.account_index(np.array([account_id]))[0])
        if place < 0 or lifted_on is None:
            continue
        nobody = (
            np.zeros(people.account_ids.size, dtype=np.int64),
            np.full_like(people.account_ids, -1),
        )
        first, last = found.setdefault(DiscountKind(kind), nobody)
        number = loading.number(lifted_on)
        # Lifted again within the year: one time from the first decision on.
        first[place] = first[place] if number <= last[place] else number
        last[place] = number + days - 1
    return found


# A row of these days is taken back to the day before them, or goes if it began in them; whoever
# appealed against it keeps it.
_SHORTEN = """
UPDATE scoring_discount SET until = %(first)s - 1
 WHERE until BETWEEN %(first)s AND %(last)s AND since < %(first)s AND NOT kind = ANY(%(kept)s)
   AND (%(accounts)s::bigint[] IS NULL OR account_id = ANY(%(accounts)s))
"""
_REMOVE = """
DELETE FROM scoring_discount AS d
 WHERE since >= %(first)s AND until <= %(last)s AND NOT kind = ANY(%(kept)s)
   AND (%(accounts)s::bigint[] IS NULL OR account_id = ANY(%(accounts)s))
   AND NOT EXISTS (SELECT FROM scoring_appeal WHERE discount_id = d.id)
"""


def forget(days: Sequence[date], account_ids: list[int] | None = None) -> None:
    """Take back what an earlier run of the days wrote, of everybody or of some accounts.

    Of some accounts: without the kinds that the first scores of a person do not know.
    """
    values = {
        "first": days[0],
        "last": days[-1],
        "accounts": account_ids,
        "kept": [] if account_ids is None else list(NOT_OF_FIRST_SCORES),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SHORTEN, values)
        cursor.execute(_REMOVE, values)


_NEW = """
CREATE TEMP TABLE new_discount ON COMMIT DROP AS
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::float8[], %s::text[])
    AS new (person_id, account_id, kind, points, reason)
"""
_EXTEND = """
UPDATE scoring_discount AS d
   SET person_id = n.person_id, since = least(d.since, %(day)s), until = greatest(d.until, %(day)s),
       points = CASE WHEN %(day)s >= d.until THEN n.points ELSE d.points END,
       reason = CASE WHEN %(day)s >= d.until THEN n.reason::jsonb ELSE d.reason END
  FROM new_discount n
 WHERE d.account_id = n.account_id AND d.kind = n.kind
   AND d.since <= %(day)s + %(within)s AND d.until >= %(day)s - %(within)s
"""
_INSERT = """
INSERT INTO scoring_discount (person_id, account_id, kind, since, until, points, reason)
SELECT person_id, account_id, kind, %(day)s, %(day)s, points, reason::jsonb FROM new_discount n
 WHERE NOT EXISTS (SELECT FROM scoring_discount d
                    WHERE d.account_id = n.account_id AND d.kind = n.kind
                      AND d.since <= %(day)s + %(within)s AND d.until >= %(day)s - %(within)s)
 ORDER BY account_id, kind
"""


def write(scored: Sequence[ScoredDay], people: Population) -> None:
    """Write the discounts of the days, in their order. A second call changes nothing.

    Three statements for each day that has any.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for day in scored:
            if not day.discounts:
                continue
            accounts = np.array([row.account for row in day.discounts])
            cursor.execute(
                _NEW,
                [
                    people.person_ids[people.person_index[accounts]].tolist(),
                    people.account_ids[accounts].tolist(),
                    [row.kind.value for row in day.discounts],
                    [min(row.points, 100.0) for row in day.discounts],
                    [json.dumps(row.reason) for row in day.discounts],
                ],
            )
            values: dict[str, date | int] = {"day": day.day, "within": SAME_WITHIN_DAYS}
            cursor.execute(_EXTEND, values)
            cursor.execute(_INSERT, values)
            cursor.execute("DROP TABLE new_discount")


# --- Pages --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DiscountRow:
    """One discount as its person sees it."""

    pk: int
    network: str
    handle: str
    kind: DiscountKind
    since: date
    until: date
    # True where the newest scored day still has it.
    active: bool
    # By how much the score of the day `until` was lower.
    points: float
    reason: Mapping[str, float | str]
    # State of the newest appeal: "" without one, "open", "upheld" or "lifted".
    appeal: str
    may_appeal: bool


_SHOWN = """
SELECT d.id, coalesce(a.network, ''), coalesce(a.handle, ''), d.kind, d.since, d.until,
       d.points, d.reason, d.lifted_on, coalesce(newest.state, ''), last.day
  FROM scoring_discount d
  LEFT JOIN connectors_account a ON a.id = d.account_id
  LEFT JOIN LATERAL (SELECT CASE WHEN decided_at IS NULL THEN 'open' ELSE decision END AS state
                       FROM scoring_appeal WHERE discount_id = d.id
                      ORDER BY at DESC, id DESC LIMIT 1) AS newest ON true
  CROSS JOIN LATERAL (SELECT max(day) AS day FROM scoring_score
                       WHERE person_id = d.person_id AND shown) AS last
 WHERE d.person_id = %(person)s AND d.until >= last.day - %(days)s
 ORDER BY d.until DESC, d.points DESC, d.id LIMIT %(most)s
"""


def discounts_for(person_id: int) -> list[DiscountRow]:
    """Return what was not counted in full of a person lately, running ones first. One query."""
    values = {"person": person_id, "days": SHOWN_DAYS, "most": MOST_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, values)
        return [_row(*row) for row in cursor.fetchall()]


def _row(
    pk: int,
    network: str,
    handle: str,
    kind: str,
    since: date,
    until: date,
    points: float,
    reason: str,
    lifted_on: date | None,
    appeal: str,
    last: date,
) -> DiscountRow:
    return DiscountRow(
        pk=pk,
        network=network,
        handle=handle,
        kind=DiscountKind(kind),
        since=since,
        until=until,
        active=until >= last,
        points=points,
        reason=json.loads(reason),
        appeal=appeal,
        may_appeal=appeal != "open" and kind not in NOT_APPEALED and lifted_on is None,
    )


def may_be_appealed(discount: Discount) -> bool:
    """Return whether an appeal against it can change anything."""
    return discount.kind not in NOT_APPEALED and discount.lifted_on is None
