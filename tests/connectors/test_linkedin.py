"""LinkedIn on recorded answers: one's own data only, as far as its products were granted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine

from connectors import linkedin
from connectors.errors import BadPayload, NotAllowed, Relink
from connectors.linkedin.payloads import urn_of
from connectors.types import AccountRef, Post, Profile, Record, Snapshot
from tests.connectors.players import Player, Reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"linkedin": "https://api.linkedin.example"}
ASTRID = AccountRef("782bbtaQ", "Astrid Fjord", token="a-token")
CHART = "urn:li:share:7130000000000000001"
APPRENTICE = "urn:li:ugcPost:7120000000000000002"
HELLO = "urn:li:share:6900000000000000003"
DATA, COUNTS = "/rest/memberSnapshotData", "/rest/memberCreatorPostAnalytics"


def part(domain: str, page: int = 0) -> str:
    """Return the question for a page of a part of the member's data."""
    return f"{DATA}?q=criteria&domain={domain}&start={page}"


ROUTES: dict[str, Reply] = {
    "/v2/userinfo": "userinfo",
    "/rest/memberFollowersCount": "followers",
    part("MEMBER_SHARE_INFO"): "shares",
    part("MEMBER_SHARE_INFO", 1): "shares_last",
    part("CONNECTIONS"): "connections",
    part("SKILLS"): "skills",
    part("GROUPS"): (404, "nothing_empty"),
    COUNTS: "count",
}


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    since: datetime | None = None,
    account: AccountRef = ASTRID,
) -> tuple[list[Record], Player]:
    player = Player("linkedin", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        return list(linkedin.fetch(client, account, since)), player


def test_profile_and_counts_come_first_and_of_others_only_how_many() -> None:
    records, player = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle, profile.url) == ("782bbtaQ", "Astrid Fjord", "")
    counts = {"followers": 2140, "connections": 3, "skills": 2, "groups": 0}
    assert snapshot == Snapshot(date(2026, 11, 20), counts)
    assert {request.headers["authorization"] for request in player.asked} == {"Bearer a-token"}
    for request in player.asked[1:]:
        assert request.headers["linkedin-version"] == "202606"
        assert request.headers["x-restli-protocol-version"] == "2.0.0"


def test_posts_come_with_counts_and_features_but_without_text() -> None:
    records, player = fetched()
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    # What only contacts see is not read.
    assert list(posts) == [CHART, APPRENTICE, HELLO]
    chart = posts[CHART]
    assert chart.created_at == datetime(2026, 11, 18, 8, 15, tzinfo=UTC)
    assert chart.text == ""
    assert (chart.features.hashtags, chart.features.link_hosts) == (("maps",), ("kart.example",))
    assert chart.counts == dict.fromkeys(("likes", "comments", "reshares", "saves", "views"), 12)
    # Older than a month: no longer counted, which is not zero.
    assert posts[HELLO].counts == {}
    asked = [request for request in player.asked if request.url.path == COUNTS]
    queries = [request.url.query.decode() for request in asked]
    assert len(queries) == 10
    assert queries[0] == (
        "q=entity&entity=(share:urn%3Ali%3Ashare%3A7130000000000000001)"
        "&queryType=REACTION&aggregation=TOTAL"
    )
    assert "entity=(ugc:urn%3Ali%3AugcPost%3A" in queries[5]
    metrics = {parse_qs(query)["queryType"][0] for query in queries}
    assert metrics == {"REACTION", "COMMENT", "RESHARE", "POST_SAVE", "IMPRESSION"}


def test_a_later_fetch_leaves_posts_older_than_a_month_alone() -> None:
    records, _ = fetched(since=NOW - timedelta(days=1))
    assert [r.native_id for r in records if isinstance(r, Post)] == [CHART, APPRENTICE]


def test_young_posts_beyond_those_that_are_counted_are_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linkedin, "MOST_COUNTED", 1)
    for since in (None, NOW - timedelta(days=1)):
        posts = {r.native_id: r for r in fetched(since=since)[0] if isinstance(r, Post)}
        assert posts[CHART].counts["likes"] == 12
        assert posts[APPRENTICE].counts == {}
    # Stored: told anew without counts it would lose those that it has.
    stored = replace(ASTRID, recent_posts=(CHART, APPRENTICE))
    records, _ = fetched(since=NOW - timedelta(days=1), account=stored)
    assert [r.native_id for r in records if isinstance(r, Post)] == [CHART]


def test_a_count_that_is_not_told_is_unknown() -> None:
    records, _ = fetched({**ROUTES, COUNTS: "count_empty"})
    posts = [record for record in records if isinstance(record, Post)]
    assert set(posts[0].counts.values()) == {None}


@pytest.mark.parametrize(
    ("refused", "known"),
    [
        ((DATA,), {"followers"}),
        (("/rest/memberFollowersCount", COUNTS), {"connections", "skills", "groups"}),
        ((DATA, "/rest/memberFollowersCount", COUNTS), set()),
    ],
    ids=["no portability", "no analytics", "identity only"],
)
def test_what_was_not_granted_is_asked_once_and_stays_unknown(
    refused: tuple[str, ...], known: set[str]
) -> None:
    routes = {k: v for k, v in ROUTES.items() if k.partition("?")[0] not in refused}
    records, player = fetched({**routes, **dict.fromkeys(refused, (403, "refused_product"))})
    snapshot = records[1]
    assert isinstance(snapshot, Snapshot)
    assert {name for name, value in snapshot.counts.items() if value is not None} == known
    for path in refused:
        assert player.paths().count(path) <= 1


def test_a_refused_token_asks_to_link_again_and_without_one_nothing_is_asked() -> None:
    with pytest.raises(Relink):
        fetched({**ROUTES, part("SKILLS"): (401, "refused")})
    player = Player("linkedin", ROUTES)
    with player.client(URLS) as client, pytest.raises(NotAllowed):
        linkedin.fetch_profile(client, replace(ASTRID, token=""))
    assert player.asked == []


def test_another_member_than_the_linked_one_is_refused() -> None:
    player = Player("linkedin", ROUTES)
    with player.client(URLS) as client, pytest.raises(BadPayload, match="another member"):
        linkedin.fetch_profile(client, replace(ASTRID, native_id="other"))


@pytest.mark.parametrize(
    ("address", "urn"),
    [
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A71", "urn:li:share:71"),
        ("https://www.linkedin.com/feed/update/urn:li:activity:71/", "urn:li:activity:71"),
        ("https://www.linkedin.com/in/astrid", None),
        ("", None),
    ],
)
def test_a_post_is_named_in_its_address(address: str, urn: str | None) -> None:
    assert urn_of(address) == urn
