"""Tumblr on recorded answers: a blog's own posts, and who liked, reblogged and replied to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine
from pytest_django.fixtures import Settings

from connectors import registry, tumblr
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, Gone, NotAllowed, RateLimited, Relink
from connectors.http import Client
from connectors.oauth import App, LinkRefused, Several
from connectors.oauth import tumblr as linking
from connectors.types import (
    AccountRef,
    Direction,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
)
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {
    "tumblr": "https://api.tumblr.example",
    "tumblr_authorize": "https://www.tumblr.example/oauth2/authorize",
}
OWN = "t:astridKart0000000001"
ASTRID = AccountRef(OWN, "astrid-kart", token="a-token")
ANYBODY = AccountRef("", "astrid-kart")
USER, INFO = "/v2/user/info", "/v2/blog/astrid-kart/info"
POSTS, NOTES = f"/v2/blog/{OWN}/posts", f"/v2/blog/{OWN}/notes"
FOG, HARBOUR = "700000000000000109", "700000000000000080"
ROUTES: dict[str, Reply] = {
    USER: "user",
    INFO: "info",
    POSTS: "posts",
    f"{POSTS}#2": "posts_last",
    NOTES: "notes_old",
    f"{NOTES}?id={FOG}&mode=all": "notes",
    f"{NOTES}#2": "notes_last",
}
# The parameters that the documents name for each address.
PARAMETERS = {
    USER: set[str](),
    INFO: {"api_key", "fields"},
    POSTS: {
        "api_key",
        "id",
        "tag",
        "limit",
        "offset",
        "reblog_info",
        "notes_info",
        "npf",
        "before",
    },
    NOTES: {"api_key", "id", "before_timestamp", "mode"},
}
BACK = "https://klout.example/networks/tumblr/done/"
APP = App("our-key", "our-secret")


class Pages(Player):
    """Its pages are asked for by an offset, or by the time before which notes were made."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = parse_qs(request.url.query.decode())
        if asked.get("offset", ["0"]) == ["0"] and "before_timestamp" not in asked:
            return super().handle_request(request)
        self.asked.append(request)
        reply = self.routes[f"{request.url.path}#2"]
        assert isinstance(reply, str)
        return httpx.Response(200, json=payload("tumblr", reply))


def played(routes: dict[str, Reply] | None = None) -> Pages:
    return Pages("tumblr", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(tumblr.fetch(client, account, since))
    for record in records:
        check_record(tumblr.NETWORK, record)
    return records


def acts(records: list[Record], direction: Direction) -> dict[str, Interaction]:
    return {
        record.native_id: record
        for record in records
        if isinstance(record, Interaction) and record.direction is direction
    }


def test_the_owner_is_read_with_followers_and_what_they_do() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle, profile.name) == (OWN, "astrid-kart", "Astrid ✿")
    assert (profile.bio, profile.url) == ("Maps & ferries", "https://astrid-kart.tumblr.com/")
    counts = {"followers": 2410, "following": 88, "likes_given": 606, "posts": 820}
    assert snapshot == Snapshot(NOW.date(), counts)


def test_a_second_blog_has_followers_of_its_own_and_the_rest_is_its_owners() -> None:
    fog = replace(ASTRID, native_id="t:fogArchive00000000001")
    routes: dict[str, Reply] = {
        USER: "user",
        f"/v2/blog/{fog.native_id}/posts": "posts_empty",
    }
    profile, snapshot = fetched(Pages("tumblr", routes), fog)
    assert isinstance(profile, Profile)
    assert profile.handle == "fog-archive"
    counts = {"followers": 90, "following": None, "likes_given": None, "posts": 0}
    assert snapshot == Snapshot(NOW.date(), counts)


