"""Twitch on recorded answers: one channel's own followers, videos and clips."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import twitch
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, NotAllowed, RateLimited, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import twitch as linking
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
URLS = {"twitch": "https://api.twitch.example", "twitch_oauth": "https://id.twitch.example/oauth2"}
ASTRID = AccountRef("80010", "astrid_kart", token="a-token")
USER, FOLLOWERS = "/helix/users", "/helix/channels/followers"
FOLLOWED, VIDEOS, CLIPS = "/helix/channels/followed", "/helix/videos", "/helix/clips"
ROUTES: dict[str, Reply] = {
    USER: "user",
    FOLLOWERS: "followers",
    f"{FOLLOWERS}#2": "followers_last",
    FOLLOWED: "followed",
    VIDEOS: "videos",
    f"{VIDEOS}#2": "videos_last",
    CLIPS: "clips",
    f"{CLIPS}#2": "clips_last",
}
# The parameters that the documents name for each address.
PARAMETERS = {
    USER: {"id", "login"},
    FOLLOWERS: {"broadcaster_id", "user_id", "first", "after"},
    FOLLOWED: {"user_id", "broadcaster_id", "first", "after"},
    VIDEOS: {"id", "user_id", "game_id", "language", "period", "sort", "type", "first", "after"},
    CLIPS: {"broadcaster_id", "game_id", "id", "started_at", "ended_at", "first", "after"},
}
BACK = "https://klout.example/networks/twitch/done/"
APP = App("our-key", "our-secret")


def played(routes: dict[str, Reply] | None = None) -> Player:
    return Player("twitch", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(twitch.fetch(client, account, since))
    for record in records:
        check_record(twitch.NETWORK, record)
    return records


def acts(records: list[Record], direction: Direction, kind: Kind) -> dict[str, Interaction]:
    return {
        record.native_id: record
        for record in records
        if isinstance(record, Interaction) and (record.direction, record.kind) == (direction, kind)
    }


def test_the_channel_is_read_with_counts() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == ("80010", "astrid_kart")
    assert (profile.name, profile.url) == ("Astrid_Kart", "https://www.twitch.tv/astrid_kart")
    assert profile.bio == "Maps & ferries, live"
    # Four and a half hours on air; of three clips one is the channel's own.
    counts = {
        "followers": 2410,
        "following": 88,
        "videos": 3,
        "hours_streamed": 4,
        "clips": 3,
        "clip_views": 51,
    }
    assert snapshot == Snapshot(NOW.date(), counts)


def test_who_follows_is_named_with_the_day_each_once_and_for_a_quarter() -> None:
    records = fetched(played())
    received = acts(records, Direction.RECEIVED, Kind.FOLLOW)
    assert list(received) == ["follow:90001", "follow:90002", "follow:90003"]
    first = received["follow:90001"]
    assert (first.kind, first.post_native_id) == (Kind.FOLLOW, None)
    assert first.happened_at == datetime(2026, 11, 20, 21, 15, 4, tzinfo=UTC)
    assert (first.actor.handle, first.actor.name) == ("jonas_b", "Jonas_B")
    assert first.actor.url == "https://www.twitch.tv/jonas_b"
    sent = acts(records, Direction.SENT, Kind.FOLLOW)
    assert {name: act.actor.name for name, act in sent.items()} == {
        "followed:90009": "Harbour_Radio"
    }


def test_who_made_a_clip_is_named_with_the_time_and_the_video() -> None:
    clips = acts(fetched(played()), Direction.RECEIVED, Kind.RESHARE)
    assert list(clips) == ["clip:FerryHorn", "clip:FogLifts", "clip:LastOne"]
    horn = clips["clip:FerryHorn"]
    assert (horn.actor.native_id, horn.actor.name) == ("90001", "Jonas_B")
    assert horn.actor.url == "https://www.twitch.tv/jonas_b"
    assert horn.happened_at == datetime(2026, 11, 20, 19, tzinfo=UTC)
    assert horn.post_native_id == "2301"
    # A name that is in no address, and a video that is gone.
    lifts = clips["clip:FogLifts"]
    assert (lifts.actor.name, lifts.actor.url) == ("三崎", "")
    assert lifts.post_native_id is None
    # Later only those that are new.
    later = fetched(played(), since=datetime(2026, 11, 21, 11, tzinfo=UTC))
    assert list(acts(later, Direction.RECEIVED, Kind.RESHARE)) == ["clip:LastOne"]


def test_videos_come_with_views_and_what_their_words_are_about() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    assert list(posts) == ["2301", "2302", "2200"], "a private one is not told"
    fog = posts["2301"]
    assert fog.counts == {"views": 950}
    assert fog.url == "https://www.twitch.tv/videos/2301"
    assert (fog.features.hashtags, fog.features.language) == (("fog",), "en")
    assert posts["2302"].features.language == ""
    assert posts["2200"].features.length == len("The old harbour\nCut from three evenings")


def test_what_is_not_told_in_full_is_unknown() -> None:
    # Broadcasts of others than partners go before the month is over.
    _, snapshot, *_ = fetched(played({USER: "user_affiliate"}))
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["hours_streamed"] is None
    # Lists that never end.
    player = Endless("twitch", ROUTES)
    known = replace(ASTRID, recent_posts=("2301", "2299"))
    _, snapshot, *rest = fetched(player, known)
    assert isinstance(snapshot, Snapshot)
    told = {name for name, count in snapshot.counts.items() if count is None}
    assert told == {"videos", "clips", "clip_views"}
    assert player.paths().count(VIDEOS) == twitch.MAX_PAGES
    assert not [record for record in rest if isinstance(record, Removed)]


class Endless(Player):
    """Each page names another one."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if request.url.path not in {VIDEOS, CLIPS}:
            return answer
        cursor = f"cursor-{len(self.asked)}"
        data = json.loads(answer.content)
        return httpx.Response(200, json={**data, "pagination": {"cursor": cursor}})


