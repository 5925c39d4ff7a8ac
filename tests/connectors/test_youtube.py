"""YouTube on recorded answers: what is read, what each question costs, and what is kept apart."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine
from pytest_django.fixtures import Settings

from connectors import registry, youtube
from connectors.errors import BadPayload, ConnectorError, Gone, NotAllowed, RateLimited, Relink
from connectors.types import (
    AccountRef,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
)
from connectors.youtube.asking import quota_begins
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"youtube": "https://youtube.example"}
OWN = f"UC{'A' * 22}"
CHART, SKERRY, PRIVATE, STORM = "chart000001", "skerry00002", "private0003", "storm000004"
ASTRID = AccountRef(OWN, "astridmaps", token="a-token")
V3 = "/youtube/v3"
ROUTES: dict[str, Reply] = {
    f"{V3}/channels": "channels",
    f"{V3}/playlists": "playlists",
    f"{V3}/subscriptions": "subscriptions",
    f"{V3}/playlistItems": "playlist_items",
    f"{V3}/playlistItems#2": "playlist_items_last",
    f"{V3}/videos": "videos",
    f"{V3}/commentThreads": "comment_threads",
    f"{V3}/commentThreads#2": "comment_threads_last",
}


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = ASTRID,
    since: datetime | None = None,
    key: str = "our-key",
) -> tuple[list[Record], Player]:
    player = Player("youtube", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        client.key = key
        return list(youtube.fetch(client, account, since)), player


def asked(player: Player, resource: str) -> list[dict[str, str]]:
    """Return the queries of all requests for a list."""
    found = [r for r in player.asked if r.url.path == f"{V3}/{resource}"]
    return [{k: v[0] for k, v in parse_qs(r.url.query.decode()).items()} for r in found]


def posts(records: list[Record]) -> dict[str, Post]:
    return {record.native_id: record for record in records if isinstance(record, Post)}


# --- Handles --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("@astridmaps", AccountRef("", "astridmaps")),
        ("https://www.youtube.com/@astridmaps/videos", AccountRef("", "astridmaps")),
        ("m.youtube.com/@%C3%85se-kart", AccountRef("", "Åse-kart")),
        (f"https://youtube.com/channel/{OWN}", AccountRef(OWN, OWN)),
        (OWN, AccountRef(OWN, OWN)),
    ],
)
def test_a_name_or_an_address_means_a_channel(text: str, account: AccountRef) -> None:
    assert youtube.parse_handle(text) == account


@pytest.mark.parametrize(
    "text",
    [
        *("astridmaps", "@a b", "@ab.", "@astrid.bsky.social", "https://youtube.com/"),
        *(
            "youtube.com/watch?v=chart000001",
            "youtube.com.evil.example/@astridmaps",
            "ftp://youtube.com/@astridmaps",
        ),
        "https://[youtube.com/@astridmaps",
    ],
)
def test_other_texts_are_no_channel(text: str) -> None:
    assert youtube.parse_handle(text) is None


# --- What is read ---------------------------------------------------------------------------------
def test_profile_and_counts_come_first() -> None:
    records, player = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.name) == ("astridmaps", "Astrid paints maps")
    assert profile.url == f"https://www.youtube.com/channel/{OWN}"
    counts = {
        "followers": 18_400,
        "videos": 61,
        "views_ever": 482_113,
        "playlists": 7,
        "subscriptions": 41,
    }
    assert snapshot == Snapshot(date(2026, 11, 20), counts)
    assert asked(player, "channels") == [
        {"part": "snippet,statistics,contentDetails", "mine": "true"}
    ]


def test_hidden_subscribers_are_unknown_and_not_zero() -> None:
    told = payload("youtube", "channels")
    told["items"][0]["statistics"] |= {"hiddenSubscriberCount": True, "subscriberCount": "0"}
    records, _ = fetched({**ROUTES, f"{V3}/channels": httpx.Response(200, json=told)})
    snapshot = records[1]
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["followers"] is None


def test_public_videos_come_with_counts_and_features_but_without_text() -> None:
    found = posts(fetched()[0])
    assert list(found) == [CHART, SKERRY, STORM]
    chart = found[CHART]
    assert chart.text == ""
    assert chart.created_at == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert chart.url == f"https://www.youtube.com/watch?v={CHART}"
    assert chart.features.hashtags == ("maps", "cartography", "ink")
    assert chart.features.link_hosts == ("kart.example",)
    assert (chart.features.language, found[STORM].features.language) == ("nb", "")
    assert chart.counts == {"likes": 312, "comments": 4, "views": 5_210}
    # Their owner shows neither likes nor comments.
    assert found[SKERRY].counts == {"likes": None, "comments": None, "views": 900}


def test_who_commented_is_named_and_dated_but_not_the_owner_or_a_channel_that_is_gone() -> None:
    found = [record for record in fetched()[0] if isinstance(record, Interaction)]
    assert [(i.native_id, i.actor.handle, i.post_native_id) for i in found] == [
        ("comment:Ug01", "bjornmaps", CHART),
        ("comment:Ug04", "cathsails", CHART),
    ]
    assert {i.kind for i in found} == {Kind.COMMENT}
    assert found[0].happened_at == datetime(2026, 11, 19, 19, tzinfo=UTC)
    assert found[0].actor.followers is None


def test_comments_are_asked_for_with_the_sites_key_and_all_else_with_the_owners_token() -> None:
    _, player = fetched()
    for request in player.asked:
        public = request.url.path.endswith("/commentThreads")
        assert request.headers.get("authorization") == (None if public else "Bearer a-token")
        assert request.headers.get("x-goog-api-key") == ("our-key" if public else None)
        assert b"our-key" not in request.url.query
    assert asked(player, "commentThreads")[0] == {
        "part": "snippet",
        "videoId": CHART,
        "order": "time",
        "maxResults": "100",
        "textFormat": "plainText",
    }
    _, without = fetched(key="")
    assert asked(without, "commentThreads") == []


def test_a_whole_first_fetch_costs_few_units() -> None:
    _, player = fetched()
    resources = [path.rpartition("/")[2] for path in player.paths()]
    assert resources == [
        *("channels", "playlists", "subscriptions", "playlistItems", "playlistItems"),
        *("videos", "commentThreads", "commentThreads"),
    ]
    assert asked(player, "videos")[0]["id"] == ",".join((CHART, SKERRY, STORM))


def test_a_channel_that_never_published_anything_is_read_too() -> None:
    for reply in ("playlist_items_empty", (404, "not_found")):
        records, _ = fetched({**ROUTES, f"{V3}/playlistItems": reply})
        assert [type(record) for record in records] == [Profile, Snapshot]


def test_where_comments_are_closed_the_counts_are_told_all_the_same() -> None:
    records, _ = fetched({**ROUTES, f"{V3}/commentThreads": (403, "refused_comments")})
    assert CHART in posts(records)
    assert not any(isinstance(record, Interaction) for record in records)


def test_a_channel_is_looked_up_with_the_key_by_name_or_id() -> None:
    routes = {name: reply for name, reply in ROUTES.items() if "subscriptions" not in name}
    records, player = fetched(routes, account=AccountRef("", "astridmaps"))
    assert asked(player, "channels")[0]["forHandle"] == "@astridmaps"
    assert isinstance(records[0], Profile)
    assert records[0].native_id == OWN
    _, player = fetched(routes, account=AccountRef(OWN, OWN))
    assert asked(player, "channels")[0]["id"] == OWN
    assert not any("authorization" in request.headers for request in player.asked)
    with pytest.raises(NotAllowed):
        fetched(account=AccountRef("", "astridmaps"), key="")
    with pytest.raises(Gone):
        fetched({f"{V3}/channels": "channels_empty"}, account=AccountRef("", "nobody"))


def test_another_channel_than_the_linked_one_is_refused() -> None:
    with pytest.raises(BadPayload, match="another channel"):
        fetched(account=replace(ASTRID, native_id=f"UC{'Z' * 22}"))


# --- Later fetches --------------------------------------------------------------------------------
KNOWN = replace(
    ASTRID,
    recent_posts=(CHART, SKERRY),
    recent_counts={CHART: {"comments": 4}, SKERRY: {"comments": None}},
    older_posts=(STORM,),
)
YESTERDAY = NOW - timedelta(days=1)


def test_a_later_fetch_reads_new_uploads_and_refreshes_what_is_stored_in_one_question() -> None:
    _, player = fetched(account=KNOWN, since=YESTERDAY)
    assert len(asked(player, "playlistItems")) == 1
    (videos,) = asked(player, "videos")
    # What was published before the last fetch, and is not stored, is left alone.
    assert videos["id"] == ",".join((CHART, SKERRY, STORM))
    assert videos["maxResults"] == "50"
    assert asked(player, "commentThreads") == []


def test_only_new_comments_are_read_where_the_count_moved() -> None:
    moved = replace(KNOWN, recent_counts={CHART: {"comments": 3}})
    records, player = fetched(account=moved, since=NOW - timedelta(hours=1))
    assert len(asked(player, "commentThreads")) == 2
    names = [record.native_id for record in records if isinstance(record, Interaction)]
    # Within two days of the last fetch: the store knows what it has.
    assert names == ["comment:Ug01", "comment:Ug04"]


def test_a_video_that_is_deleted_or_made_private_is_removed() -> None:
    known = replace(KNOWN, older_posts=(STORM, PRIVATE, "deleted0005"))
    records, _ = fetched(account=known, since=YESTERDAY)
    gone = [record.native_id for record in records if isinstance(record, Removed)]
    assert gone == [PRIVATE, "deleted0005"]


def test_videos_are_asked_for_by_the_fifty() -> None:
    many = tuple(f"video{n:06}" for n in range(120))
    routes = {
        **ROUTES,
        f"{V3}/playlistItems": "playlist_items_empty",
        f"{V3}/videos": "videos_empty",
    }
    _, player = fetched(routes, account=replace(ASTRID, recent_posts=many), since=YESTERDAY)
    assert [len(query["id"].split(",")) for query in asked(player, "videos")] == [50, 50, 20]


# --- Refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "name", "word"),
    [
        (401, "refused", Relink),
        (403, "refused_scope", Relink),
        (403, "refused_quota", RateLimited),
        (400, "refused_key", NotAllowed),
        (400, "refused_question", BadPayload),
        (404, "not_found", Gone),
    ],
)
def test_a_refusal_has_its_word(status: int, name: str, word: type[ConnectorError]) -> None:
    with pytest.raises(word):
        fetched({**ROUTES, f"{V3}/channels": (status, name)})


def test_a_spent_quota_comes_back_at_midnight_in_california() -> None:
    with pytest.raises(RateLimited) as limited:
        fetched({**ROUTES, f"{V3}/videos": (403, "refused_quota")})
    assert limited.value.resume_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    assert quota_begins(summer) == datetime(2026, 7, 1, 7, tzinfo=UTC)


# --- Terms ----------------------------------------------------------------------------------------
def test_it_is_combined_and_looked_up_only_where_the_operator_states_the_amendment(
    settings: Settings,
) -> None:
    settings.NETWORK_KEYS = {"youtube": "our-key"}
    settings.NETWORK_AMENDMENTS = {"YOUTUBE_AMENDMENT": ""}
    policy = registry.network("youtube").policy
    assert not policy.may_combine
    assert "YouTube's terms forbid" in policy.apart_because
    assert not registry.may_look_up("youtube")
    settings.NETWORK_AMENDMENTS = {"YOUTUBE_AMENDMENT": "2026-11-02"}
    policy = registry.network("youtube").policy
    assert (policy.may_combine, policy.apart_because) == (True, "")
    assert registry.may_look_up("youtube")
    settings.NETWORK_KEYS = {"youtube": ""}
    assert not registry.may_look_up("youtube")
    # The declaration itself, and the page made from it, stay as they are.
    assert not youtube.NETWORK.policy.may_combine
    assert youtube.NETWORK.policy.retention_days == 30