def test_anybodys_blog_is_read_by_our_key_and_its_followers_stay_unknown() -> None:
    player = played()
    profile, snapshot, *rest = fetched(player, ANYBODY)
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.indexable) == (OWN, True)
    counts = {"followers": None, "following": None, "likes_given": 606, "posts": 820}
    assert snapshot == Snapshot(NOW.date(), counts)
    assert acts(rest, Direction.RECEIVED)
    for request in player.asked:
        assert "authorization" not in request.headers
        assert parse_qs(request.url.query.decode())["api_key"] == ["our-key"]


def test_whoever_asks_not_to_be_found_is_marked_so() -> None:
    away = payload("tumblr", "info")
    away["response"]["blog"]["description"] = "Only friends. #noindex"
    profile = fetched(played({INFO: httpx.Response(200, json=away)}), ANYBODY)[0]
    assert isinstance(profile, Profile)
    assert not profile.indexable


def test_own_posts_come_with_notes_and_what_their_words_are_about() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    # Neither what was reblogged, nor private ones, nor what was pinned long ago.
    assert list(posts) == [FOG, "700000000000000106", HARBOUR]
    fog = posts[FOG]
    assert fog.counts == {"notes": 4}
    assert fog.text == "Fog over the fjord, with @pilot-station"
    assert fog.features.hashtags == ("fog", "northern lights")
    assert fog.features.mentions == ("pilot-station",)
    assert fog.features.link_hosts == ("kart.example", "harbour.example")


def test_who_liked_reblogged_and_replied_is_named_with_the_time() -> None:
    received = acts(fetched(played()), Direction.RECEIVED)
    jonas, mira = "t:jonasB0000000000000001", "t:miraIto000000000000001"
    first = int(datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp())
    second = int(datetime(2026, 11, 20, 18, 30, tzinfo=UTC).timestamp())
    assert list(received) == [
        f"comment:{FOG}:{jonas}:{first}",
        "reshare:810000000000000001",
        f"like:{FOG}:{jonas}",
        f"comment:{FOG}:{jonas}:{second}",
        # Of August, within a quarter of a year; the one before it is not.
        f"like:{HARBOUR}:{mira}",
    ]
    reshare = received["reshare:810000000000000001"]
    assert (reshare.kind, reshare.post_native_id) == (Kind.RESHARE, FOG)
    assert (reshare.actor.handle, reshare.actor.native_id) == ("mira-ito", mira)
    assert reshare.happened_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_whom_the_blog_passed_on_is_told_and_the_notes_stay_with_them() -> None:
    sent = acts(fetched(played()), Direction.SENT)
    assert list(sent) == ["reblogged:700000000000000108"]
    act = sent["reblogged:700000000000000108"]
    assert (act.kind, act.actor.handle) == (Kind.RESHARE, "harbour-radio")
    assert act.happened_at == datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_later_syncs_ask_for_the_notes_that_are_new_of_posts_whose_count_moved() -> None:
    known = replace(
        ASTRID,
        recent_posts=(FOG, "700000000000000106", "700000000000000099"),
        recent_counts={FOG: {"notes": 3}, "700000000000000106": {"notes": 0}},
    )
    since = datetime(2026, 11, 21, 13, 45, tzinfo=UTC)
    player = played({f"{POSTS}#2": "posts_old"})
    records = fetched(player, known, since - timedelta(hours=1))
    assert [r.native_id for r in records if isinstance(r, Post)] == [FOG, "700000000000000106"]
    assert [r for r in records if isinstance(r, Removed)] == [Removed("700000000000000099")]
    assert [act.kind for act in acts(records, Direction.RECEIVED).values()] == [
        *(Kind.COMMENT, Kind.RESHARE),
    ]
    # One page of notes: its last is older than the last fetch.
    assert player.paths().count(NOTES) == 1
    unmoved = replace(known, recent_counts={FOG: {"notes": 4}})
    player = played()
    fetched(player, unmoved, since)
    assert NOTES not in player.paths()


