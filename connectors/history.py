"""What was fetched of an account, removed as a whole, with what other packages made of it."""

from collections.abc import Callable

from django.db import connection, transaction

from connectors import anonymous
from connectors.models import Account, FetchState, Post, Snapshot
from connectors.store import TABLE

# Given an account's id, each removes rows made from its history and returns how many.
_derived: list[Callable[[int], int]] = []


def on_erase(remove: Callable[[int], int]) -> None:
    """Have `remove` called with an account's id when its history is erased; called at start."""
    if remove not in _derived:
        _derived.append(remove)


def erase_interactions(account_ids: list[int]) -> int:
    """Remove the interactions of the accounts; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE account_id = ANY(%s)", [account_ids])  # noqa: S608
        return int(cursor.rowcount)


def erase_anonymous_days(account_ids: list[int]) -> int:
    """Remove the reactions without names to the accounts' posts; return how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {anonymous.TABLE} WHERE account_id = ANY(%s)",  # noqa: S608
            [account_ids],
        )
        return int(cursor.rowcount)


def erase_history(account_id: int) -> int:
    """Remove all that was fetched of an account and made from it; return how many rows."""
    with transaction.atomic():
        removed = erase_interactions([account_id]) + erase_anonymous_days([account_id])
        for model in (Post, Snapshot, FetchState):
            removed += model._default_manager.filter(account_id=account_id).delete()[0]
        removed += sum(remove(account_id) for remove in _derived)
        Account.objects.filter(pk=account_id).update(
            first_synced_at=None,
            last_synced_at=None,
            validators=None,
            state=Account.State.NEW,
            state_detail="",
        )
    return removed
