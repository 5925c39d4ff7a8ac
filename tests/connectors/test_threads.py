"""Threads on recorded answers: what is read, how often, and what is left alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import threads
from connectors.errors import BadPayload, NotAllowed, RateLimited
from connectors.threads.visit import is_due
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
URLS = {"threads": "https://graph.threads.example"}
ASTRID = AccountRef("26001001", "astrid.kart", token="a-token")
CHART, OLD = "18030000000000003", "18030000000000002"
ROUTES: dict[str, Reply] = {
    "/v1.0/me": "me",
    "/v1.0/me/threads_insights": "followers",
    "/v1.0/me/threads": "posts",
    "/v1.0/me/threads#2": "posts_last",
    f"/v1.0/{CHART}/insights": "insights",
    f"/v1.0/{OLD}/insights": "insights_empty",
    f"/v1.0/{CHART}/replies": "replies",
    "/v1.0/me/mentions": "mentions",
}


class Threads(Player):
    """Answers one path by what is asked there: the followers, or the views of a span of days."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("metric") == "views":
            self.asked.append(request)
            return httpx.Response(200, json=payload("threads", "views"))
        return super().handle_request(request)


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = ASTRID,
    since: datetime | None = None,
) -> tuple[list[Record], Player]:
    player = Threads("threads", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        return list(threads.fetch(client, account, since)), player


def of(records: list[Record], kind: Kind) -> dict[str, Interaction]:
    return {r.native_id: r for r in records if isinstance(r, Interaction) and r.kind is kind}


@pytest.mark.parametrize(
    "text",
    ["https://www.threads.com/@astrid.kart", "threads.net/@Astrid.Kart/post/Fog3?x=1"],
)
def test_an_address_means_an_account(text: str) -> None:
    assert threads.parse_handle(text) == AccountRef("", "astrid.kart")


@pytest.mark.parametrize(
    "text",
    [
        *("@astrid.kart", "astrid.kart", "https://www.threads.com/search", "threads.net"),
        *("https://threads.net.evil.example/@astrid", "ftp://threads.net/@astrid"),
        *("https://[threads.net/@astrid", "threads.net/@astrid."),
    ],
)
def test_other_texts_are_no_account_of_threads(text: str) -> None:
    assert threads.parse_handle(text) is None


def test_profile_followers_and_a_months_views_come_first() -> None:
    records, _ = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.url) == ("astrid.kart", "https://www.threads.com/@astrid.kart")
    assert snapshot == Snapshot(date(2026, 11, 20), {"followers": 1530, "month_views": 205})


def test_posts_come_with_counts_and_what_others_wrote_is_no_post_of_ones_own() -> None:
    records, _ = fetched()
    chart, old = (record for record in records if isinstance(record, Post))
    assert (chart.native_id, old.native_id) == (CHART, OLD)
    assert chart.counts == {"likes": 33, "reshares": 5, "comments": 3, "quotes": 1, "views": 812}
    assert chart.features.hashtags == ("charts",)
    assert chart.features.mentions == ("pilot.station",)
    assert chart.features.link_hosts == ("kart.example",)
    # Not told is unknown.
    assert old.counts == dict.fromkeys(chart.counts)
    assert old.text == ""


def test_replies_and_mentions_name_who_wrote_and_a_reply_is_no_mention_as_well() -> None:
    records, player = fetched()
    (reply,) = of(records, Kind.COMMENT).values()
    assert (reply.actor.native_id, reply.actor.handle) == ("sigrid.maal", "Sigrid.Maal")
    assert reply.happened_at == datetime(2026, 11, 19, 11, tzinfo=UTC)
    assert reply.post_native_id == CHART
    (mention,) = of(records, Kind.MENTION).values()
    assert (mention.actor.native_id, mention.post_native_id) == ("liv.odden", None)
    assert f"/v1.0/{OLD}/replies" not in player.paths()


def test_a_later_sync_asks_little_and_removes_what_is_no_longer_listed() -> None:
    known = replace(
        ASTRID,
        recent_posts=(CHART, OLD, "gone"),
        recent_counts={CHART: {"comments": 3}, OLD: {}, "gone": {}},
    )
    records, player = fetched(account=known, since=datetime(2026, 11, 19, tzinfo=UTC))
    assert [r.native_id for r in records if isinstance(r, Removed)] == ["gone"]
    # Nobody is asked who replied where the number of replies is as it was.
    assert f"/v1.0/{CHART}/replies" not in player.paths()
    # Counts of an older post are read once a week.
    day = datetime(2026, 10, 28, 7, 30, tzinfo=UTC)
    assert (f"/v1.0/{OLD}/insights" in player.paths()) == is_due(OLD, day, NOW)


def test_counts_are_read_daily_at_first_then_every_third_day_then_weekly() -> None:
    days = [NOW + timedelta(days=n) for n in range(21)]
    for age, times in ((1, 21), (5, 7), (20, 3)):
        due = [is_due("17", day - timedelta(days=age), day) for day in days]
        assert sum(due) == times
    assert is_due("no-number", NOW, NOW)


def test_what_this_access_does_not_open_is_asked_once_and_left_out() -> None:
    refused: Reply = (403, "refused_permission")
    routes = dict.fromkeys(ROUTES, refused)
    routes |= {name: ROUTES[name] for name in ("/v1.0/me", "/v1.0/me/threads")}
    routes["/v1.0/me/threads#2"] = "posts_last"
    records, player = fetched(routes)
    snapshot = next(record for record in records if isinstance(record, Snapshot))
    assert snapshot.counts == {"followers": None, "month_views": None}
    posts = [record for record in records if isinstance(record, Post)]
    assert len(posts) == 2
    assert all(set(post.counts.values()) == {None} for post in posts)
    assert sum(path.endswith("/insights") for path in player.paths()) == 1
    # Without counts the post itself says that it has replies; they are refused as well.
    assert sum(path.endswith("/replies") for path in player.paths()) == 1
    assert not any(isinstance(record, Interaction) for record in records)


def test_a_post_that_went_meanwhile_costs_only_itself() -> None:
    gone: Reply = (400, "gone")
    records, _ = fetched({**ROUTES, f"/v1.0/{CHART}/replies": gone, f"/v1.0/{OLD}/insights": gone})
    assert sum(isinstance(record, Post) for record in records) == 2
    assert of(records, Kind.MENTION)


def test_a_limit_in_the_middle_ends_the_fetch() -> None:
    limited = httpx.Response(400, json={"error": {"code": 4}})
    with pytest.raises(RateLimited):
        fetched({**ROUTES, f"/v1.0/{CHART}/replies": limited})


def test_without_a_token_or_with_anothers_nothing_is_read() -> None:
    player = Threads("threads", ROUTES)
    stranger = AccountRef("", "astrid.kart")
    with player.client(URLS) as client:
        with pytest.raises(NotAllowed):
            threads.fetch_profile(client, stranger)
        with pytest.raises(NotAllowed):
            list(threads.fetch(client, stranger, None))
    assert player.asked == []
    with pytest.raises(BadPayload, match="another account"):
        fetched(account=replace(ASTRID, native_id="1"))
