"""Removes what may be kept no longer: texts, looked-up profiles, look-ups, opt-outs, reactors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from connectors import anonymous, registry
from connectors.models import Account, Lookup, Post
from connectors.store import TABLE
from people import erasure, opt_out
from people.models import Person

LOOKUP_LASTS = timedelta(days=1)
# An unclaimed account that its network has not known for so long was deleted there.
GONE_FOR = timedelta(days=2)
# Profiles erased in one run: each is a transaction over all tables.
MOST_PROFILES = 500


@dataclass(frozen=True, slots=True)
class Expired:
    """How many rows went."""

    texts: int
    profiles: int
    lookups: int
    opt_outs: int
    interactions: int
    reactors: int


def months_later(day: date, months: int) -> date:
    """Return the first day of the month that is so many months after the day's."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def expire_rows(now: datetime) -> Expired:
    """Remove everything whose time is over at `now`; safe to run again at any moment."""
    return Expired(
        texts=Post.objects.filter(text_until__lte=now).update(text=b"", text_until=None),
        profiles=_expire_profiles(now),
        lookups=Lookup.objects.filter(created_at__lte=now - LOOKUP_LASTS).delete()[0],
        opt_outs=opt_out.expire(),
        interactions=_expire_interactions(now),
        reactors=_remove_forgotten_reactors() if now.hour == 3 else 0,
    )


def _expire_profiles(now: datetime) -> int:
    unclaimed = Person.objects.filter(origin=Person.Origin.LOOKED_UP, owner=None)
    over = unclaimed.filter(expires_at__lte=now)
    gone = unclaimed.filter(
        accounts__state=Account.State.GONE, accounts__last_synced_at__lte=now - GONE_FOR
    )
    people = {person.pk: person for rows in (over, gone) for person in rows[:MOST_PROFILES]}
    for person in people.values():
        erasure.erase(person)
    return len(people)


def _expire_interactions(now: datetime) -> int:
    """Remove reactions older than their network's terms allow; return how many rows."""
    removed = 0
    for module in registry.CONNECTORS.values():
        days = module.NETWORK.policy.retention_days
        if days is None:
            continue
        with connection.cursor() as cursor:
            for table in (TABLE, anonymous.TABLE):
                cursor.execute(
                    f"DELETE FROM {table} i USING connectors_account a "  # noqa: S608
                    "WHERE i.account_id = a.id AND a.network = %s AND i.day < %s",
                    [module.NETWORK.id, now.date() - timedelta(days=days)],
                )
                removed += cursor.rowcount
    return removed


def _remove_forgotten_reactors() -> int:
    """Remove the reactors of whom no interaction is left: nothing needs their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM connectors_reactor r WHERE seen_at < now() - interval '1 day' "  # noqa: S608
            f"AND NOT EXISTS (SELECT 1 FROM {TABLE} i WHERE i.reactor_key = r.key)"
        )
        return int(cursor.rowcount)
