"""Makes a look-up, from the handle to the score, moving its row along for the page to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from connectors import lookup as opening
from connectors.due import due_day
from connectors.models import Account, Lookup
from connectors.sync import sync_account
from people import erasure
from scoring import daily

log = structlog.get_logger(__name__)

# What the network may still answer soon; the rest is final for this look-up.
_PASSING = frozenset({"failed", "busy", "waiting"})


def run_lookup(lookup_id: UUID | str, *, last_try: bool = True) -> bool:
    """Open, sync and score the account; return whether the look-up has ended.

    False: the network did not answer, or another worker is at it; call again later. With
    `last_try` it always ends, as done or as unavailable. May be called again after a kill.
    """
    with _alone(lookup_id) as alone:
        if not alone:
            return False
        row = Lookup.objects.filter(pk=lookup_id).first()
        if row is None or row.state in Lookup.FINISHED:
            return True
        account = opening.open_account(lookup_id)
        if account is None:
            return True
        result = sync_account(account.pk, due_day(timezone.now()))
        account = Account.objects.select_related("person").filter(pk=account.pk).first()
        if account is None or account.first_synced_at is None:
            if account is not None and result.status in _PASSING and not last_try:
                return False
            _unavailable(row, account)
            return True
        Lookup.objects.filter(pk=lookup_id).update(state=Lookup.State.SCORING)
        daily.first_scores(account.person_id)
        Lookup.objects.filter(pk=lookup_id).update(
            state=Lookup.State.DONE, person_id=account.person_id, finished_at=timezone.now()
        )
        log.info("lookup_done", person_id=account.person_id)
        return True


def _unavailable(row: Lookup, account: Account | None) -> None:
    """End the look-up as every account that cannot be shown ends."""
    made_here = (
        account is not None
        and account.status == Account.Status.OPEN
        and account.added_at >= row.created_at
    )
    if account is not None and made_here:
        erasure.erase(account.person)
    # Erasing removes look-ups of the account too; the answer is kept for who asked.
    Lookup.objects.update_or_create(
        pk=row.pk,
        defaults={
            "network": row.network,
            "handle": row.handle,
            "asked_by_id": row.asked_by_id,
            "person": None,
            "created_at": row.created_at,
            "state": Lookup.State.UNAVAILABLE,
            "finished_at": timezone.now(),
        },
    )


@contextmanager
def _alone(lookup_id: UUID | str) -> Iterator[bool]:
    """Hold the look-up for this process; False where another has it."""
    key = f"run-lookup:{lookup_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 3))", [key])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 3))", [key])