def test_a_list_that_does_not_end_removes_nothing() -> None:
    class Endless(Pages):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked = parse_qs(request.url.query.decode())
            if request.url.path == POSTS:
                self.asked.append(request)
                told = payload("tumblr", "posts")
                further = int(asked["offset"][0]) + 20
                told["response"]["_links"]["next"]["query_params"]["offset"] = further
                return httpx.Response(200, json=told)
            return super().handle_request(request)

    player = Endless("tumblr", ROUTES)
    records = fetched(player, replace(ASTRID, recent_posts=("700000000000000099",)))
    assert player.paths().count(POSTS) == tumblr.MAX_PAGES
    assert not [record for record in records if isinstance(record, Removed)]
    ids = [record.native_id for record in records if isinstance(record, Post)]
    assert len(ids) == len(set(ids)) == 2


def test_a_post_that_went_meanwhile_is_no_error() -> None:
    records = fetched(played({f"{NOTES}?id={FOG}&mode=all": (404, "refused_gone")}))
    assert len(acts(records, Direction.RECEIVED)) == 1


def test_a_blog_without_posts_is_read_in_two_questions() -> None:
    player = Pages("tumblr", {USER: "user_one", POSTS: "posts_empty"})
    assert len(fetched(player)) == 2
    assert len(player.asked) == 2


@pytest.mark.parametrize("where", [USER, POSTS, f"{NOTES}?id={FOG}&mode=all"])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ((401, "refused"), Relink),
        ((429, "refused_often"), RateLimited),
        ((400, "refused_question"), BadPayload),
        ("refused", BadPayload),
    ],
)
def test_each_error_of_the_api_has_its_word(
    where: str, reply: Reply, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched(played({where: reply}))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (
            {
                "X-Ratelimit-Perhour-Remaining": "0",
                "X-Ratelimit-Perhour-Reset": "1380",
                "X-Ratelimit-Perday-Remaining": "700",
                "X-Ratelimit-Perday-Reset": "40000",
            },
            timedelta(seconds=1380),
        ),
        (
            {"X-Ratelimit-Perday-Remaining": "0", "X-Ratelimit-Perday-Reset": "40000"},
            timedelta(seconds=40000),
        ),
        (
            {"X-Ratelimit-Perday-Remaining": "0", "X-Ratelimit-Perday-Reset": "99999999"},
            timedelta(days=1),
        ),
        ({}, timedelta(minutes=15)),
    ],
    ids=str,
)
def test_it_waits_until_the_limit_that_was_hit_begins_anew(
    headers: dict[str, str], wait: timedelta
) -> None:
    refused = httpx.Response(429, json=payload("tumblr", "refused_often"), headers=headers)
    with pytest.raises(RateLimited) as limited:
        fetched(played({POSTS: refused}))
    assert limited.value.resume_at == NOW + wait


