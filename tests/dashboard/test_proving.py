"""Linking by a code in the text of a profile, on a network of the tests' own."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from connectors import linking, proof_codes, registry
from connectors.errors import Gone, RateLimited, Relink, Retry
from connectors.models import Account, Credential
from connectors.oauth import LinkRefused
from connectors.types import AccountRef, AuthKind
from dashboard import flows, proving
from people.models import ConsentEvent, Person
from tests.connectors.peer import PeerConnector, PeerServer, running_peer

pytestmark = pytest.mark.django_db
PAGE = "/networks/testnet/code/"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[PeerServer]:
    row = replace(
        PeerConnector.NETWORK,
        auth=AuthKind.PROOF_CODE,
        proof_place="about",
        proof_url="https://testnet.example/edit",
        handle_hint="name",
    )
    monkeypatch.setattr(PeerConnector, "NETWORK", row)
    with running_peer(monkeypatch, settings) as running:
        yield running


def code_of(client: Client, handle: str = "vera") -> str:
    text = client.get(PAGE, {"handle": handle}).content.decode()
    found = re.search(r"klout-link-[0-9a-f]{16}", text)
    assert found is not None
    return found[0]


def check(client: Client, handle: str = "vera") -> str:
    return client.post(PAGE, {"handle": handle}, follow=True).content.decode()


def test_a_code_in_the_profile_links_the_account_and_its_sync_waits(
    alice: Person, alice_client: Client, peer: PeerServer
) -> None:
    card = alice_client.get("/networks/").content.decode()
    assert "Your name at Testnet" in card
    sent = alice_client.post("/networks/testnet/link/", {"hint": "vera"})
    assert sent.headers["Location"] == f"{PAGE}?handle=vera"
    page = alice_client.get(sent.headers["Location"]).content.decode()
    assert "https://testnet.example/edit" in page
    assert "By linking you agree:" in page
    assert peer.asked == [], "showing the code asks nobody"
    peer.answers["vera"] = {"bio": f"I write. {code_of(alice_client)} — and read."}
    assert "Testnet is linked" in check(alice_client)
    assert peer.asked == ["/profiles/vera"], "one look at the profile"
    account = Account.objects.get()
    assert (account.person_id, account.native_id, account.status) == (alice.pk, "id-vera", "linked")
    assert Credential.objects.get().kind == Credential.Kind.PROOF_CODE
    assert ConsentEvent.objects.get(what="link:testnet").given
    assert account.fetches.get().status == "queued"
    assert "Testnet is linked" in check(alice_client), "a second click changes nothing"
    assert Account.objects.count() == Credential.objects.count() == 1
    linking.unlink(account, erase_history=True)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "bio",
    ["", "klout-link-0000000000000000", "{code}0", "klout-link- {code[:-1]}"],
    ids=["nothing", "invented", "longer", "shorter"],
)
def test_without_the_code_nothing_is_linked(
    bio: str, alice_client: Client, peer: PeerServer
) -> None:
    code = code_of(alice_client)
    peer.answers["vera"] = {"bio": bio.replace("{code[:-1]}", code[:-1]).replace("{code}", code)}
    assert "The code is not in your profile at Testnet yet" in check(alice_client)
    assert not Account.objects.exists()


def test_a_code_is_of_no_use_to_charlie_or_for_another_account(
    alice_client: Client, charlie_client: Client, peer: PeerServer
) -> None:
    peer.answers["vera"] = peer.answers["mira"] = {"bio": code_of(alice_client)}
    assert "not in your profile" in check(charlie_client)
    assert "not in your profile" in check(alice_client, "mira")
    assert not Account.objects.exists()
    check(alice_client)
    peer.answers["vera"] = {"bio": code_of(charlie_client)}
    assert "already linked to another profile" in check(charlie_client)


def test_a_code_ends_by_itself(alice: Person, alice_client: Client, peer: PeerServer) -> None:
    ref = AccountRef("", "vera")
    day = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    code = proof_codes.code_for(alice.pk, "testnet", ref, day.date())
    peer.answers["vera"] = {"bio": code}
    assert proof_codes.prove(alice.pk, "testnet", ref, day + timedelta(hours=24)).secret == {}
    with pytest.raises(LinkRefused) as refused:
        proof_codes.prove(alice.pk, "testnet", ref, day + timedelta(hours=25))
    assert refused.value.reason == "code"


def test_checks_are_counted_by_the_person(alice_client: Client, peer: PeerServer) -> None:
    peer.answers["vera"] = {}
    for _ in range(proving.CHECKS_AN_HOUR):
        check(alice_client)
    asked = len(peer.asked)
    assert alice_client.post(PAGE, {"handle": "vera"}).status_code == 429
    assert len(peer.asked) == asked
    with time_machine.travel(datetime.now(UTC)):
        assert alice_client.get(PAGE, {"handle": "vera"}).status_code == 200


def test_what_the_network_answers_instead_is_told(alice_client: Client, peer: PeerServer) -> None:
    for answer, words in (
        (404, "knows no such account"),
        (429, "asks us to wait"),
        (500, "could not be reached"),
        (b"<html>", "could not be reached"),
    ):
        peer.answers["vera"] = answer
        assert words in check(alice_client)
    assert not Account.objects.exists()
    network = registry.network("testnet")
    later = datetime(2026, 3, 1, tzinfo=UTC)
    for error in (Gone(""), Retry(""), Relink(""), RateLimited("", resume_at=later)):
        assert network.name in flows.said(error, network)


def test_nonsense_and_other_networks_have_no_code(
    client: Client, alice_client: Client, peer: PeerServer
) -> None:
    assert alice_client.get(f"{PAGE}?handle={quote('a b')}").status_code == 302
    assert alice_client.get(PAGE).status_code == 302
    assert alice_client.get("/networks/bluesky/code/?handle=a.example").status_code == 404
    assert alice_client.get("/networks/nowhere/code/?handle=a").status_code == 404
    assert "/login/" in client.get(PAGE).headers["Location"]
    assert "Testnet" not in client.get("/accounts/login/").content.decode(), "it is no sign-in"


def test_a_bare_name_is_understood_on_the_networks_own_page(alice_client: Client) -> None:
    """Elsewhere it is not: "astrid" could be anybody's name at any network."""
    for handle in ("astrid_k", "hn:astrid_k", "https://news.ycombinator.com/user?id=astrid_k"):
        page = alice_client.get("/networks/hackernews/code/", {"handle": handle})
        assert "<bdi>astrid_k</bdi>" in page.content.decode()
    page = alice_client.get(
        "/networks/stackexchange/code/", {"handle": "https://stackoverflow.com/users/12/astrid"}
    )
    assert "12@stackoverflow.com" in page.content.decode()
    assert alice_client.get("/networks/hackernews/code/", {"handle": "a b"}).status_code == 302
