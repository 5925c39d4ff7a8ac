"""The AppView's answers, read strictly: the SDK's models vouch for the recorded shapes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine
from atproto_client import models

from connectors import bluesky
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Retry
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
from tests.connectors.players import PAYLOADS, Player, Reply, payload

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URLS = {"bluesky_appview": "https://appview.example"}


def did(name: str) -> str:
    return "did:plc:" + (name + "a" * 24)[:24]


def post_uri(key: str) -> str:
    return f"at://{did('astrid')}/app.bsky.feed.post/{key}"


ASTRID = AccountRef(did("astrid"), "astrid.bsky.social")
FIRST, REPLY, SECOND_PART, FIRST_PART = map(
    post_uri, ("3lk2aaaaaaa2a", "3lk2aaaaaab2b", "3lk2aaaaaac2c", "3lk2aaaaaac2b")
)
ACTOR, FEED = "/xrpc/app.bsky.actor.", "/xrpc/app.bsky.feed."
ROUTES: dict[str, Reply] = {
    f"{ACTOR}getProfile": "get_profile",
    f"{ACTOR}getProfiles": "get_profiles",
    f"{FEED}getAuthorFeed": "get_author_feed",
    f"{FEED}getAuthorFeed#2": "get_author_feed_last",
    f"{FEED}getPosts": "get_posts",
    f"{FEED}getLikes": "get_likes",
    f"{FEED}getLikes#2": "get_likes_last",
    f"{FEED}getRepostedBy": "get_reposted_by",
    f"{FEED}getQuotes": "get_quotes",
    f"{FEED}getPostThread": "get_post_thread",
}
# What each recorded answer must be, by the SDK's own models of the lexicons.
MODELS: dict[str, Any] = {
    "get_profile": models.AppBskyActorDefs.ProfileViewDetailed,
    "get_profile_not_for_strangers": models.AppBskyActorDefs.ProfileViewDetailed,
    "get_profiles": models.AppBskyActorGetProfiles.Response,
    "get_author_feed": models.AppBskyFeedGetAuthorFeed.Response,
    "get_author_feed_last": models.AppBskyFeedGetAuthorFeed.Response,
    "get_author_feed_empty": models.AppBskyFeedGetAuthorFeed.Response,
    "get_posts": models.AppBskyFeedGetPosts.Response,
    "get_likes": models.AppBskyFeedGetLikes.Response,
    "get_likes_last": models.AppBskyFeedGetLikes.Response,
    "get_likes_empty": models.AppBskyFeedGetLikes.Response,
    "get_reposted_by": models.AppBskyFeedGetRepostedBy.Response,
    "get_quotes": models.AppBskyFeedGetQuotes.Response,
    "get_post_thread": models.AppBskyFeedGetPostThread.Response,
    "get_post_thread_gone": models.AppBskyFeedGetPostThread.Response,
}
REFUSALS = {"refused", "taken_down"}
PARAMETERS: dict[str, Any] = {
    f"{ACTOR}getProfile": models.AppBskyActorGetProfile.Params,
    f"{ACTOR}getProfiles": models.AppBskyActorGetProfiles.Params,
    f"{FEED}getAuthorFeed": models.AppBskyFeedGetAuthorFeed.Params,
    f"{FEED}getPosts": models.AppBskyFeedGetPosts.Params,
    f"{FEED}getLikes": models.AppBskyFeedGetLikes.Params,
    f"{FEED}getRepostedBy": models.AppBskyFeedGetRepostedBy.Params,
    f"{FEED}getQuotes": models.AppBskyFeedGetQuotes.Params,
    f"{FEED}getPostThread": models.AppBskyFeedGetPostThread.Params,
}
LISTS = {"actors", "uris"}
NUMBERS = {"limit", "depth", "parentHeight"}


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(bluesky.fetch(client, account, since))
    for record in records:
        check_record(bluesky.NETWORK, record)
    return records


def interactions(records: list[Record], direction: Direction) -> list[Interaction]:
    return [
        record
        for record in records
        if isinstance(record, Interaction) and record.direction is direction
    ]


def about_first(records: list[Record], kind: Kind) -> list[Interaction]:
    return [
        record
        for record in interactions(records, Direction.RECEIVED)
        if record.kind is kind and record.post_native_id == FIRST
    ]


@pytest.fixture
def player() -> Player:
    return Player("bluesky", ROUTES)


@pytest.fixture
def records(player: Player) -> list[Record]:
    return fetched(player)


def test_every_recorded_answer_is_what_the_lexicons_say() -> None:
    names = {path.stem for path in (PAYLOADS / "bluesky").glob("*.json")}
    assert names == MODELS.keys() | REFUSALS
    for name, model in MODELS.items():
        parsed = models.get_or_create(payload("bluesky", name), model, strict=True)
        assert isinstance(parsed, model), name


def test_every_question_is_one_that_the_lexicons_know(player: Player) -> None:
    fetched(player, replace(ASTRID, recent_posts=(post_uri("3lk2older2o"),)))
    assert set(player.paths()) == PARAMETERS.keys()
    for request in player.asked:
        asked: dict[str, Any] = {}
        for name, values in parse_qs(request.url.query.decode()).items():
            asked[name] = values if name in LISTS else values[0]
            if name in NUMBERS:
                asked[name] = int(values[0])
        model = PARAMETERS[request.url.path]
        assert asked.keys() <= set(model.model_fields) | {"parentHeight"}
        models.get_or_create(asked, model, strict=True)


def test_the_first_records_are_the_profile_and_its_counts(records: list[Record]) -> None:
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == (did("astrid"), "astrid.bsky.social")
    assert profile.indexable
    assert snapshot == Snapshot(NOW.date(), {"followers": 1840, "following": 212, "posts": 3051})


def test_posts_are_the_accounts_own_and_no_reposts(records: list[Record]) -> None:
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    assert list(posts) == [FIRST, REPLY, SECOND_PART, FIRST_PART]
    first = posts[FIRST]
    assert first.created_at == datetime(2026, 2, 27, 10, tzinfo=UTC)
    assert first.url == f"https://bsky.app/profile/{did('astrid')}/post/3lk2aaaaaaa2a"
    assert first.features.hashtags == ("maps",)
    assert first.features.link_hosts == ("example.org",)
    assert first.features.mentions == (did("bjorn"),)
    assert first.counts == {"likes": 3, "reshares": 2, "comments": 2, "quotes": 1, "saves": 4}
    answered = posts[REPLY].reply_to
    assert answered is not None
    assert answered.handle == "carla.example.org"
    # One's own thread is no answer to anybody.
    assert posts[SECOND_PART].reply_to is None


def test_likes_are_named_and_dated_and_a_date_before_the_post_is_not_believed(
    records: list[Record],
) -> None:
    assert [(like.actor.handle, like.happened_at) for like in about_first(records, Kind.LIKE)] == [
        ("bjorn.example.org", datetime(2026, 2, 27, 10, 5, tzinfo=UTC)),
        ("carla.example.org", datetime(2026, 2, 28, 6, tzinfo=UTC)),
        ("dev.example.org", datetime(2026, 2, 27, 12, tzinfo=UTC)),
    ]


def test_reposts_are_named_without_a_date(records: list[Record]) -> None:
    reposts = about_first(records, Kind.RESHARE)
    assert [repost.actor.native_id for repost in reposts] == [did("bjorn"), did("elif")]
    assert {repost.happened_at for repost in reposts} == {None}


def test_replies_and_quotes_of_others_are_dated(records: list[Record]) -> None:
    (reply,) = about_first(records, Kind.COMMENT)
    assert reply.actor.handle == "carla.example.org"
    assert reply.happened_at == datetime(2026, 2, 27, 11, tzinfo=UTC)
    (quote,) = about_first(records, Kind.QUOTE)
    assert quote.actor.handle == "elif.example.org"


def test_reactors_carry_their_followers_and_unknown_stays_unknown(records: list[Record]) -> None:
    known = {
        record.actor.handle: record.actor.followers
        for record in interactions(records, Direction.RECEIVED)
    }
    assert known == {
        "bjorn.example.org": 320,
        "carla.example.org": 12,
        "elif.example.org": 90500,
        "dev.example.org": None,
    }


def test_followers_are_asked_in_batches_of_25_at_most(player: Player) -> None:
    like = payload("bluesky", "get_likes")["likes"][0]
    likes = [
        {
            **like,
            "actor": {"did": did(f"p{letter}{other}"), "handle": f"{letter}{other}.example.org"},
        }
        for letter in "abcdefgh"
        for other in "bcdefghij"
    ]
    player.routes[f"{FEED}getLikes"] = httpx.Response(200, json={"uri": FIRST, "likes": likes})
    fetched(player)
    sizes = [
        len(parse_qs(request.url.query.decode())["actors"])
        for request in player.asked
        if request.url.path == f"{ACTOR}getProfiles"
    ]
    assert sizes == [25, 25, 25]


def test_what_the_account_did_to_others_is_sent(records: list[Record]) -> None:
    sent = interactions(records, Direction.SENT)
    assert [(record.kind, record.actor.handle) for record in sent] == [
        (Kind.COMMENT, "carla.example.org"),
        (Kind.RESHARE, "dev.example.org"),
    ]
    assert sent[1].happened_at == datetime(2026, 2, 25, 21, 15, tzinfo=UTC)


def test_no_interaction_is_told_twice_and_each_post_comes_before_what_is_on_it(
    records: list[Record],
) -> None:
    ids = [(r.direction, r.native_id) for r in records if isinstance(r, Interaction)]
    assert len(ids) == len(set(ids))
    seen: set[str] = set()
    for record in records:
        if isinstance(record, Post):
            assert record.native_id not in seen
            seen.add(record.native_id)
        elif isinstance(record, Interaction) and record.post_native_id:
            assert record.post_native_id in seen


def test_the_same_answers_give_the_same_records() -> None:
    assert fetched(Player("bluesky", ROUTES)) == fetched(Player("bluesky", ROUTES))


def test_a_later_fetch_asks_only_where_counts_moved(player: Player) -> None:
    counts = {"likes": 3, "reshares": 1, "comments": 2, "quotes": 1, "saves": 4}
    known = {FIRST: counts, SECOND_PART: {"likes": 1}, FIRST_PART: {"comments": 1}}
    fetched(player, replace(ASTRID, recent_counts=known), datetime(2026, 2, 28, tzinfo=UTC))
    asked = [path for path in player.paths() if path.startswith(FEED)]
    assert asked == [f"{FEED}getAuthorFeed", f"{FEED}getRepostedBy", f"{FEED}getAuthorFeed"]


def test_recent_posts_beyond_the_feed_are_counted_again(player: Player) -> None:
    del player.routes[f"{FEED}getAuthorFeed#2"]
    player.routes[f"{FEED}getAuthorFeed"] = "get_author_feed_empty"
    records = fetched(player, replace(ASTRID, recent_posts=(FIRST_PART,)))
    assert [record.native_id for record in records if isinstance(record, Post)] == [FIRST_PART]


def test_a_stored_post_that_is_not_shown_any_more_is_told_as_removed(player: Player) -> None:
    deleted = post_uri("3lk2older2o")
    records = fetched(player, replace(ASTRID, recent_posts=(FIRST, deleted)))
    assert [record for record in records if isinstance(record, Removed)] == [Removed(deleted)]


def test_an_account_without_posts_has_a_profile_and_a_snapshot(player: Player) -> None:
    player.routes[f"{FEED}getAuthorFeed"] = "get_author_feed_empty"
    assert [type(record) for record in fetched(player)] == [Profile, Snapshot]


def test_a_feed_that_repeats_its_cursor_ends(player: Player) -> None:
    player.routes[f"{FEED}getAuthorFeed#2"] = "get_author_feed"
    fetched(player)
    assert player.paths().count(f"{FEED}getAuthorFeed") == 2


def test_a_post_deleted_meanwhile_does_not_stop_the_fetch(player: Player) -> None:
    player.routes[f"{FEED}getPostThread"] = "get_post_thread_gone"
    player.routes[f"{FEED}getLikes"] = "get_likes_empty"
    records = fetched(player)
    assert about_first(records, Kind.COMMENT) == about_first(records, Kind.LIKE) == []


def test_a_profile_that_asks_for_signed_in_readers_only_is_not_indexable() -> None:
    player = Player("bluesky", {f"{ACTOR}getProfile": "get_profile_not_for_strangers"})
    with player.client(URLS) as client:
        assert not bluesky.fetch_profile(client, ASTRID).indexable


def test_a_handle_that_leads_nowhere_is_shown_as_the_did() -> None:
    answer = {**payload("bluesky", "get_profile"), "handle": "handle.invalid"}
    player = Player("bluesky", {f"{ACTOR}getProfile": httpx.Response(200, json=answer)})
    with player.client(URLS) as client:
        assert bluesky.fetch_profile(client, ASTRID).handle == did("astrid")


@pytest.mark.parametrize("stated", ["1970-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "soon", 7])
def test_a_date_that_cannot_be_is_replaced_by_the_appviews(player: Player, stated: Any) -> None:
    feed = payload("bluesky", "get_author_feed")
    feed["feed"][0]["post"]["record"]["createdAt"] = stated
    player.routes[f"{FEED}getAuthorFeed"] = httpx.Response(200, json=feed)
    first = next(record for record in fetched(player) if isinstance(record, Post))
    assert first.created_at == datetime(2026, 2, 27, 10, 0, 1, 412000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((400, "refused"), Gone),
        ((400, "taken_down"), Gone),
        ((404, "refused"), Gone),
        ((500, "refused"), Retry),
        ((429, "refused"), RateLimited),
        (httpx.Response(400, json={"error": "InvalidRequest", "message": "limit"}), BadPayload),
        (httpx.Response(200, text="<html>"), BadPayload),
        (httpx.Response(200, json={"did": "did:plc:short", "handle": "a.example.org"}), BadPayload),
    ],
)
def test_each_refusal_has_its_word(reply: Reply, error: type[ConnectorError]) -> None:
    player = Player("bluesky", {f"{ACTOR}getProfile": reply})
    with player.client(URLS) as client, pytest.raises(error) as raised:
        bluesky.fetch_profile(client, ASTRID)
    assert raised.value.network == "bluesky"


def test_a_missing_field_is_named_with_network_and_path(player: Player) -> None:
    feed = payload("bluesky", "get_author_feed")
    del feed["feed"][0]["post"]["indexedAt"]
    player.routes[f"{FEED}getAuthorFeed"] = httpx.Response(200, json=feed)
    with pytest.raises(BadPayload) as raised:
        fetched(player)
    assert (raised.value.network, raised.value.path) == ("bluesky", f"{FEED}getAuthorFeed")
    assert "indexedAt" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("@Astrid.bsky.social", "astrid.bsky.social"),
        ("astrid.bsky.social", "astrid.bsky.social"),
        ("@example.org", "example.org"),
        ("bsky:example.org", "example.org"),
        ("at://example.org", "example.org"),
        ("https://bsky.app/profile/astrid.bsky.social", "astrid.bsky.social"),
        ("https://bsky.app/profile/example.org/post/3lk2aaaaaaa2a", "example.org"),
        (f"https://bsky.app/profile/{did('astrid')}", did("astrid")),
        (did("astrid"), did("astrid")),
    ],
)
def test_ways_to_write_an_account(text: str, actor: str) -> None:
    account = bluesky.parse_handle(text)
    assert account is not None
    assert (account.native_id or account.handle) == actor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@astrid",
        "astrid",
        "example.org",
        "@astrid@fjord.example",
        "@127.0.0.1",
        "@printer.local",
        "@handle.invalid",
        "https://bsky.app/",
        "https://bsky.app/profile/",
        "https://fjord.example/profile/astrid.bsky.social",
        "did:plc:short",
        "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo",
        "https://[::1/profile/a.b",
    ],
)
def test_what_is_not_an_account_here(text: str) -> None:
    assert bluesky.parse_handle(text) is None
