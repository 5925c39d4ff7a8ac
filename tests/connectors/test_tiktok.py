"""TikTok on recorded answers: one account's own counts and videos."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import tiktok
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, NotAllowed, RateLimited, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import tiktok as linking
from connectors.types import AccountRef, Post, Profile, Record, Removed, Snapshot
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {
    "tiktok": "https://api.tiktok.example",
    "tiktok_authorize": "https://www.tiktok.example/v2/auth/authorize",
}
ASTRID = AccountRef("op-astrid-1", "astrid.kart", token="a-token")
USER, LIST, QUERY = "/v2/user/info/", "/v2/video/list/", "/v2/video/query/"
ROUTES: dict[str, Reply] = {USER: "user", LIST: "videos", f"{LIST}#2": "videos_last"}
# What the documents name: fields of each address, and what a body may hold.
FIELDS = {
    USER: "open_id union_id avatar_url display_name bio_description profile_deep_link is_verified "
    "username follower_count following_count likes_count video_count",
    LIST: "id create_time cover_image_url share_url video_description duration height width title "
    "embed_html embed_link like_count comment_count share_count view_count",
}
FIELDS[QUERY] = FIELDS[LIST]
BODIES = {LIST: {"max_count", "cursor"}, QUERY: {"filters"}}
BACK = "https://klout.example/networks/tiktok/done/"
APP = App("our-key", "our-secret")


class Pages(Player):
    """Its pages are asked for by a cursor in the body."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if b'"cursor"' in request.content:
            self.asked.append(request)
            reply = self.routes[f"{request.url.path}#2"]
            assert isinstance(reply, str)
            return httpx.Response(200, json=payload("tiktok", reply))
        return super().handle_request(request)


def played(routes: dict[str, Reply] | None = None) -> Pages:
    return Pages("tiktok", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(tiktok.fetch(client, account, since))
    for record in records:
        check_record(tiktok.NETWORK, record)
    return records


def test_the_owner_is_read_with_counts() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == ("op-astrid-1", "astrid.kart")
    assert profile.url == "https://www.tiktok.com/@astrid.kart"
    counts = {"followers": 2410, "following": 88, "likes_ever": 40211, "videos": 64}
    assert snapshot == Snapshot(NOW.date(), counts)


def test_counts_that_are_not_told_are_unknown() -> None:
    profile, snapshot, *_ = fetched(played({USER: "user_few_fields"}))
    assert isinstance(profile, Profile)
    assert profile.name == "astrid.kart"
    assert isinstance(snapshot, Snapshot)
    assert set(snapshot.counts.values()) == {None}


def test_videos_come_with_counts_and_what_their_text_is_about() -> None:
    posts = [record for record in fetched(played()) if isinstance(record, Post)]
    assert [post.native_id for post in posts] == ["7301", "7302", "7200"]
    fog = posts[0]
    assert fog.counts == {"likes": 41, "comments": 4, "shares": 2, "views": 950}
    assert fog.features.hashtags == ("fog",)
    assert fog.features.mentions == ("pilot.station",)


def test_later_syncs_stop_at_a_month_and_ask_again_for_what_is_missing() -> None:
    known = replace(ASTRID, recent_posts=("7301", "7250", "7249"))
    player = played({QUERY: "again"})
    records = fetched(player, known, NOW - timedelta(days=1))
    assert [r.native_id for r in records if isinstance(r, Post)] == ["7301", "7302", "7250"]
    assert [r for r in records if isinstance(r, Removed)] == [Removed("7249")]
    asked = json.loads(player.asked[-1].content)
    assert asked == {"filters": {"video_ids": ["7250", "7249"]}}


def test_an_account_without_videos_is_read_in_two_questions() -> None:
    player = played({LIST: "videos_empty"})
    assert len(fetched(player)) == 2
    assert len(player.asked) == 2


@pytest.mark.parametrize("where", [USER, LIST])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ((401, "refused"), Relink),
        ((403, "refused_scope"), Relink),
        ((429, "refused_often"), RateLimited),
        ((200, "refused_often"), RateLimited),
        ((400, "refused_question"), BadPayload),
    ],
)
def test_each_error_of_the_api_has_its_word(
    where: str, reply: Reply, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched(played({where: reply}))


def test_a_stated_minor_is_told_and_strangers_are_not_read() -> None:
    profile = fetched(played({USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="op-somebody-else"))


def test_only_documented_fields_are_asked_for_with_the_token_in_the_header() -> None:
    player = played({QUERY: "again"})
    fetched(player, replace(ASTRID, recent_posts=("7250",)))
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() == {"fields"}
        assert set(asked["fields"][0].split(",")) <= set(FIELDS[request.url.path].split())
        assert request.headers["authorization"] == "Bearer a-token"
        if request.content:
            assert json.loads(request.content).keys() <= BODIES[request.url.path]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://www.tiktok.com/@Astrid.Kart", "astrid.kart"),
        ("tiktok.com/@astrid.kart/video/7301", "astrid.kart"),
        ("@astrid.kart", None),
        ("https://www.tiktok.com/astrid.kart", None),
        ("https://tiktok.com.evil.example/@astrid", None),
        ("ftp://tiktok.com/@astrid", None),
        ("https://[tiktok.com/@astrid", None),
    ],
)
def test_addresses_of_profiles_are_understood(text: str, name: str | None) -> None:
    found = tiktok.parse_handle(text)
    assert (found.handle if found else None) == name


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "open_id": "op-astrid-1",
    "access_token": "act-1",
    "refresh_token": "rft-1",
    "expires_in": 86400,
    "refresh_expires_in": 31536000,
    "scope": ",".join(tiktok.NETWORK.scopes),
    "token_type": "Bearer",
}


def test_an_account_is_linked_renewed_and_taken_back() -> None:
    routes: dict[str, Reply] = {
        USER: "user",
        "/v2/oauth/token/": httpx.Response(200, json=TOKENS),
        "/v2/oauth/revoke/": httpx.Response(200),
    }
    player = Player("tiktok", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert asked["client_key"] == "our-key"
        assert asked["scope"] == ",".join(tiktok.NETWORK.scopes)
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.native_id == "op-astrid-1"
        assert proof.expires_at == NOW + timedelta(days=1)
        again = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert again.secret == {"access": "act-1", "refresh": "rft-1"}
        linking.revoke(client, secret=proof.secret, server="", app=APP)
    sent = [dict(parse_qsl(r.content.decode())) for r in player.asked if r.method == "POST"]
    assert [form.get("grant_type") for form in sent] == [
        "authorization_code",
        "refresh_token",
        None,
    ]
    assert all(form["client_key"] == "our-key" for form in sent)
    assert sent[2]["token"] == "act-1"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            {"error": "invalid_grant", "error_description": "Authorization code is expired."},
            "expired",
        ),
        ({"error": "invalid_client", "log_id": "1"}, "app"),
        ({**TOKENS, "scope": "user.info.basic"}, "denied"),
    ],
)
def test_a_refusal_links_nothing(answer: dict[str, object], reason: str) -> None:
    routes: dict[str, Reply] = {
        "/v2/oauth/token/": httpx.Response(200, json=answer),
        "/v2/oauth/revoke/": httpx.Response(200),
    }
    with Player("tiktok", routes).client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason
