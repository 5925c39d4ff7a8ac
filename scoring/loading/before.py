"""What the day before leaves to the next one."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from scoring import transfer
from scoring.loading.accounts import Population
from scoring.loading.arrays import Floats, Integers, floats, integers, number, positions


@dataclass(frozen=True, slots=True)
class Yesterday:
    """What a day's scoring takes over from the day before; P people, A accounts."""

    value: Floats  # (P,) shown scores, NaN without one
    trust_class: Integers  # (P,) −1 without a score
    mass: Floats  # (P,) 0 without a score
    account_mass: Floats  # (A,) 0 without one


_SCORES = """
SELECT person_id, value, trust_class, mass FROM scoring_score
 WHERE day = %s AND model_version = %s AND (%s::bigint[] IS NULL OR person_id = ANY(%s))
"""
_SCORE_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("value", pa.float64()),
        ("trust_class", pa.int16()),
        ("mass", pa.float64()),
    ]
)
_MASSES = """
SELECT part.key::bigint, (part.value->>'mass')::float8
  FROM scoring_explanation e, jsonb_each(e.body->'networks') AS part
 WHERE e.day = %s AND e.model_version = %s AND e.person_id = ANY(%s)
"""
_MASS_COLUMNS = pa.schema([("account_id", pa.int64()), ("mass", pa.float64())])


def yesterday(people: Population, day: date, version: str) -> Yesterday:
    """Return what `day` takes over from the rows of a version of the day before. Two queries."""
    before = day - timedelta(days=1)
    # A single person's first scores must not read everybody's.
    few = people.person_ids.tolist() if people.person_ids.size <= 100 else None
    rows = transfer.read(_SCORES, [before, version, few, few], _SCORE_COLUMNS)
    found = positions(people.person_ids, integers(rows, "person_id"))
    here = found >= 0
    value = np.full(people.person_ids.size, np.nan)
    value[found[here]] = floats(rows, "value")[here]
    classes = np.full(people.person_ids.size, -1, dtype=np.int64)
    classes[found[here]] = integers(rows, "trust_class")[here]
    mass = np.zeros(people.person_ids.size)
    mass[found[here]] = floats(rows, "mass")[here]
    # The masses of accounts matter only where an account's first history goes on.
    fresh = np.unique(people.person_index[people.first_synced_day >= number(day)])
    masses = transfer.read(
        _MASSES, [before, version, people.person_ids[fresh].tolist()], _MASS_COLUMNS
    )
    account_mass = np.zeros(people.account_ids.size)
    index = people.account_index(integers(masses, "account_id"))
    account_mass[index[index >= 0]] = floats(masses, "mass")[index >= 0]
    return Yesterday(value, classes, mass, account_mass)


def carried_over(before: Yesterday, then: Population, now: Population) -> Yesterday:
    """Return what was known of the people and accounts of `then`, for those of `now`."""
    person = positions(then.person_ids, now.person_ids)
    account = then.account_index(now.account_ids)
    return Yesterday(
        np.append(before.value, np.nan)[person],
        np.append(before.trust_class, -1)[person],
        np.append(before.mass, 0.0)[person],
        np.append(before.account_mass, 0.0)[account],
    )


def trust_classes(person_ids: Integers) -> Integers:
    """Return the newest trust class of each person, −1 for those without a score. One query."""
    return standings(person_ids)[0]


def standings(person_ids: Integers) -> tuple[Integers, Floats]:
    """Return the newest trust class and mass of each person, −1 and 0 without. One query."""
    if not person_ids.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    query = (
        "SELECT p.id, 0::float8, s.trust_class, s.mass FROM unnest(%s::bigint[]) AS p (id) "
        "CROSS JOIN LATERAL (SELECT trust_class, mass FROM scoring_score "
        "WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s"
    )
    wanted = np.unique(person_ids)
    rows = transfer.read(query, [wanted.tolist()], _SCORE_COLUMNS)
    at = positions(wanted, integers(rows, "person_id"))
    classes, mass = np.full(wanted.size, -1, dtype=np.int64), np.zeros(wanted.size)
    classes[at], mass[at] = integers(rows, "trust_class"), floats(rows, "mass")
    place = positions(wanted, person_ids)
    return classes[place], mass[place]
