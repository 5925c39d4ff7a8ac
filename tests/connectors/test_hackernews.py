"""Hacker News' answers: users of its own API, hits and threads of its search."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import hackernews
from connectors.checks import check_record
from connectors.errors import BadPayload, Gone
from connectors.hackernews.payloads import nodes_of, parse_handle
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

NOW = datetime(2026, 2, 28, 12, tzinfo=UTC)
URLS = {
    "hackernews": "https://site.example",
    "hackernews_search": "https://search.example",
}
ASTRID = AccountRef("astrid_k", "astrid_k")
USER, SEARCH = "/v0/user/astrid_k.json", "/api/v1/search_by_date"
ROUTES: dict[str, Reply] = {
    USER: "user",
    SEARCH: "search",
    f"{SEARCH}#2": "search_last",
    "/api/v1/items/4001": "thread_own",
    "/api/v1/items/4800": "thread_other",
}
# What the site says of somebody or something that is not there.
NOBODY = httpx.Response(200, content=b"null")
# Every question that may be asked, with the parameters that the documents name.
DOCUMENTED = {
    "/v0/user/": frozenset[str](),
    "/v0/item/": frozenset[str](),
    "/api/v1/items/": frozenset[str](),
    SEARCH: frozenset({"tags", "numericFilters", "hitsPerPage", "page"}),
}


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(hackernews.fetch(client, account, since))
    for record in records:
        check_record(hackernews.NETWORK, record)
    return records


def played(**routes: Reply) -> Player:
    return Player("hackernews", {**ROUTES, **routes})


def acts(records: list[Record], direction: Direction) -> dict[str, Interaction]:
    return {
        record.native_id: record
        for record in records
        if isinstance(record, Interaction) and record.direction is direction
    }


def test_a_user_is_read_with_karma_and_the_number_of_things_written() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert profile.url == "https://news.ycombinator.com/user?id=astrid_k"
    assert profile.bio == "Compilers & bread.\nklout: astrid.example"
    assert profile.created_at == datetime.fromtimestamp(1500000000, UTC)
    assert snapshot == Snapshot(NOW.date(), {"karma": 812, "posts": 4})


def test_stories_and_comments_are_posts_with_what_may_be_known_of_them() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    assert set(posts) == {"4001", "3001", "4003", "4002", "4111"}
    story = posts["4001"]
    # The author's own point is not somebody's vote.
    assert story.counts == {"votes": 40, "comments": 3}
    assert story.text == "A parser in a page"
    assert story.features.link_hosts == ("astrid.example",)
    assert (
        posts["3001"].text
        == "Ask HN: What do you bake?\nOn Sundays & holidays.\nSee bread.example/a"
    )
    assert posts["3001"].features.link_hosts == ("bread.example",)
    comment = posts["4003"]
    assert comment.counts == {"votes": None, "comments": 1}
    assert comment.reply_to is not None
    assert comment.reply_to.handle == "mira_ito"
    assert comment.features.link_hosts == ("astrid.example",)
    # Its parent was deleted: whom it answers is not known any more.
    assert posts["4002"].reply_to is None


def test_who_answered_is_named_with_the_date_and_the_post() -> None:
    received = acts(fetched(played()), Direction.RECEIVED)
    assert {name: (act.actor.handle, act.post_native_id) for name, act in received.items()} == {
        "comment:4101": ("jonas-b", "4001"),
        "comment:4102": ("mira_ito", "4001"),
        "comment:4112": ("jonas-b", "4111"),
        "comment:4120": ("mira_ito", "4003"),
    }
    assert received["comment:4120"].happened_at == NOW - timedelta(minutes=30)
    sent = acts(fetched(played()), Direction.SENT)
    assert {name: act.actor.handle for name, act in sent.items()} == {
        "sent:4003": "mira_ito",
        "sent:4111": "jonas-b",
    }
    assert all(act.kind is Kind.COMMENT for act in (*received.values(), *sent.values()))


def test_later_syncs_read_only_threads_that_may_have_moved() -> None:
    known = replace(
        ASTRID,
        recent_posts=("4001", "3001"),
        recent_counts={"4001": {"votes": 38, "comments": 3}, "3001": {"comments": 0}},
    )
    player = played()
    records = fetched(player, known, NOW - timedelta(days=1))
    assert [path for path in player.paths() if "items" in path] == ["/api/v1/items/4800"]
    # The story's votes are told all the same.
    assert any(isinstance(r, Post) and r.native_id == "4001" for r in records)
    grown = replace(known, recent_counts={"4001": {"comments": 2}})
    player = played()
    fetched(player, grown, NOW - timedelta(days=1))
    assert "/api/v1/items/4001" in player.paths()


def test_stored_posts_that_the_site_has_deleted_go() -> None:
    known = replace(ASTRID, recent_posts=("77", "78", "79", "not-a-number"))
    routes: dict[str, Reply] = {
        "/v0/item/77.json": "item_deleted",
        "/v0/item/78.json": "item",
        "/v0/item/79.json": NOBODY,
    }
    player = played(**routes)
    gone = [r for r in fetched(player, known, NOW - timedelta(days=1)) if isinstance(r, Removed)]
    assert gone == [Removed("77"), Removed("79")]


def test_a_thread_that_went_meanwhile_leaves_the_rest() -> None:
    records = fetched(played(**{"/api/v1/items/4800": (404, "thread_gone")}))
    assert any(isinstance(r, Interaction) and r.post_native_id == "4001" for r in records)


def test_an_account_that_wrote_nothing_has_a_profile_and_counts_alone() -> None:
    player = Player("hackernews", {USER: "user_stays_away", SEARCH: "search_empty"})
    profile, snapshot = fetched(player)
    assert isinstance(profile, Profile)
    assert not profile.indexable
    assert snapshot == Snapshot(NOW.date(), {"karma": 0, "posts": 0})


def test_nobody_is_gone_and_a_stated_minor_is_told() -> None:
    with pytest.raises(Gone):
        fetched(played(**{USER: NOBODY}))
    profile = fetched(played(**{USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor


def test_another_account_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(BadPayload):
        fetched(played(**{"/v0/user/astrid_K.json": "user"}), AccountRef("astrid_K", "astrid_K"))


def test_a_thread_of_any_depth_is_read() -> None:
    deep: dict[str, object] = {"id": 1, "created_at_i": 1, "author": "a1", "children": []}
    for number in range(2, 5000):
        deep = {"id": number, "created_at_i": 1, "author": "a1", "children": [deep]}
    assert len(list(nodes_of(deep, "/"))) == 4999


def test_a_time_beyond_the_calendar_is_named() -> None:
    thread = payload("hackernews", "thread_own") | {"created_at_i": 10**18}
    answer = httpx.Response(200, json=thread)
    with pytest.raises(BadPayload, match="created_at_i"):
        fetched(played(**{"/api/v1/items/4001": answer}))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hn:astrid_k", "astrid_k"),
        (" HN:@astrid_k ", "astrid_k"),
        ("hackernews:pg", "pg"),
        ("https://news.ycombinator.com/user?id=astrid_k", "astrid_k"),
        ("astrid_k", None),
        ("@astrid_k", None),
        ("hn:a b", None),
        ("hn:" + "x" * 26, None),
        ("https://news.ycombinator.com/item?id=1", None),
        ("https://evil.example/user?id=astrid_k", None),
        ("https://[bad/user?id=astrid_k", None),
    ],
)
def test_handles_and_addresses_are_understood(text: str, name: str | None) -> None:
    found = parse_handle(text)
    assert (found.handle if found else None) == name


def test_only_documented_questions_are_asked() -> None:
    player = played(**{"/v0/item/77.json": "item_deleted"})
    fetched(player, replace(ASTRID, recent_posts=("77",)))
    for request in player.asked:
        allowed = next(v for k, v in DOCUMENTED.items() if request.url.path.startswith(k))
        assert parse_qs(request.url.query.decode()).keys() <= allowed, request.url
        assert "authorization" not in request.headers
