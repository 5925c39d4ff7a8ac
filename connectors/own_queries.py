"""What pages ask about people's own files; every question is of one person's rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Q

from connectors.models import Account
from connectors.own_files import OwnAccount, OwnDay, OwnPost, Upload
from connectors.types import Direction


@dataclass(frozen=True, slots=True)
class OwnAccountLine:
    """An imported account in a list."""

    id: int
    network: str
    # How the file calls it: handle, else name, else id; "" where it does not say.
    label: str
    posts: int
    first_day: date | None
    last_day: date | None
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Year:
    """What an imported account did in a calendar year (UTC)."""

    year: int
    posts: int
    # Acts of the account on others, and of others on it.
    sent: int
    received: int


def _label(account: OwnAccount) -> str:
    return account.handle or account.name or account.native_id


def own_account_lines(person_id: int) -> list[OwnAccountLine]:
    """Return the person's imported accounts, the newest import first. One query."""
    rows = (
        OwnAccount.objects.filter(person_id=person_id, imported_at__isnull=False)
        .annotate(
            count=Count("posts"), first=Min("posts__created_at"), last=Max("posts__created_at")
        )
        .order_by("-imported_at", "pk")[:100]
    )
    return [
        OwnAccountLine(
            row.pk,
            row.network,
            _label(row),
            row.count,
            row.first.date() if row.first else None,
            row.last.date() if row.last else None,
            row.imported_at,
        )
        for row in rows
        if row.imported_at is not None
    ]


def own_account(person_id: int, account_id: int) -> OwnAccount | None:
    """Return an imported account of that person, None for anybody else's. One query."""
    return OwnAccount.objects.filter(
        pk=account_id, person_id=person_id, imported_at__isnull=False
    ).first()


def years_of(account: OwnAccount) -> list[Year]:
    """Return what the account did year by year, the newest first. Two queries."""
    posts = dict(
        OwnPost.objects.filter(account=account)
        .values_list("created_at__year")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[int, list[int]] = {year: [0, 0] for year in posts}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(year FROM day)::int, direction, sum(count)::bigint "  # noqa: S608
            f"FROM {OwnDay._meta.db_table} WHERE account_id = %s AND day IS NOT NULL GROUP BY 1, 2",
            [account.pk],
        )
        for year, direction, count in cursor.fetchall():
            found.setdefault(year, [0, 0])[direction == int(Direction.RECEIVED)] = count
    return [
        Year(year, posts.get(year, 0), sent, received)
        for year, (sent, received) in sorted(found.items(), reverse=True)
    ]


def acts_of(account: OwnAccount) -> dict[tuple[int, int], int]:
    """Return how many acts of each kind and direction there are, dated or not. One query."""
    rows = OwnDay.objects.filter(account=account).values_list("kind", "direction", "count")
    counts: dict[tuple[int, int], int] = {}
    for kind, direction, count in rows.iterator():
        counts[kind, direction] = counts.get((kind, direction), 0) + count
    return counts


def hashtags_of(account: OwnAccount, most: int = 12) -> list[tuple[str, int]]:
    """Return the hashtags of the account's posts, the most used first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tag, count(*) FROM (SELECT jsonb_array_elements_text(hashtags) AS tag "  # noqa: S608
            f"FROM {OwnPost._meta.db_table} WHERE account_id = %s) AS tags "
            "GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s",
            [account.pk, most],
        )
        return [(str(tag), int(count)) for tag, count in cursor.fetchall()]


def upload_of(person_id: int, upload_id: UUID) -> Upload | None:
    """Return that person's upload, None for anybody else's. One query."""
    return Upload.objects.filter(pk=upload_id, person_id=person_id).first()


def uploads_of(person_id: int) -> list[Upload]:
    """Return the person's uploads that are not done with, the newest first. One query."""
    rows = Upload.objects.filter(person_id=person_id).exclude(
        state__in=[Upload.State.DONE, Upload.State.REFUSED]
    )
    return list(rows.order_by("-created_at")[:20])


def linked_as(person_id: int, network: str, native_id: str, handle: str) -> str:
    """Return the handle of the person's linked account that the file names, "" for none.

    Only of that person's accounts: whether somebody else has linked it is told to nobody.
    """
    named = Q(pk__in=[])
    if native_id:
        named |= Q(native_id=native_id)
    if handle:
        named |= Q(handle__iexact=handle)
    account = (
        Account.objects.filter(
            named, person_id=person_id, network=network, status=Account.Status.LINKED
        )
        .order_by("pk")
        .first()
    )
    return account.handle if account else ""
