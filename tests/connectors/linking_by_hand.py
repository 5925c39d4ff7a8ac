"""A person's way to a network's sign-in and back, through the pages, for tests with a peer."""

import re
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.test import Client


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def answered(address: str, more: str = "") -> str:
    """Return where the network sends the person after they have decided."""
    with pytest.raises(HTTPError) as redirect:
        build_opener(_Stay).open(address + more, timeout=30)
    with redirect.value:
        return str(redirect.value.headers["Location"])


def begin(client: Client, network: str) -> str:
    """Return where the site sends the person: the network's page that asks for a yes."""
    page = client.post(f"/networks/{network}/link/").content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def come_back(client: Client, location: str) -> str:
    """Return the page that the person sees when the network has sent them back."""
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()