def test_a_stated_minor_is_told_and_nothing_is_asked_without_a_right() -> None:
    profile = fetched(played({USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor
    player = played()
    with (
        Client("tumblr", contact="", spend=lambda n: None, transport=player, urls=URLS) as client,
        pytest.raises(NotAllowed),
    ):
        tumblr.fetch_profile(client, ANYBODY)
    assert player.asked == []
    with pytest.raises(Gone):
        fetched(played(), replace(ASTRID, native_id="t:somebodyElse000000001"))
    with pytest.raises(Gone):
        fetched(played({USER: "user_empty"}))
    another = replace(ANYBODY, native_id="t:somebodyElse000000001")
    with pytest.raises(BadPayload):
        fetched(played({f"/v2/blog/{another.native_id}/info": "info"}), another)


def test_a_uuid_that_would_lead_elsewhere_is_refused() -> None:
    broken = payload("tumblr", "user_one")
    broken["response"]["user"]["blogs"][0]["uuid"] = "t:../../user/likes"
    with pytest.raises(BadPayload, match="uuid"):
        fetched(played({USER: httpx.Response(200, json=broken)}), replace(ASTRID, native_id=""))


def test_only_documented_questions_are_asked_with_the_token_in_the_header() -> None:
    player = played()
    fetched(player)
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() <= PARAMETERS[request.url.path] - {"api_key"}
        assert request.headers["authorization"] == "Bearer a-token"
        assert "ops@example.org" in request.headers["user-agent"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("astrid-kart.tumblr.com", "astrid-kart"),
        ("https://Astrid-Kart.tumblr.com/post/700000000000000109", "astrid-kart"),
        ("https://www.tumblr.com/astrid-kart/700000000000000109/fog", "astrid-kart"),
        ("https://www.tumblr.com/@astrid-kart", "astrid-kart"),
        ("https://www.tumblr.com/blog/astrid-kart", "astrid-kart"),
        ("https://www.tumblr.com/explore/today", None),
        ("https://www.tumblr.com/blog", None),
        ("astrid-kart", None),
        ("https://api.tumblr.com/v2/user/info", None),
        ("https://a.b.tumblr.com/", None),
        ("https://astrid.tumblr.com.evil.example/", None),
        ("https://[tumblr.com/astrid", None),
    ],
)
def test_addresses_of_blogs_are_understood(text: str, name: str | None) -> None:
    found = tumblr.parse_handle(text)
    assert (found.handle if found else None) == name


def test_blogs_are_looked_up_only_where_the_site_has_a_key(settings: Settings) -> None:
    settings.NETWORK_KEYS = {"tumblr": "our-key"}
    assert registry.may_look_up("tumblr")
    settings.NETWORK_KEYS = {"tumblr": ""}
    assert not registry.may_look_up("tumblr")


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "access_token": "at-1",
    "expires_in": 2520,
    "id_token": False,
    "refresh_token": "rt-1",
    "scope": "basic offline_access",
    "token_type": "bearer",
}
TOKEN = "/v2/oauth2/token"


def test_a_blog_is_linked_and_renewed() -> None:
    player = Player("tumblr", {USER: "user_one", TOKEN: httpx.Response(200, json=TOKENS)})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert asked["scope"] == "basic offline_access"
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.native_id == OWN
        assert proof.expires_at == NOW + timedelta(seconds=2520)
        newer = {**TOKENS, "access_token": "at-2", "refresh_token": "rt-2"}
        player.routes[TOKEN] = httpx.Response(200, json=newer)
        again = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert again.secret == {"access": "at-2", "refresh": "rt-2"}
        # There is nobody to tell.
        before = len(player.asked)
        linking.revoke(client, secret=again.secret, server="", app=APP)
        assert len(player.asked) == before
    forms = [dict(parse_qsl(r.content.decode())) for r in player.asked if r.method == "POST"]
    assert [form["grant_type"] for form in forms] == ["authorization_code", "refresh_token"]
    assert all(form["client_secret"] == "our-secret" for form in forms)


def test_who_has_several_blogs_picks_one_of_the_public_ones() -> None:
    player = Player("tumblr", {USER: "user", TOKEN: httpx.Response(200, json=TOKENS)})
    with player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(Several) as several:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    found = [proof.profile.handle for proof in several.value.proofs]
    assert found == ["astrid-kart", "fog-archive"]
    assert {proof.secret["access"] for proof in several.value.proofs} == {"at-1"}
    assert not tumblr.NETWORK.signs_in


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (400, {"error": "invalid_grant"}, "expired"),
        (401, {"meta": {"status": 401, "msg": "Unauthorized"}, "response": []}, "expired"),
        (401, {"error": "invalid_client"}, "app"),
        (200, {**TOKENS, "scope": "basic"}, "denied"),
    ],
    ids=str,
)
def test_a_refusal_links_nothing(status: int, answer: dict[str, object], reason: str) -> None:
    player = Player("tumblr", {TOKEN: httpx.Response(status, json=answer)})
    with player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason


def test_a_refresh_token_that_ended_asks_the_person() -> None:
    answer = httpx.Response(401, json={"meta": {"status": 401, "msg": "Unauthorized"}})
    with Player("tumblr", {TOKEN: answer}).client(URLS) as client, pytest.raises(Relink):
        linking.refresh(client, secret={"refresh": "rt-0"}, server="", app=APP)
