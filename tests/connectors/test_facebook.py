"""Pages of Facebook on recorded answers: what is read, how often, and what is left alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import facebook
from connectors.errors import BadPayload, NotAllowed
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
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"facebook": "https://graph.facebook.example"}
PAGE = "104000000000101"
CHARTS = AccountRef(PAGE, "fjordcharts", token="a-token")
CHART, OLD = f"{PAGE}_900003", f"{PAGE}_900002"
ROUTES: dict[str, Reply] = {
    "/v26.0/me": "me",
    "/v26.0/me/insights": "me_insights",
    "/v26.0/me/published_posts": "posts",
    "/v26.0/me/published_posts#2": "posts_last",
    f"/v26.0/{OLD}/comments": "comments",
    "/v26.0/me/tagged": "tagged",
}


class Pages(Player):
    """Answers one path by what is asked there: 28 days together, or day by day."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("metric") == "page_daily_follows":
            self.asked.append(request)
            return httpx.Response(200, json=payload("facebook", "follows"))
        return super().handle_request(request)


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = CHARTS,
    since: datetime | None = None,
) -> tuple[list[Record], Player]:
    player = Pages("facebook", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        return list(facebook.fetch(client, account, since)), player


def of(records: list[Record], kind: Kind) -> dict[str, Interaction]:
    return {r.native_id: r for r in records if isinstance(r, Interaction) and r.kind is kind}


@pytest.mark.parametrize(
    "text", ["https://www.facebook.com/FjordCharts/", "facebook.com/fjordcharts?ref=1"]
)
def test_an_address_means_a_page(text: str) -> None:
    assert facebook.parse_handle(text) == AccountRef("", "fjordcharts")


@pytest.mark.parametrize(
    "text",
    [
        *("@fjordcharts", "fjordcharts", "https://www.facebook.com/groups/7", "facebook.com/abc"),
        *("https://facebook.com.evil.example/fjordcharts", "ftp://facebook.com/fjordcharts"),
        *("https://[facebook.com/fjordcharts", "facebook.com/profile.php?id=7"),
    ],
)
def test_other_texts_are_no_page(text: str) -> None:
    assert facebook.parse_handle(text) is None


def test_a_page_is_a_brand_and_its_counts_come_first() -> None:
    records, _ = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.name, profile.is_brand) == ("fjordcharts", "Fjord Charts", True)
    counts = {
        "followers": 8120,
        "page_likes": 7990,
        "talking": 140,
        "were_here": 0,
        "checkins_here": 12,
        "ratings": 31,
        "month_views": 31200,
        "month_reach": 9100,
        "engaged_actions": 820,
        "follows_gained": 11,
    }
    assert snapshot == Snapshot(date(2026, 11, 20), counts)


def test_posts_come_with_counts_and_reactions_by_kind() -> None:
    records, player = fetched()
    chart, old = (record for record in records if isinstance(record, Post))
    assert (chart.native_id, old.native_id) == (CHART, OLD)
    assert chart.counts == {
        "likes": 88,
        "comments": 3,
        "reshares": 9,
        "reach": 2400,
        "link_clicks": 31,
        "loves": 12,
        "wows": 6,
        # Of the kinds that are told, one that nobody chose is 0.
        "hahas": 0,
        "sorrys": 0,
        "angers": 0,
    }
    assert chart.features.hashtags == ("fog",)
    assert chart.features.link_hosts == ("kart.example",)
    # Never shared is left out and 0; insights that are not told are unknown.
    told = {"likes": 5, "comments": 60, "reshares": 0}
    assert old.counts == {**dict.fromkeys(chart.counts), **told}
    # The post of last winter ends the list: nothing before it is asked for.
    assert player.paths().count("/v26.0/me/published_posts") == 2
    query = parse_qs(player.asked[3].url.query.decode())
    assert "comments.limit(50).summary(total_count)" in query["fields"][0]


def test_comments_and_tags_name_who_wrote_where_facebook_says() -> None:
    records, player = fetched()
    comments = of(records, Kind.COMMENT)
    # The Page's own answer, and a comment whose author is not told, are nobody's reaction.
    assert {name: c.actor.name for name, c in comments.items()} == {
        "comment:900003_2": "Sigrid Måløy",
        "comment:900002_1": "Sigrid Måløy",
        "comment:900002_0": "Liv Odden",
    }
    assert comments["comment:900003_2"].happened_at == datetime(2026, 11, 19, 11, 20, tzinfo=UTC)
    assert comments["comment:900003_2"].actor.native_id == "6367000000000002"
    (mention,) = of(records, Kind.MENTION).values()
    assert mention.actor.name == "Pilot Station"
    assert f"/v26.0/{OLD}/comments" in player.paths()


def test_a_later_sync_reads_a_month_and_removes_what_is_no_longer_listed() -> None:
    known = replace(
        CHARTS, recent_posts=(CHART, "gone"), recent_counts={CHART: {"comments": 3}, "gone": {}}
    )
    records, player = fetched(account=known, since=datetime(2026, 11, 19, tzinfo=UTC))
    assert [r.native_id for r in records if isinstance(r, Post)] == [CHART]
    assert [r.native_id for r in records if isinstance(r, Removed)] == ["gone"]
    assert not any(path.endswith("/comments") for path in player.paths())


def test_what_this_access_does_not_open_is_left_out() -> None:
    class Choosy(Pages):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if "insights" in str(request.url):
                self.asked.append(request)
                return httpx.Response(403, json=payload("facebook", "refused_permission"))
            return super().handle_request(request)

    routes: dict[str, Reply] = {**ROUTES, "/v26.0/me/tagged": (403, "refused_permission")}
    player = Choosy("facebook", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(facebook.fetch(client, CHARTS, None))
    snapshot = next(record for record in records if isinstance(record, Snapshot))
    assert "month_views" not in snapshot.counts
    assert "follows_gained" not in snapshot.counts
    # The posts are asked for again, without their insights.
    assert sum(isinstance(record, Post) for record in records) == 2
    assert of(records, Kind.COMMENT)
    assert not of(records, Kind.MENTION)


def test_without_a_token_or_with_anothers_nothing_is_read() -> None:
    player = Pages("facebook", ROUTES)
    stranger = AccountRef("", "fjordcharts")
    with player.client(URLS) as client:
        with pytest.raises(NotAllowed):
            facebook.fetch_profile(client, stranger)
        with pytest.raises(NotAllowed):
            list(facebook.fetch(client, stranger, None))
    assert player.asked == []
    with pytest.raises(BadPayload, match="another account"):
        fetched(account=replace(CHARTS, native_id="1"))
