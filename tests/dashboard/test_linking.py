"""Linking the sample network through its own pages, and unlinking."""

import re
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
from django.test import Client
from pytest_django import Settings

from connectors.models import Account, Credential
from people.models import ConsentEvent, Person
from tests.dashboard.scored import account_of
from tests.sample_server import SampleServer

pytestmark = pytest.mark.django_db
HANDLE = "vera.lindqvale"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def allow(address: str, *, handle: str = HANDLE, decision: str = "allow") -> str:
    """Return where the sample network sends the person after its own pages."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)
    token = ""
    for form in ({}, {"handle": handle}, {"decision": decision}):
        data = urlencode({"csrf": token, **form}).encode() if form else None
        try:
            with browser.open(address, data, timeout=30) as page:
                found = re.search(r'name="csrf" value="([^"]+)"', page.read().decode())
                assert found is not None
                token = found[1]
        except HTTPError as redirect:
            with redirect:
                return str(redirect.headers["Location"])
    raise AssertionError("the sample network did not send the person back")


def begin(client: Client) -> str:
    """Return the address at the sample network that the page moves on to."""
    answer = client.post("/networks/sample/link/")
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


@pytest.fixture(autouse=True)
def _sample(sample_server: SampleServer, settings: Settings) -> None:
    settings.SITE_URL = "http://testserver"


def come_back(client: Client, location: str) -> Any:
    """Return the page that the person lands on."""
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def test_an_account_is_linked_with_its_consent_and_its_sync_is_handed_to_a_worker(
    alice: Person,
    alice_client: Client,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    location = allow(begin(alice_client))
    with django_capture_on_commit_callbacks() as callbacks:
        page = come_back(alice_client, location)
    assert "is linked" in page.content.decode()
    account = Account.objects.get(person=alice)
    assert (account.handle, account.status) == (HANDLE, "linked")
    assert Credential.objects.filter(account=account).exists()
    assert ConsentEvent.objects.filter(person=alice, what="link:sample", given=True).exists()
    assert [callback.args for callback in callbacks] == [(account.pk,)]


def test_an_answer_is_taken_once(alice: Person, alice_client: Client) -> None:
    location = allow(begin(alice_client))
    come_back(alice_client, location)
    again = come_back(alice_client, location).content.decode()
    assert "belongs to no link begun here" in again
    assert Account.objects.filter(person=alice).count() == 1


def test_charlie_cannot_use_the_answer_of_alices_flow(
    alice_client: Client, charlie: Person, charlie_client: Client
) -> None:
    location = allow(begin(alice_client))
    page = come_back(charlie_client, location).content.decode()
    assert "belongs to no link begun here" in page
    assert not Account.objects.exists()


def test_saying_no_at_the_network_links_nothing(alice: Person, alice_client: Client) -> None:
    location = allow(begin(alice_client), decision="deny")
    assert "You said no" in come_back(alice_client, location).content.decode()
    assert not Account.objects.exists()


def test_an_account_of_somebody_else_is_refused_without_saying_whose(
    alice_client: Client, bob: Person, bob_client: Client
) -> None:
    come_back(alice_client, allow(begin(alice_client)))
    page = come_back(bob_client, allow(begin(bob_client))).content.decode()
    assert "already linked to another profile" in page
    assert "Alice" not in page
    assert not Account.objects.filter(person=bob).exists()


def test_sample_accounts_stay_apart_from_real_ones(alice: Person, alice_client: Client) -> None:
    account_of(alice)
    page = come_back(alice_client, allow(begin(alice_client))).content.decode()
    assert "stay apart from real ones" in page


def test_a_network_that_does_not_answer_is_told_and_links_nothing(
    alice_client: Client, sample_server: SampleServer
) -> None:
    location = allow(begin(alice_client))
    sample_server.fault("/oauth/token", status=500, times=10)
    page = come_back(alice_client, location).content.decode()
    assert "could not be reached" in page
    assert not Account.objects.exists()


@pytest.mark.parametrize("network", ["nowhere", "friendster"])
def test_an_unknown_network_is_not_found(network: str, alice_client: Client) -> None:
    assert alice_client.post(f"/networks/{network}/link/").status_code == 404


def test_a_server_name_that_is_none_is_told(alice_client: Client) -> None:
    page = alice_client.post("/networks/mastodon/link/", {"hint": "not a server!"}, follow=True)
    assert "Please check the name." in page.content.decode()


def test_linking_needs_the_forms_token(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    assert alice.owner is not None
    client.force_login(alice.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/networks/sample/link/").status_code == 403
    assert client.get("/networks/sample/link/").status_code == 405


def test_strangers_cannot_link(client: Client) -> None:
    assert client.post("/networks/sample/link/").status_code == 302
    assert client.get("/networks/sample/done/?state=x&code=y").status_code == 302


@pytest.mark.parametrize(("history", "left"), [("keep", 1), ("erase", 0)])
def test_unlinking_asks_whether_to_keep_the_history(
    history: str, left: int, alice: Person, alice_client: Client
) -> None:
    come_back(alice_client, allow(begin(alice_client)))
    account = Account.objects.get(person=alice)
    address = f"/networks/account/{account.pk}/unlink/"
    page = alice_client.get(address).content.decode()
    assert "Keep it" in page
    assert "Erase it" in page
    alice_client.post(address, {"history": history})
    assert Account.objects.filter(person=alice).count() == left
    assert not Credential.objects.exists()
    assert not Account.objects.filter(status="linked").exists()


def test_charlie_cannot_unlink_alices_account(alice: Person, charlie_client: Client) -> None:
    account = account_of(alice)
    address = f"/networks/account/{account.pk}/unlink/"
    assert charlie_client.get(address).status_code == 404
    assert charlie_client.post(address, {"history": "erase"}).status_code == 404
    assert Account.objects.filter(pk=account.pk, status="linked").exists()


def test_only_so_many_flows_are_kept_in_a_session(alice_client: Client) -> None:
    for _ in range(8):
        begin(alice_client)
    assert len(alice_client.session["linking"]) == 5
