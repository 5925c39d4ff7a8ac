"""What is known about one person that perks ask: read from finished scores and linked accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from connectors import registry
from connectors.models import Account
from connectors.types import Provenance
from people import opt_out
from people.models import Person
from people.visibility import is_hidden
from perks.countries import COUNTRIES
from perks.eligibility import Facts, Names, Rules, Step
from perks.models import Perk
from scoring.core.model import Model
from scoring.core.params import by_version
from scoring.core.parts import Parts
from scoring.topics import queries as topic_queries

# An older score tells nothing any more: scoring has stopped, or nothing is linked.
NEWEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Linked:
    """A unit of a score: what one network adds, since when, and whose word that is."""

    network: str
    mass: float
    since: date


@dataclass(frozen=True, slots=True)
class _Own:
    """A linked account of the person."""

    pk: int
    network: str
    native_id: str
    handle: str
    since: date


def vouched_networks(*, sample: bool) -> list[str]:
    """Return the networks whose word counts for perks, or those of the sample network."""
    return [
        network.id
        for network in registry.enabled()
        if network.provenance is Provenance.VOUCHED and (network.id == "sample") == sample
    ]


def rules_of(perk: Perk) -> Rules:
    """Return a perk's rules as eligibility takes them."""
    return Rules(
        least_score=perk.least_score,
        most_score=perk.most_score,
        linked_days=perk.linked_days,
        networks=tuple(perk.networks),
        topics=tuple(perk.topics),
        countries=tuple(perk.countries),
        least_age=perk.least_age,
    )


def steps(units: Iterable[Linked], today: date, version: str, most: float) -> tuple[Step, ...]:
    """Return the score from the longest linked unit, from the two longest linked, and so on.

    None is above `most`, the score that the person's page shows.
    """
    model = Model(by_version(version))
    found: list[Step] = []
    mass = 0.0
    networks: frozenset[str] = frozenset()
    for unit in sorted(units, key=lambda unit: unit.since):
        mass += unit.mass
        networks |= {unit.network}
        score = min(float(model.score(np.array([mass]))[0]), most)
        days = max(0, (today - unit.since).days)
        if found and found[-1].linked_days == days:
            found.pop()
        found.append(Step(days, score, networks))
    return tuple(found)


# The person's newest score, what explains it, and the linked accounts.
_NEWEST = """
SELECT s.value, s.provisional, s.model_version, e.body, (
       SELECT json_agg(json_build_array(a.id, a.network, a.native_id, a.handle,
                                        (a.linked_at AT TIME ZONE 'UTC')::date))
         FROM connectors_account a
        WHERE a.person_id = %(person)s AND a.status = 'linked' AND a.linked_at IS NOT NULL
          AND a.network = ANY(%(networks)s))
  FROM (SELECT * FROM scoring_score WHERE person_id = %(person)s AND shown AND day >= %(since)s
         ORDER BY day DESC LIMIT 1) AS s
  LEFT JOIN scoring_explanation e USING (day, person_id, model_version)
"""


def facts_of(person: Person, *, sample: bool = False) -> Facts:
    """Return what perks ask about the person; `sample`: for perks of the sample network."""
    return all_facts(person)[sample]


def all_facts(person: Person) -> dict[bool, Facts]:
    """Return the person's facts for real perks (False) and for those of the sample (True).

    Three queries at most.
    """
    today = timezone.now().date()
    facts = Facts(is_hidden=is_hidden(person), topics=topics_of(person))
    samples = vouched_networks(sample=True)
    values: dict[str, Any] = {
        "person": person.pk,
        "since": today - timedelta(days=NEWEST_DAYS),
        "networks": [*vouched_networks(sample=False), *samples],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, values)
        row = cursor.fetchone()
    if row is None:
        return {False: facts, True: facts}
    value, provisional, version, body, linked = row
    facts = replace(facts, shown_score=value, is_provisional=provisional)
    parts = Parts.from_json(body) if body else None
    accounts = _willing(
        _Own(pk, network, native_id, handle, date.fromisoformat(day))
        for pk, network, native_id, handle, day in linked or ()
    )
    found = {}
    for sample in (False, True):
        own = {key: row for key, row in accounts.items() if (row.network in samples) == sample}
        units = _units(parts, own) if parts and own else []
        found[sample] = replace(facts, steps=steps(units, today, version, value))
    return found


def _willing(accounts: Iterable[_Own]) -> dict[int, _Own]:
    """Return the accounts that have not opted out, by number. One query, none without any."""
    rows = list(accounts)
    away = opt_out.opted_out_among(
        (row.network, name) for row in rows for name in (row.native_id, row.handle)
    )
    return {
        row.pk: row
        for row in rows
        if not {(row.network, row.native_id), (row.network, row.handle)} & away
    }


def _units(parts: Parts, accounts: dict[int, _Own]) -> list[Linked]:
    """Return the parts of the score whose accounts are linked now.

    Accounts of one network count together, from the day on which the last of them was linked.
    """
    found = []
    for key, part in parts.networks.items():
        days = [accounts[a].since for a in (key, *part.others) if a in accounts]
        if days and part.mass > 0:
            found.append(Linked(part.network, part.mass, max(days)))
    return found


def claiming_accounts(person: Person, *, sample: bool) -> list[str]:
    """Return the keyed hashes of the accounts by which the person claims. One query."""
    rows = Account.objects.filter(
        person_id=person.pk,
        status=Account.Status.LINKED,
        network__in=vouched_networks(sample=sample),
    )
    return sorted(opt_out.key_hash(row.network, row.native_id) for row in rows)


def topics_of(person: Person) -> frozenset[str]:
    """Return the topics that the person's posts moved people about; what they say does not count.

    One query.
    """
    rows = topic_queries.topics_of([person.pk]).get(person.pk, [])
    return frozenset(row.topic_id for row in rows if not row.is_added)


def names(topics: Iterable[str] = ()) -> Names:
    """Return what networks, countries and these topics are called. One query with topics."""
    wanted = list(topics)
    found = topic_queries.topics_named(wanted) if wanted else {}
    return Names(
        networks={network.id: network.name for network in registry.enabled()},
        topics={topic_id: link.name for topic_id, link in found.items()},
        countries=COUNTRIES,
    )
