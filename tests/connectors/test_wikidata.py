"""Accounts that Wikidata names beside a person's own: on recorded answers, and as offers."""

import json
from collections.abc import Iterator
from copy import deepcopy
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
from django.test import Client
from pytest_django import Settings

from connectors import identity, wikidata, wikipedia
from connectors.errors import BadPayload
from connectors.models import Account, ProbableAccount
from connectors.types import AccountRef, Profile, ProfileLink
from connectors.wikipedia import statements
from people import erasure
from people.models import Person
from tests.connectors.players import Player, payload
from tests.connectors.records import account_of
from tests.connectors.web import reply, serving

URLS = {"wikidata": "https://wikidata.example"}
CLAIMS: dict[str, Any] = payload("wikipedia", "item_stated")["entities"]["Q900001"]["claims"]
# What is true now and can be a name; in the order of the properties.
ADDRESSES = (
    "https://x.com/Astrid_Fjord",
    "https://www.instagram.com/astrid.fjord/",
    "https://github.com/astridfjord",
    "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
    "https://fjord.example/@astrid",
    "https://bsky.app/profile/astrid.bsky.social",
)


class Wikidata(Player):
    """Answers a search, and what it found."""

    search, items = "search", "items_stated"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = self.search if request.url.params["action"] == "query" else self.items
        return httpx.Response(200, json=payload("wikipedia", name))


def found(*accounts: tuple[str, str], search: str = "search") -> tuple[list[Any], Player]:
    player = Wikidata("wikipedia", {})
    player.search = search
    with player.client(URLS) as client:
        return list(statements.find(client, accounts)), player


# --- What is read ---------------------------------------------------------------------------------
def test_what_is_stated_now_and_can_be_a_name_is_an_address() -> None:
    assert statements.addresses_of(CLAIMS) == ADDRESSES
    damaged: tuple[dict[str, Any], ...] = (
        *({}, {"P2002": None}, {"P2002": [None, {"mainsnak": 7}]}, {"P4033": []}),
    )
    for claims in damaged:
        assert statements.addresses_of(claims) == ()
    many = {"P2002": [deepcopy(CLAIMS["P2002"][1]) for _ in range(50)]}
    for number, row in enumerate(many["P2002"]):
        row["mainsnak"]["datavalue"]["value"] = f"name{number}"
    assert len(statements.addresses_of(many)) == statements.MOST_VALUES


def test_one_search_finds_the_items_that_state_an_account_whatever_its_case() -> None:
    items, player = found(("x", "@astrid_fjord"), ("github", "nobody"), ("hackernews", "astrid"))
    (item,) = items
    assert (item.native_id, item.known) == ("Q900001", (("x", "astrid_fjord"),))
    assert item.addresses == ADDRESSES
    first, second = [parse_qs(request.url.query.decode()) for request in player.asked]
    assert first["srsearch"] == ["haswbstatement:P2002=astrid_fjord|P2037=nobody"]
    assert first["srlimit"] == [str(statements.MOST_ITEMS)]
    assert second["ids"] == ["Q900001|Q900002"]
    assert all("ops@example.org" in request.headers["user-agent"] for request in player.asked)


def test_nothing_is_asked_for_what_is_no_name_and_no_more_where_nothing_is_found() -> None:
    for accounts in ((), (("x", 'a b" OR *'),), (("hackernews", "astrid"),)):
        items, player = found(*accounts)
        assert (items, player.asked) == ([], [])
    items, player = found(("x", "astrid_fjord"), search="search_empty")
    assert (items, len(player.asked)) == ([], 1)
    # An item that was found and states another account is nobody's.
    assert found(("x", "somebody_else"))[0] == []


def test_a_search_whose_rows_are_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadPayload):
        found(("x", "astrid_fjord"), search="item_stated")


def test_minors_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    young = payload("wikipedia", "items_stated")
    born = young["entities"]["Q900001"]["claims"]["P569"][0]["mainsnak"]["datavalue"]["value"]
    born["time"] = "+2015-04-01T00:00:00Z"
    told = {"query": payload("wikipedia", "search"), "wbgetentities": young}

    class Young(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=told[request.url.params["action"]])

    with Young("wikipedia", {}).client(URLS) as client:
        assert statements.find(client, [("x", "astrid_fjord")]) == []


def test_an_attached_article_brings_what_its_item_states() -> None:
    player = Wikidata("wikipedia", {})
    player.items = "item_stated"
    with player.client(URLS) as client:
        profile = wikipedia.fetch_profile(client, AccountRef("Q900001", "en:Astrid Fjord"))
    assert profile.links == tuple(ProfileLink(address) for address in ADDRESSES)
    assert {one.network for one in identity.pointed_at(profile)} == {
        *("x", "instagram", "github", "youtube", "mastodon", "bluesky"),
    }