def test_later_syncs_tell_what_is_new_young_or_due_and_what_has_gone() -> None:
    known = replace(ASTRID, recent_posts=("2301", "2299"), older_posts=("2200", "2100"))
    player = played()
    records = fetched(player, known, NOW - timedelta(days=1))
    assert [r.native_id for r in records if isinstance(r, Post)] == ["2301", "2302", "2200"]
    assert [r for r in records if isinstance(r, Removed)] == [Removed("2299"), Removed("2100")]
    assert list(acts(records, Direction.RECEIVED, Kind.FOLLOW)) == ["follow:90001"]
    assert not acts(records, Direction.SENT, Kind.FOLLOW)
    # One page of followers is enough.
    assert player.paths().count(FOLLOWERS) == 1
    unasked = fetched(played(), replace(known, older_posts=()), NOW - timedelta(days=1))
    assert [r.native_id for r in unasked if isinstance(r, Post)] == ["2301", "2302"]


def test_a_channel_without_anything_is_read_in_five_questions() -> None:
    player = Player(
        "twitch",
        {
            USER: "user",
            FOLLOWERS: "followers_empty",
            FOLLOWED: "followed_empty",
            VIDEOS: "videos_empty",
            CLIPS: "clips_empty",
        },
    )
    _, snapshot = fetched(player)
    assert isinstance(snapshot, Snapshot)
    zeros = ("followers", "following", "videos", "clips", "clip_views")
    assert [snapshot.counts[name] for name in zeros] == [0, 0, 0, 0, 0]
    # Nobody says whether it keeps its broadcasts.
    assert snapshot.counts["hours_streamed"] is None
    assert len(player.asked) == 5


