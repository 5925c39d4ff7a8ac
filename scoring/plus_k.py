"""+K in the scoring: the credits of some days as arrays, and what they come to on each day.

They are rows of our own (scoring.topics), so that no roll-up has part in them: every engine comes
to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from django.db import connection

from people import opt_out
from scoring import loading, transfer
from scoring.core import integrity
from scoring.core import plus_k as core
from scoring.core.integrity import DiscountKind
from scoring.core.model import Evaluation, Model
from scoring.core.params import Params
from scoring.core.plus_k import Counted
from scoring.core.trust import ORDINARY, UNKNOWN
from scoring.inputs import Discounted
from scoring.loading import Bools, Floats, Integers, Population, Yesterday
from scoring.servers import Servers
from scoring.units import Units

# Accounts whose names are compared with the opted-out ones at a time.
HASHED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Credits:
    """N credits given within some days, by whom to whom, and on which days each counts."""

    # The user who gave it, and who the receiver is when giving: its user, or −its own number.
    giver: Integers
    receiver: Integers
    # Positions among the people who are scored, −1 for others.
    giver_person: Integers
    receiver_person: Integers
    # The days, since 1970; the last is before the first where it was taken back at once.
    first: Integers
    last: Integers
    # Givers who opted out: ordinary people, whoever they are.
    nameless: Bools
    # Class of each as a giver that holds on all days (first scores of one person); None: by
    # yesterday's.
    fixed_classes: Integers | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What +K comes to on a day; P people, and T sums of which theirs are the first."""

    counted: Counted  # of P
    x: Floats  # (P,) ordinary people
    points: Floats  # (T,) of strength


def nothing(people_count: int, sums_count: int) -> Day:
    """Return that nobody has any."""
    none = np.zeros(people_count)
    empty = Counted(integrity.Sums(none, none, none, none, none, none), none.astype(np.int64))
    return Day(empty, none, np.zeros(sums_count))


def on(
    credits: Credits | None,
    today: int,
    before: Yesterday,
    membership: tuple[Integers, Floats],
    servers: tuple[Servers, Floats],
    units: Units,
    free: Bools,
    params: Params,
) -> Day:
    """Return what the credits come to on a day.

    Parameters
    ----------
    credits : Credits, optional
    today : int
        The day, since 1970.
    before : Yesterday
    membership : tuple of ndarray
        Who acted on whom, source · P + target, ascending, and how far each act is inside a dense
        reciprocal group (core.integrity).
    servers : tuple of Servers and ndarray
        And the standing of each on the day.
    units : Units
    free : ndarray of bool, shape (U,)
        Units of people whose discount was lifted.
    params : Params
    """
    count, rule = units.people_count, params.plus_k
    if credits is None or rule is None or not credits.first.size:
        return nothing(count, units.sums_count)
    alive = np.flatnonzero((credits.first <= today) & (today <= credits.last))
    giver, receiver = credits.giver_person[alive], credits.receiver_person[alive]
    if credits.fixed_classes is None:
        known = core.giver_classes(before.trust_class, before.mass, params, rule).astype(np.int64)
        classes = np.append(known, UNKNOWN)[giver]
    else:
        classes = credits.fixed_classes[alive]
    # Whose standing is hidden counts as an ordinary person; who has none counts nothing.
    nameless = credits.nameless[alive]
    classes = np.where(nameless & (classes > UNKNOWN), ORDINARY, classes)
    of_servers, standing = servers
    quota = of_servers.quotas(standing, params)
    group = np.where(nameless, quota.size - 1, np.append(of_servers.home, -1)[giver])
    acts, inside = membership
    ring = integrity.membership_of(
        np.where(receiver >= 0, giver, -1), np.maximum(receiver, 0), acts, inside, count
    )
    found = core.counted(
        core.Credits(
            credits.giver[alive],
            credits.receiver[alive],
            receiver,
            classes,
            (today - credits.first[alive]).astype(np.float64),
            ring,
            group,
            quota,
        ),
        count,
        params,
        rule,
    )
    lifted = np.bincount(units.person_index[free], minlength=count) > 0
    x = core.amount(found, params, lifted)
    # Who has no account that counts has no score, and +K alone makes none.
    x = np.where(units.without_sum(), 0.0, x)
    points = np.zeros(units.sums_count)
    points[:count] = core.points(x, rule)
    return Day(found, x, points)


