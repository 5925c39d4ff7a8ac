"""The scores of the people on a list, as their owner may see them: those of listed people only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from people import opt_out
from people.models import Person

# Days over which a change is told.
CHANGES = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Standing:
    """A listed person's newest score and what it was before."""

    # 1–100, unrounded; None without a score.
    value: float | None
    provisional: bool
    network: str
    handle: str
    # Points by days; None where there was no score then.
    changes: dict[int, float | None]


# The newest score, those 7, 30 and 90 days before it, and every name of every account.
_STANDINGS = """
SELECT wanted.id, s.value, s.provisional, a.accounts,
       s.value - b7.value, s.value - b30.value, s.value - b90.value
  FROM unnest(%(ids)s::bigint[]) AS wanted (id)
  LEFT JOIN LATERAL (SELECT day, value, provisional FROM scoring_score
                      WHERE person_id = wanted.id AND shown
                      ORDER BY day DESC LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (SELECT json_agg(json_build_array(network, native_id, handle)
                                     ORDER BY id)::text AS accounts
                       FROM connectors_account
                      WHERE person_id = wanted.id AND status <> 'unlinked') AS a ON true
  LEFT JOIN scoring_score b7 ON b7.person_id = wanted.id AND b7.shown AND b7.day = s.day - 7
  LEFT JOIN scoring_score b30 ON b30.person_id = wanted.id AND b30.shown AND b30.day = s.day - 30
  LEFT JOIN scoring_score b90 ON b90.person_id = wanted.id AND b90.shown AND b90.day = s.day - 90
"""


def standings(people: Sequence[Person]) -> dict[int, Standing]:
    """Return the standing of those whom anybody may find: public, not hidden, not opted out.

    As people.visibility.listed, with the opt-out. Two queries.
    """
    now = timezone.now()
    public = [
        person.pk
        for person in people
        if person.visibility == Person.Visibility.PUBLIC
        and (person.hidden_until is None or person.hidden_until <= now)
        and (person.expires_at is None or person.expires_at > now)
    ]
    if not public:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {"ids": public})
        rows = cursor.fetchall()
    accounts = {row[0]: json.loads(row[3]) if row[3] else [] for row in rows}
    names = {
        (network, name) for found in accounts.values() for network, *both in found for name in both
    }
    hidden = opt_out.opted_out_among(names)
    found = {}
    for person_id, value, provisional, _text, *changes in rows:
        theirs = accounts[person_id]
        if any((network, name) in hidden for network, *both in theirs for name in both):
            continue
        network, _native, handle = theirs[0] if theirs else ("", "", "")
        told = dict(zip(CHANGES, changes, strict=True))
        found[person_id] = Standing(value, bool(provisional), network, handle, told)
    return found


def may_be_listed(people: Sequence[Person]) -> set[int]:
    """Return the ids of those whom anybody may find. Two queries."""
    return set(standings(people))
