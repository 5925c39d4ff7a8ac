"""Wikipedia on recorded answers: whom an article is about, how it stands, and who is left alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler
from io import StringIO
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from connectors import registry, wikipedia
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited
from connectors.models import Account
from connectors.models import Snapshot as SnapshotRow
from connectors.types import AccountRef, Profile, Record, Snapshot
from connectors.wikipedia.article import Links, standing
from people.models import Person
from tests.connectors.players import Player, Reply, payload
from tests.connectors.vendors import synced
from tests.connectors.web import reply, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {
    "wikidata": "https://wikidata.example",
    "wikipedia": "https://{language}.wikipedia.example/of",
    "wikimedia": "https://wikimedia.example",
}
ASTRID = AccountRef("Q900001", "en:Astrid Fjord")
ITEM, API = "/w/api.php", "/of/w/api.php"
VIEWS = (
    "/api/rest_v1/metrics/pageviews/per-article/en.wikipedia/all-access/user/Astrid_Fjord/daily/"
    "2026102300/2026111900"
)
ROUTES: dict[str, Reply] = {ITEM: "item", API: "links", VIEWS: "views"}


class Wiki(Player):
    """Answers by what is asked about, which MediaWiki tells in the query."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = {k: v[0] for k, v in parse_qs(request.url.query.decode()).items()}
        if asked.get("prop") in {"langlinks", "linkshere"} and self.routes[API] == "links":
            self.asked.append(request)
            name = asked["prop"] + ("_last" if "lhcontinue" in asked else "")
            return httpx.Response(200, json=payload("wikipedia", name))
        return super().handle_request(request)


def fetched(
    routes: Mapping[str, Reply] = ROUTES, account: AccountRef = ASTRID
) -> tuple[list[Record], Player]:
    player = Wiki("wikipedia", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        return list(wikipedia.fetch(client, account, None)), player


# --- Addresses ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("https://en.wikipedia.org/wiki/Astrid_Fjord", "en:Astrid Fjord"),
        ("https://nb.m.wikipedia.org/wiki/%C3%85se_Fjord#Liv", "nb:Åse Fjord"),
        ("en.wikipedia.org/wiki/Astrid:_A_life", "en:Astrid: A life"),
    ],
)
def test_an_address_means_an_article(text: str, handle: str) -> None:
    assert wikipedia.parse_handle(text) == AccountRef("", handle)


@pytest.mark.parametrize(
    "text",
    [
        *("Astrid Fjord", "@astrid", "https://en.wikipedia.org/", "en.wikipedia.org/w/index.php"),
        *("https://en.wikipedia.org/wiki/User:Astrid", "https://wikipedia.org/wiki/Astrid"),
        *("https://en.wikipedia.org.evil.example/wiki/A", "https://[en.wikipedia.org/wiki/A"),
        f"https://en.wikipedia.org/wiki/{'a' * 300}",
    ],
)
def test_other_texts_are_no_article(text: str) -> None:
    assert wikipedia.parse_handle(text) is None


# --- What is read ---------------------------------------------------------------------------------
def test_an_article_is_about_a_person_and_has_counts() -> None:
    records, player = fetched()
    profile, snapshot = records
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == ("Q900001", "en:Astrid Fjord")
    assert profile.url == "https://en.wikipedia.org/wiki/Astrid_Fjord"
    assert (profile.is_brand, profile.states_minor) == (False, False)
    counts = {"inlinks": 3, "outlinks": 2, "languages_of_article": 3, "pageviews": 215}
    # Each of three has three inlinks and two outlinks: 0.15 + 0.85 · 3 · (0.15 + 0.85 · 1.5) / 2.
    assert snapshot == Snapshot(date(2026, 11, 20), {**counts, "pagerank": 2})
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert "ops@example.org" in request.headers["user-agent"]
        assert request.url.path == VIEWS or asked["maxlag"] == ["5"]


def test_a_brand_is_a_brand_and_an_article_about_anything_else_is_refused() -> None:
    profile = fetched(
        {
            **ROUTES,
            ITEM: "item_brand",
            VIEWS.replace("Astrid_Fjord", "Skerry_Maps"): (404, "missing"),
        }
    )[0][0]
    assert isinstance(profile, Profile)
    assert (profile.is_brand, profile.name) == (True, "Skerry Maps")
    for name in ("item_several_meanings", "item_missing"):
        with pytest.raises(Gone):
            fetched({**ROUTES, ITEM: name})


