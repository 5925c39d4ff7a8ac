"""Whom a person reacts to most, and who reacts most to them, as far as others may see it.

The order is that of the acts between two people and of nothing else, so that it tells no score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors.types import Direction, Kind, Provenance
from scoring.core.relations import HALF_LIFE_DAYS, KIND_WEIGHTS, WINDOW_DAYS
from scoring.reactors import (
    MAY_BE_SHOWN,
    WHO_THEY_ARE,
    ReactorRow,
    estimated_scores,
    open_networks,
    opted_out,
)

# People named on each side; the rest are counted.
MOST_NAMED = 5
# The strongest relations of each side that are looked at for them.
CANDIDATES = 100

# The strength is that of scoring.core.relations.strengths. Reactions received are pair rows, found
# by account and day; one's own acts are few, and found by account in the months of the window.
_RELATIONS = f"""
WITH own AS (
    SELECT id, network, native_id FROM connectors_account
     WHERE person_id = %(person)s AND status <> 'unlinked'
), own_keys AS (
    SELECT r.key FROM connectors_reactor r JOIN own USING (network, native_id)
), weights AS (
    SELECT * FROM unnest(%(kinds)s::smallint[], %(weights)s::float8[]) AS w (kind, weight)
), act AS (
    SELECT 'influencee' AS side, reactor_key, kind, day, count FROM scoring_pairday
     WHERE account_id = ANY(ARRAY(SELECT id FROM own)) AND day BETWEEN %(since)s AND %(today)s
    UNION ALL
    SELECT 'influencer', reactor_key, kind, day, count(*) FROM connectors_interaction
     WHERE account_id = ANY(ARRAY(SELECT id FROM own)) AND day BETWEEN %(since)s AND %(today)s
       AND direction = %(sent)s AND provenance <> %(own_file)s
     GROUP BY 2, 3, 4
), relation AS (
    SELECT side, reactor_key, sum(weight * power(2, (day - %(today)s) / %(half_life)s::float8)
                                  * ln(1 + count) / ln(2)) AS strength
      FROM act JOIN weights USING (kind)
     WHERE reactor_key <> ALL(ARRAY(SELECT key FROM own_keys))
     GROUP BY 1, 2
), acted AS (
    SELECT *, count(*) OVER (PARTITION BY side) AS people,
           row_number() OVER (PARTITION BY side ORDER BY strength DESC, reactor_key) AS place
      FROM relation
), strongest AS (
    SELECT * FROM acted WHERE place <= %(candidates)s
)
SELECT acted.side, acted.people, acted.strength, {MAY_BE_SHOWN},
       r.network, r.native_id, r.handle, r.name, r.url, r.followers, p.slug, s.value
  FROM strongest AS acted {WHO_THEY_ARE}
 ORDER BY acted.side, acted.place
"""  # noqa: S608 - texts of our own only


@dataclass(frozen=True, slots=True)
class Related:
    """The people on one side, closest first, those who may be named."""

    named: list[ReactorRow]
    # People beside them, in no order.
    more_count: int


@dataclass(frozen=True, slots=True)
class Relations:
    """Whom a person reacts to (influencers), and who reacts to them (influencees)."""

    influencers: Related
    influencees: Related


def relations_of(person_id: int, today: date) -> Relations:
    """Return the closest relations of the last 90 days, of each side at most five. Two queries."""
    rows = _rows(person_id, today)
    hidden = opted_out({(row[5], row[6], row[7]) for row in rows if row[3] or row[4]})
    shown = [row for row in rows if (row[3] or row[4]) and (row[5], row[6]) not in hidden]
    return Relations(*(_related(side, rows, shown) for side in ("influencer", "influencee")))


def _rows(person_id: int, today: date) -> list[tuple[Any, ...]]:
    kinds = {int(kind): KIND_WEIGHTS[kind.name.lower()] for kind in Kind}
    with connection.cursor() as cursor:
        cursor.execute(
            _RELATIONS,
            {
                "person": person_id,
                "kinds": list(kinds),
                "weights": list(kinds.values()),
                "since": today - timedelta(days=WINDOW_DAYS),
                "today": today,
                "half_life": HALF_LIFE_DAYS,
                "sent": int(Direction.SENT),
                "own_file": int(Provenance.OWN_FILE),
                "candidates": CANDIDATES,
                "open": open_networks(),
                "now": timezone.now(),
            },
        )
        return list(cursor.fetchall())


def _related(
    side: str, rows: Sequence[tuple[Any, ...]], shown: Sequence[tuple[Any, ...]]
) -> Related:
    people = next((row[1] for row in rows if row[0] == side), 0)
    named: dict[object, ReactorRow] = {}
    same = 0
    candidates = [row for row in shown if row[0] == side]
    estimates = estimated_scores([float(row[10] or 0) for row in candidates])
    for row, estimate in zip(candidates, estimates, strict=True):
        _, _, _, is_public, _, network, native_id, handle, name, url, _, slug, value = row
        # Somebody with accounts on two networks is one person.
        key = slug if is_public else (network, native_id)
        if key in named:
            same += 1
        elif len(named) < MOST_NAMED:
            score = float(value) if is_public else estimate
            named[key] = ReactorRow(
                name or handle,
                handle,
                url,
                score,
                not is_public,
                slug if is_public else "",
                network,
            )
    return Related(list(named.values()), people - len(named) - same)
