"""Removes what may be kept no longer: texts, looked-up profiles, look-ups, opt-outs, reactors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from connectors import anonymous, deletions, history, registry
from connectors.models import Account, Lookup, Post, Snapshot
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
    requests: int
    interactions: int
    counts: int
    accounts: int
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
        requests=deletions.expire(now),
        interactions=_expire_interactions(now),
        counts=_expire_counts(now),
        accounts=_expire_ended(now),
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
    for name, days in _limited("retention_days").items():
        with connection.cursor() as cursor:
            for table in (TABLE, anonymous.TABLE):
                cursor.execute(
                    f"DELETE FROM {table} i USING connectors_account a "  # noqa: S608
                    "WHERE i.account_id = a.id AND a.network = %s AND i.day < %s",
                    [name, now.date() - timedelta(days=days)],
                )
                removed += cursor.rowcount
    return removed


def _expire_counts(now: datetime) -> int:
    """Remove counts of accounts and posts that were not read anew within what terms allow."""
    removed = 0
    for name, days in _limited("retention_days").items():
        of_network = {"account__network": name}
        since = now - timedelta(days=days)
        snapshots = Snapshot.objects.filter(day__lt=since.date(), **of_network)
        posts = Post.objects.filter(counted_at__lt=since, **of_network)
        removed += snapshots.delete()[0] + posts.delete()[0]
    return removed


def _expire_ended(now: datetime) -> int:
    """Erase what is held of accounts whose access ended as long ago as their terms allow."""
    erased = 0
    for name, days in _limited("ended_days").items():
        ended = Account.objects.filter(network=name).filter(
            Q(status=Account.Status.UNLINKED)
            # Taken back by its owner, or suspended or deleted at its network.
            | Q(
                status=Account.Status.LINKED,
                state__in=[Account.State.RELINK, Account.State.GONE],
            )
        )
        since = now - timedelta(days=days)
        # Read last while there was access; never, where it ended before the first sync.
        over = ended.filter(
            Q(last_synced_at__lt=since) | Q(last_synced_at=None, added_at__lt=since)
        )
        for account in over.order_by("pk")[:MOST_PROFILES]:
            history.erase_history(account.pk)
            account.delete()
            erased += 1
    return erased


def _limited(limit: str) -> dict[str, int]:
    """Return the networks whose policy has a limit of that name, with its days."""
    policies = {name: registry.network(name).policy for name in registry.CONNECTORS}
    found = {name: getattr(policy, limit) for name, policy in policies.items()}
    return {name: days for name, days in found.items() if days is not None}


def _remove_forgotten_reactors() -> int:
    """Remove the reactors of whom no interaction is left: nothing needs their names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM connectors_reactor r WHERE seen_at < now() - interval '1 day' "  # noqa: S608
            f"AND NOT EXISTS (SELECT 1 FROM {TABLE} i WHERE i.reactor_key = r.key)"
        )
        return int(cursor.rowcount)