# --- Offers ---------------------------------------------------------------------------------------
class Asked:
    """The running Wikidata of a test, and what it was asked."""

    def __init__(self) -> None:
        self.queries: list[dict[str, list[str]]] = []
        self.status = 200

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        query = parse_qs(request.path.partition("?")[2])
        self.queries.append(query)
        name = "search" if query["action"] == ["query"] else "items_stated"
        reply(request, json.dumps(payload("wikipedia", name)).encode(), self.status)


@pytest.fixture
def running(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    asked = Asked()
    with serving(asked) as origin:
        settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, origin]
        settings.WIKIDATA_URL = origin
        yield asked


def on_x(person: Person) -> Account:
    account = account_of(person, network="x", native_id="2244990001")
    Account.objects.filter(pk=account.pk).update(handle="astrid_fjord")
    return Account.objects.select_related("person").get(pk=account.pk)


def offered(person: Person) -> set[tuple[str, str]]:
    names = Account.objects.filter(person=person).values_list("network", "handle")
    return {(offer.network, offer.handle) for offer in identity.offers(person.pk, names)}


def test_asked_for_by_its_owner_it_names_accounts_that_are_offered_and_never_joined(
    running: Asked, alice: Person, alice_client: Client, charlie_client: Client
) -> None:
    account = on_x(alice)
    assert "Are you in Wikidata?" in alice_client.get("/networks/").content.decode()
    assert running.queries == [], "nothing is asked by itself"
    page = alice_client.post("/networks/wikidata/", follow=True).content.decode()
    assert "Wikidata names 5 accounts that may be yours." in page
    assert "Wikidata names it beside your account astrid_fjord at X." in page
    assert "It is me: link Bluesky" in page
    assert [query["action"] for query in running.queries] == [["query"], ["wbgetentities"]]
    assert offered(alice) == {
        ("instagram", "astrid.fjord"),
        ("github", "astridfjord"),
        ("youtube", "UCabcdefghijklmnopqrstuv"),
        ("mastodon", "astrid@fjord.example"),
        ("bluesky", "astrid.bsky.social"),
    }
    assert Account.objects.get() == account, "nothing is joined"
    # A sync, whose profile points at one of them, leaves the others.
    links = (ProfileLink("https://bsky.app/profile/astrid.bsky.social"),)
    own = Profile("2244990001", "astrid_fjord", "Astrid", "", links=links)
    identity.note(account, own)
    identity.note(account, own)
    assert len(offered(alice)) == 5
    told = dict(ProbableAccount.objects.values_list("network", "told_by"))
    assert (told["bluesky"], told["github"]) == ("profile", "wikidata")
    # "Not me" stays, also when it is asked again.
    row = ProbableAccount.objects.get(network="github")
    charlie_client.post(f"/networks/offer/{row.pk}/not-mine/")
    assert ("github", "astridfjord") in offered(alice)
    alice_client.post(f"/networks/offer/{row.pk}/not-mine/")
    page = alice_client.post("/networks/wikidata/", follow=True).content.decode()
    assert "Wikidata names 4 accounts" in page
    assert ("github", "astridfjord") not in offered(alice)
    assert len(offered(alice)) == 4
    assert "Probably you" not in charlie_client.get("/networks/").content.decode()
    assert erasure.export_everything(alice)["connectors.ProbableAccount"]
    erasure.erase(alice)
    assert not ProbableAccount.objects.exists()


def test_what_wikidata_names_no_longer_goes(
    running: Asked, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_x(alice)
    assert wikidata.ask(alice) == 5
    monkeypatch.setattr(statements, "addresses_of", lambda claims: ADDRESSES[:3])
    assert wikidata.ask(alice) == 2
    assert {network for network, _ in offered(alice)} == {"instagram", "github"}


def test_a_stranger_a_replay_and_a_silent_wikidata_do_no_harm(
    running: Asked, alice: Person, alice_client: Client, charlie_client: Client, client: Client
) -> None:
    assert wikidata.ask(alice) == 0
    assert "Are you in Wikidata?" not in alice_client.get("/networks/").content.decode()
    assert running.queries == [], "without an account that it could know nothing is asked"
    on_x(alice)
    assert client.post("/networks/wikidata/").headers["Location"].startswith("/")
    assert alice_client.get("/networks/wikidata/").status_code == 405
    page = charlie_client.post("/networks/wikidata/", follow=True).content.decode()
    assert "names no other account" in page
    assert running.queries == []
    running.status = 500
    page = alice_client.post("/networks/wikidata/", follow=True).content.decode()
    assert "Wikidata did not answer." in page
    running.status = 200
    for _ in range(2):
        alice_client.post("/networks/wikidata/")
    before = len(running.queries)
    page = alice_client.post("/networks/wikidata/", follow=True).content.decode()
    assert "asked a moment ago" in page
    assert len(running.queries) == before