def test_somebody_who_may_be_a_minor_is_told_as_such() -> None:
    profile = fetched({**ROUTES, ITEM: "item_minor"})[0][0]
    assert isinstance(profile, Profile)
    assert profile.states_minor


def test_by_title_one_question_finds_the_item() -> None:
    player = Wiki("wikipedia", ROUTES)
    with player.client(URLS) as client:
        wikipedia.fetch_profile(client, AccountRef("", "en:Astrid Fjord"))
    (request,) = player.asked
    asked = parse_qs(request.url.query.decode())
    assert (asked["sites"], asked["titles"]) == (["enwiki"], ["Astrid Fjord"])


def test_views_that_are_not_told_are_unknown_and_an_article_nobody_links_to_stands_below() -> None:
    records, _ = fetched({**ROUTES, API: "linkshere_empty", VIEWS: (404, "missing")})
    snapshot = records[1]
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.counts["pageviews"], snapshot.counts["inlinks"]) == (None, 0)
    assert snapshot.counts["pagerank"] == 0


# --- Standing -------------------------------------------------------------------------------------
def test_a_link_from_an_article_with_many_inlinks_and_few_outlinks_is_worth_most() -> None:
    assert standing(0, []) == pytest.approx(0.15)
    plain = standing(10, [Links(20, 20)])
    # Whose linking articles have as many inlinks as outlinks, each hands on 1/20 of 1.
    assert plain == pytest.approx(0.15 + 0.85 * 10 / 20)
    assert standing(10, [Links(200, 20)]) > standing(20, [Links(20, 20)]) > plain
    assert standing(10, [Links(20, 200)]) < plain
    # The sample stands for all.
    assert standing(100, [Links(20, 20)] * 5) == pytest.approx(0.15 + 0.85 * 100 / 20)


# --- Refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "name", "word"),
    [
        (ITEM, "refused_lag", RateLimited),
        (ITEM, "refused_title", Gone),
        (ITEM, "refused_question", BadPayload),
        (API, "refused_lag", RateLimited),
        (API, "missing", Gone),
    ],
)
def test_a_refusal_has_its_word_though_it_comes_with_a_200(
    path: str, name: str, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched({**ROUTES, path: name})


def test_another_item_is_refused() -> None:
    with pytest.raises(BadPayload):
        fetched(account=replace(ASTRID, native_id="Q1"))


# --- Who attaches one -----------------------------------------------------------------------------
def test_nobody_is_looked_up_by_an_article_and_nobody_links_one_alone(db: None) -> None:
    assert not registry.may_look_up("wikipedia")
    address = "https://en.wikipedia.org/wiki/Astrid_Fjord"
    with pytest.raises(CommandError, match="Nobody of that address"):
        call_command("attach_article", "nobody", address, stdout=StringIO())


def test_an_operator_attaches_the_article_of_somebody_who_asked_and_it_is_read(
    alice: Person, settings: Settings
) -> None:
    told = {"/w/api.php": payload("wikipedia", "item")}

    def answer(request: BaseHTTPRequestHandler) -> None:
        path, _, query = request.path.partition("?")
        name = "langlinks" if "prop=langlinks" in query else "links"
        body = told.get(path, payload("wikipedia", name))
        reply(request, json.dumps(body).encode(), 404 if "/pageviews/" in path else 200)

    with serving(answer) as origin:
        settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, origin]
        settings.WIKIDATA_URL = settings.WIKIMEDIA_URL = origin
        settings.WIKIPEDIA_URL = f"{origin}/{{language}}"
        address = "https://en.wikipedia.org/wiki/Astrid_Fjord"
        with pytest.raises(CommandError, match="no address of an article"):
            call_command("attach_article", alice.slug, "https://example.org/", stdout=StringIO())
        told["/w/api.php"] = payload("wikipedia", "item_minor")
        with pytest.raises(CommandError, match="not to be used"):
            call_command("attach_article", alice.slug, address, stdout=StringIO())
        told["/w/api.php"] = payload("wikipedia", "item")
        call_command("attach_article", alice.slug, address, stdout=StringIO())
        account = Account.objects.get(person=alice)
        assert (account.native_id, account.handle) == ("Q900001", "en:Astrid Fjord")
        assert alice.consent_events.filter(what="link:wikipedia").exists()
        assert synced(account) == "done"
    counts = SnapshotRow.objects.get(account=account).counts
    assert (counts["languages_of_article"], counts["pageviews"]) == (3, None)