@pytest.mark.parametrize("where", [USER, FOLLOWERS, VIDEOS, CLIPS])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ((401, "refused"), Relink),
        ((401, "refused_scope"), Relink),
        ((429, "refused_often"), RateLimited),
        ((400, "refused_question"), BadPayload),
    ],
)
def test_each_error_of_the_api_has_its_word(
    where: str, reply: Reply, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched(played({where: reply}))


def test_it_waits_until_the_time_that_twitch_names() -> None:
    until = NOW + timedelta(seconds=42)
    headers = {"Ratelimit-Reset": str(int(until.timestamp()))}
    refused = httpx.Response(429, json=payload("twitch", "refused_often"), headers=headers)
    with pytest.raises(RateLimited) as limited:
        fetched(played({VIDEOS: refused}))
    assert limited.value.resume_at == until


def test_a_stated_minor_is_told_and_strangers_are_not_read() -> None:
    profile = fetched(played({USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="80011"))
    with pytest.raises(BadPayload):
        fetched(played({USER: "user_empty"}))


def test_a_duration_that_is_none_is_named() -> None:
    broken = payload("twitch", "videos")
    broken["data"][0]["duration"] = "three hours"
    with pytest.raises(BadPayload, match="duration"):
        fetched(played({VIDEOS: httpx.Response(200, json=broken)}))


def test_only_documented_questions_are_asked_with_our_id_and_the_token() -> None:
    player = played()
    fetched(player)
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() <= PARAMETERS[request.url.path]
        assert request.headers["authorization"] == "Bearer a-token"
        assert request.headers["client-id"] == "our-key"
    clips = next(request for request in player.asked if request.url.path == CLIPS)
    asked = parse_qs(clips.url.query.decode())
    assert asked["started_at"] == ["2026-10-24T12:00:00Z"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://www.twitch.tv/Astrid_Kart", "astrid_kart"),
        ("twitch.tv/astrid_kart/videos?filter=all", "astrid_kart"),
        ("https://www.twitch.tv/directory", None),
        ("https://www.twitch.tv/videos/2301", None),
        ("astrid_kart", None),
        ("https://twitch.tv.evil.example/astrid", None),
        ("ftp://twitch.tv/astrid", None),
        ("https://[twitch.tv/astrid", None),
    ],
)
def test_addresses_of_channels_are_understood(text: str, name: str | None) -> None:
    found = twitch.parse_handle(text)
    assert (found.handle if found else None) == name


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "access_token": "at-1",
    "refresh_token": "rt-1",
    "expires_in": 14124,
    # A list, which other vendors do not send.
    "scope": list(twitch.NETWORK.scopes),
    "token_type": "bearer",
}
TOKEN, REVOKE = "/oauth2/token", "/oauth2/revoke"


def test_an_account_is_linked_renewed_and_taken_back() -> None:
    routes: dict[str, Reply] = {
        USER: "user",
        TOKEN: httpx.Response(200, json=TOKENS),
        REVOKE: httpx.Response(200),
    }
    player = Player("twitch", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert begun.redirect_url.startswith("https://id.twitch.example/oauth2/authorize?")
        assert asked["scope"] == "moderator:read:followers user:read:follows"
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.native_id == "80010"
        assert proof.scopes == "moderator:read:followers user:read:follows"
        assert proof.expires_at == NOW + timedelta(seconds=14124)
        player.routes[TOKEN] = httpx.Response(200, json={**TOKENS, "refresh_token": "rt-2"})
        again = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert again.secret == {"access": "at-1", "refresh": "rt-2"}
        linking.revoke(client, secret=proof.secret, server="", app=APP)
    forms = [dict(parse_qsl(r.content.decode())) for r in player.asked if r.method == "POST"]
    assert [form.get("grant_type") for form in forms] == [
        *("authorization_code", "refresh_token", None),
    ]
    assert all(form["client_id"] == "our-key" for form in forms)
    assert forms[2]["token"] == "at-1"


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (400, {"status": 400, "message": "Invalid authorization code"}, "expired"),
        (400, {"status": 400, "message": "invalid client"}, "app"),
        (403, {"status": 403, "message": "invalid client secret"}, "app"),
        (200, {**TOKENS, "scope": ["user:read:follows"]}, "denied"),
    ],
)
def test_a_refusal_links_nothing(status: int, answer: dict[str, object], reason: str) -> None:
    routes: dict[str, Reply] = {
        TOKEN: httpx.Response(status, json=answer),
        REVOKE: httpx.Response(200),
    }
    with Player("twitch", routes).client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("status", "message", "word"),
    [
        (400, "Invalid refresh token", Relink),
        (401, "", Relink),
        (403, "invalid client secret", NotAllowed),
    ],
)
def test_a_refresh_that_is_refused_asks_the_person_or_the_operator(
    status: int, message: str, word: type[ConnectorError]
) -> None:
    answer = httpx.Response(status, json={"status": status, "message": message})
    with Player("twitch", {TOKEN: answer}).client(URLS) as client, pytest.raises(word):
        linking.refresh(client, secret={"refresh": "rt-0"}, server="", app=APP)
