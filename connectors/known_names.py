"""Accounts here, by the names under which they act where a network tells names only."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from connectors.models import Account
from connectors.types import Network


def ids_of(network: Network, names: Iterable[str]) -> dict[str, str]:
    """Return the native ids of linked accounts that go by these names, in lower case. One query.

    {} where the network tells ids. So a person who acts is known as the account that they have
    here: it is not counted as a stranger's on another account of theirs, and goes with them.
    """
    if not network.reactors_by_name:
        return {}
    rows = (
        Account.objects.filter(network=network.id, status=Account.Status.LINKED)
        .annotate(lower_handle=Lower("handle"))
        .filter(lower_handle__in=list(names))
    )
    return dict(rows.values_list("lower_handle", "native_id"))