def discounts(day: Day, result: Evaluation, units: Units, model: Model) -> list[Discounted]:
    """Return what of +K was not counted in full, where it costs at least `least_points`.

    It is told with the person's first account that counts.
    """
    params, rule = model.params, model.params.plus_k
    count = units.people_count
    if rule is None or not day.x.any():
        return []
    everybody = np.ones(count, dtype=np.bool_)
    whole = np.where(day.x > 0, core.amount(day.counted, params, everybody), 0.0)
    strength = np.log1p(result.person_mass[:count]) / params.beta
    cost = model.scale(strength + core.points(whole, rule)) - result.raw[:count]
    dear = np.flatnonzero(cost >= params.integrity.least_points)
    counting = np.flatnonzero(units.target < count)
    first = np.full(count, -1, dtype=np.int64)
    first[units.target[counting][::-1]] = units.first[counting][::-1]
    sums = day.counted.sums
    inside, small = sums.ring_high + sums.ring_low, sums.low + sums.ring_low
    return [
        Discounted(
            int(first[person]),
            DiscountKind.PLUS_K,
            float(cost[person]),
            {
                "inside": round(float(inside[person]), 1),
                "small": round(float(small[person]), 1),
                "all": round(float(whole[person]), 1),
                "counted": round(float(day.x[person]), 1),
            },
        )
        for person in dear.tolist()
    ]


# --- Rows -----------------------------------------------------------------------------------------
# Of everybody the whole table is read, which holds half a year; of one person what was given to
# them, by the same givers to others, and by them.
_CREDITS = """
SELECT c.giver_user_id, coalesce(p.owner_id, -p.id), c.giver_id, c.receiver_id, c.day,
       (c.taken_back_at AT TIME ZONE 'UTC')::date
  FROM topics_credit c JOIN people_person p ON p.id = c.receiver_id
 WHERE c.day BETWEEN %(first)s AND %(last)s
   AND (%(person)s::bigint IS NULL OR c.giver_user_id IN (
        SELECT giver_user_id FROM topics_credit WHERE receiver_id = %(person)s
        UNION SELECT owner_id FROM people_person WHERE id = %(person)s))
 ORDER BY c.id
"""
_CREDIT_COLUMNS = pa.schema(
    [
        ("giver", pa.int64()),
        ("receiver", pa.int64()),
        ("giver_id", pa.int64()),
        ("receiver_id", pa.int64()),
        ("day", pa.date32()),
        ("taken_back", pa.date32()),
    ]
)


def credits_given(
    people: Population, first: date, last: date, params: Params, *, only: bool = False
) -> Credits | None:
    """Return the credits that count on the days from first to last; None where there are none.

    One query, and some for the accounts of givers who are hidden. With `only`, for the first scores
    of one person: that person's, with the newest classes of the givers on all days.
    """
    rule = params.plus_k
    if rule is None:
        return None
    values = {
        "first": first - timedelta(days=rule.days - 1),
        "last": last,
        "person": int(people.person_ids[0]) if only else None,
    }
    rows = transfer.read(_CREDITS, values, _CREDIT_COLUMNS)
    if not rows.num_rows:
        return None
    givers, place = np.unique(loading.integers(rows, "giver_id"), return_inverse=True)
    place = place.reshape(-1)
    begun = loading.integers(rows, "day")
    taken = rows["taken_back"].cast(pa.int32()).fill_null(loading.DAY_LIMIT).to_numpy()
    return Credits(
        loading.integers(rows, "giver"),
        loading.integers(rows, "receiver"),
        loading.positions(people.person_ids, givers)[place],
        loading.positions(people.person_ids, loading.integers(rows, "receiver_id")),
        begun,
        np.minimum(begun + rule.days, taken.astype(np.int64)) - 1,
        np.isin(givers, _opted_out(givers))[place],
        _newest_classes(givers, params)[place] if only else None,
    )


def _newest_classes(givers: Integers, params: Params) -> Integers:
    """Return the classes of people as givers by their newest scores. One query."""
    assert params.plus_k is not None
    classes, mass = loading.standings(givers)
    return core.giver_classes(classes, mass, params, params.plus_k).astype(np.int64)


_HIDDEN = """
SELECT a.person_id, a.network, a.native_id, a.handle
  FROM connectors_account a JOIN people_person p ON p.id = a.person_id
 WHERE p.id = ANY(%s) AND (p.visibility = 'private' OR p.hidden_until > now())
"""


def _opted_out(person_ids: Integers) -> Sequence[int]:
    """Return those of the people one of whose accounts is opted out.

    Whoever took an account back is private or hidden since: only theirs are asked for, so many at
    a time.
    """
    found: set[int] = set()
    for begin in range(0, person_ids.size, HASHED_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(_HIDDEN, [person_ids[begin : begin + HASHED_AT_ONCE].tolist()])
            rows = cursor.fetchall()
        away = opt_out.opted_out_among(
            (network, name) for _, network, *names in rows for name in names
        )
        found |= {pk for pk, network, *names in rows if {(network, n) for n in names} & away}
    return sorted(found)
