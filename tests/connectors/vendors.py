"""Linking at a running fake vendor through our own pages, as a person does."""

import re
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from connectors.due import due_day
from connectors.models import Account
from connectors.sync import sync_account


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def begin(client: Client, network_id: str) -> str:
    """Return where our page sends the person."""
    page = client.post(f"/networks/{network_id}/link/").content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def answered(address: str, more: str = "") -> str:
    """Return where the vendor sends the person after they have decided."""
    with pytest.raises(HTTPError) as redirect:
        build_opener(_Stay).open(address + more, timeout=30)
    with redirect.value:
        return str(redirect.value.headers["Location"])


def come_back(client: Client, location: str) -> str:
    """Return the page that the person sees then."""
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()


def linked(client: Client, network_id: str, more: str = "") -> str:
    """Go all the way; return the page at the end."""
    return come_back(client, answered(begin(client, network_id), more))


def synced(account: Account) -> str:
    """Return how a sync ended, asked whatever was before."""
    return sync_account(account.pk, due_day(timezone.now()), force=True).status


def nothing_then_done(account: Account, state: str, stored: QuerySet[Any]) -> None:
    """A sync at a fault leaves its state and nothing stored; the one after it is whole."""
    assert synced(account) in {"failed", "given_up"}
    account.refresh_from_db()
    assert account.state == state
    assert not stored.all().exists()
    assert synced(account) == "done"
