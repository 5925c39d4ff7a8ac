"""Mastodon's answers, read strictly: recorded shapes, invented people."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import mastodon
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Relink, Retry
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

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCOUNT = "/api/v1/accounts/109300000000000001"
FIRST, REPLY, QUIET = "114100000000000010", "114100000000000009", "114000000000000004"
STATUS = f"/api/v1/statuses/{FIRST}"
ROUTES: dict[str, Reply] = {
    "/api/v1/accounts/lookup": "account",
    f"{ACCOUNT}/statuses": "statuses",
    f"{ACCOUNT}/statuses#2": "statuses_last",
    f"{STATUS}/favourited_by": "favourited_by",
    f"{STATUS}/favourited_by#2": "favourited_by_last",
    f"{STATUS}/reblogged_by": "reblogged_by",
    f"{STATUS}/context": "context",
    "/api/v1/notifications": "notifications",
}
ASTRID = AccountRef("astrid@fjord.example", "astrid@fjord.example", server="fjord.example")


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client() as client:
        records = list(mastodon.fetch(client, account, since))
    for record in records:
        check_record(mastodon.NETWORK, record)
    return records


def received(records: list[Record], kind: Kind) -> list[Interaction]:
    return [
        record
        for record in records
        if isinstance(record, Interaction)
        and record.kind is kind
        and record.direction is Direction.RECEIVED
    ]


@pytest.fixture
def player() -> Player:
    return Player("mastodon", ROUTES)


@pytest.fixture
def records(player: Player) -> list[Record]:
    return fetched(player)


def test_the_first_records_are_the_profile_and_its_counts(records: list[Record]) -> None:
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert profile.native_id == profile.handle == "astrid@fjord.example"
    assert profile.bio == "Hydrographer.\nMaps & tides."
    assert profile.url == "https://fjord.example/@astrid"
    assert profile.indexable
    assert not profile.states_minor
    assert snapshot == Snapshot(NOW.date(), {"followers": 740, "following": 180, "posts": 1510})


def test_posts_are_public_ones_with_their_features_and_unknown_apart_from_zero(
    records: list[Record],
) -> None:
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    assert list(posts) == [FIRST, REPLY, QUIET]
    first = posts[FIRST]
    assert first.text.startswith("Tide tables for the fjord, redrawn. #maps\n")
    assert first.features.hashtags == ("maps",)
    assert first.features.mentions == ("carla@havn.example",)
    assert first.features.link_hosts == ("example.org",)
    assert first.features.language == "en"
    assert first.counts == {"likes": 3, "reshares": 2, "comments": 2, "quotes": 1}
    assert posts[QUIET].counts == {"likes": 0, "reshares": 0, "comments": 0, "quotes": None}


def test_people_who_favourited_are_named_across_pages_with_their_audience(
    records: list[Record],
) -> None:
    likes = received(records, Kind.LIKE)
    assert [(like.actor.native_id, like.actor.followers) for like in likes] == [
        ("bjorn@fjord.example", 55),
        ("carla@havn.example", 4100),
        # -1 says that the count is hidden: unknown, not less than nothing.
        ("dev@kyst.example", None),
    ]
    assert all(like.post_native_id == FIRST and like.happened_at is None for like in likes)


def test_replies_are_direct_ones_of_others_with_a_date_between_post_and_now(
    records: list[Record],
) -> None:
    replies = received(records, Kind.COMMENT)
    assert [(reply.actor.handle, reply.happened_at) for reply in replies] == [
        ("carla@havn.example", datetime(2026, 2, 27, 11, tzinfo=UTC)),
        ("dev@kyst.example", datetime(2026, 2, 27, 10, tzinfo=UTC)),
    ]


def test_an_answer_to_somebody_is_an_interaction_sent(records: list[Record]) -> None:
    sent = [
        record
        for record in records
        if isinstance(record, Interaction) and record.direction is Direction.SENT
    ]
    assert [(record.kind, record.actor.handle, record.post_native_id) for record in sent] == [
        (Kind.COMMENT, "carla@havn.example", REPLY)
    ]


def test_a_post_without_reactions_is_not_asked_about(player: Player) -> None:
    fetched(player)
    assert not any(QUIET in path for path in player.paths())


def test_a_later_fetch_asks_only_where_counts_moved(player: Player) -> None:
    known = {FIRST: {"likes": 2, "reshares": 2, "comments": 2, "quotes": 1}}
    account = replace(ASTRID, recent_posts=(FIRST,), recent_counts=known)
    records = fetched(player, account, since=datetime(2026, 2, 28, tzinfo=UTC))
    asked = [path for path in player.paths() if path.startswith(STATUS)]
    assert asked == [f"{STATUS}/favourited_by"] * 2
    assert received(records, Kind.RESHARE) == []
    assert len(received(records, Kind.LIKE)) == 3


def test_the_owners_notifications_date_favourites_and_add_follows_mentions_and_quotes(
    player: Player,
) -> None:
    records = fetched(player, replace(ASTRID, token="owner-token"))
    dates = {like.actor.handle: like.happened_at for like in received(records, Kind.LIKE)}
    assert dates["bjorn@fjord.example"] == datetime(2026, 2, 27, 10, 20, tzinfo=UTC)
    assert dates["dev@kyst.example"] is None
    assert [record.actor.handle for record in received(records, Kind.FOLLOW)] == [
        "dev@kyst.example"
    ]
    (mention,) = received(records, Kind.MENTION)
    assert mention.native_id == "mention:114100000000000030"
    (quote,) = received(records, Kind.QUOTE)
    assert (quote.actor.handle, quote.post_native_id) == ("carla@havn.example", FIRST)
    # An older post that is not listed any more comes with its favourite.
    older = [record for record in records if isinstance(record, Post)][-1]
    assert older.native_id == "113000000000000001"
    assert {like.post_native_id for like in received(records, Kind.LIKE)} == {
        FIRST,
        older.native_id,
    }


def test_nothing_private_is_read_with_the_owners_token(player: Player) -> None:
    records = fetched(player, replace(ASTRID, token="owner-token"))
    shown = repr(records)
    assert "Only for followers" not in shown
    assert "114100000000000008" not in shown
    assert "114100000000000031" not in shown


def test_the_token_is_sent_to_the_server_only(player: Player) -> None:
    fetched(player, replace(ASTRID, token="owner-token"))
    assert {request.url.host for request in player.asked} == {"fjord.example"}
    assert {request.headers["authorization"] for request in player.asked} == {"Bearer owner-token"}


def test_no_interaction_is_told_twice_and_each_post_comes_before_what_is_on_it(
    player: Player,
) -> None:
    records = fetched(player, replace(ASTRID, token="owner-token"))
    ids = [record.native_id for record in records if isinstance(record, Interaction)]
    assert len(ids) == len(set(ids))
    seen: set[str] = set()
    for record in records:
        if isinstance(record, Post):
            assert record.native_id not in seen
            seen.add(record.native_id)
        elif isinstance(record, Interaction) and record.post_native_id:
            assert record.post_native_id in seen


def test_the_same_answers_give_the_same_records() -> None:
    account = replace(ASTRID, token="owner-token")
    assert fetched(Player("mastodon", ROUTES), account) == fetched(
        Player("mastodon", ROUTES), account
    )


def test_a_stored_post_that_is_gone_or_private_is_told_as_removed(player: Player) -> None:
    listed, gone, hidden, beyond = FIRST, "1", "2", "3"
    private = payload("mastodon", "statuses")[2]
    player.routes["/api/v1/statuses/1"] = (404, "not_found")
    player.routes["/api/v1/statuses/2"] = httpx.Response(200, json=private)
    player.routes["/api/v1/statuses/3"] = httpx.Response(
        200, json=payload("mastodon", "statuses")[0]
    )
    account = replace(ASTRID, recent_posts=(listed, gone, hidden, beyond))
    records = fetched(player, account)
    assert [record for record in records if isinstance(record, Removed)] == [
        Removed(gone),
        Removed(hidden),
    ]


def test_an_account_without_posts_has_a_profile_and_a_snapshot() -> None:
    routes: dict[str, Reply] = {**ROUTES, f"{ACCOUNT}/statuses": "statuses_empty"}
    del routes[f"{ACCOUNT}/statuses#2"]
    assert [type(record) for record in fetched(Player("mastodon", routes))] == [Profile, Snapshot]


def test_a_post_deleted_meanwhile_does_not_stop_the_fetch(player: Player) -> None:
    player.routes[f"{STATUS}/favourited_by"] = (404, "not_found")
    player.routes[f"{STATUS}/context"] = (404, "not_found")
    records = fetched(player)
    assert received(records, Kind.LIKE) == received(records, Kind.COMMENT) == []
    assert len(received(records, Kind.RESHARE)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"indexable": False},
        {"noindex": True},
        {"discoverable": False},
        {"limited": True},
        {"memorial": True},
        {
            "note": "<p>Please <a href='https://fjord.example/tags/nobot'>#<span>nobot</span></a></p>"
        },
    ],
)
def test_who_asks_not_to_be_found_is_read_no_further(change: dict[str, Any]) -> None:
    answer = httpx.Response(200, json={**payload("mastodon", "account"), **change})
    player = Player("mastodon", {**ROUTES, "/api/v1/accounts/lookup": answer})
    records = fetched(player)
    assert isinstance(records[0], Profile)
    assert not records[0].indexable
    assert player.paths() == ["/api/v1/accounts/lookup"]


def test_a_server_that_does_not_know_the_question_leaves_the_account_indexable() -> None:
    player = Player("mastodon", {"/api/v1/accounts/lookup": "account_old_server"})
    with player.client() as client:
        assert mastodon.fetch_profile(client, ASTRID).indexable


def test_a_bio_that_states_an_age_below_18_is_told() -> None:
    answer = httpx.Response(200, json={**payload("mastodon", "account"), "note": "<p>15 y/o</p>"})
    with Player("mastodon", {"/api/v1/accounts/lookup": answer}).client() as client:
        assert mastodon.fetch_profile(client, ASTRID).states_minor


def test_a_server_elsewhere_is_found_by_webfinger() -> None:
    class Split(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "fjord.example" and "lookup" in request.url.path:
                return httpx.Response(200, text="<html>A web site.</html>")
            return super().handle_request(request)

    player = Split("mastodon", {**ROUTES, "/.well-known/webfinger": "webfinger"})
    with player.client() as client:
        profile = mastodon.fetch_profile(client, ASTRID)
    assert profile.native_id == "astrid@fjord.example"
    assert [request.url.host for request in player.asked] == [
        "fjord.example",
        "social.fjord.example",
    ]


@pytest.mark.parametrize(
    ("reply", "token", "error"),
    [
        ((401, "refused"), "", Gone),
        ((401, "refused"), "owner-token", Relink),
        ((403, "refused"), "owner-token", Relink),
        ((404, "not_found"), "", Gone),
        ((500, "not_found"), "", Retry),
        ((429, "refused"), "", RateLimited),
        ("account_suspended", "", Gone),
    ],
)
def test_each_refusal_has_its_word(reply: Reply, token: str, error: type[ConnectorError]) -> None:
    routes: dict[str, Reply] = {
        "/api/v1/accounts/lookup": reply,
        "/.well-known/webfinger": (404, "not_found"),
    }
    with Player("mastodon", routes).client() as client, pytest.raises(error) as raised:
        mastodon.fetch_profile(client, replace(ASTRID, token=token))
    assert raised.value.network == "mastodon"
    assert "owner-token" not in str(raised.value)


def test_a_missing_field_is_named_with_network_and_path(player: Player) -> None:
    statuses = payload("mastodon", "statuses")
    del statuses[0]["visibility"]
    player.routes[f"{ACCOUNT}/statuses"] = httpx.Response(200, json=statuses)
    with pytest.raises(BadPayload) as raised:
        fetched(player)
    assert raised.value.network == "mastodon"
    assert raised.value.path == f"{ACCOUNT}/statuses"
    assert "visibility" in str(raised.value)


def test_another_account_than_asked_for_is_refused() -> None:
    answer = httpx.Response(200, json={**payload("mastodon", "account"), "acct": "somebody"})
    routes: dict[str, Reply] = {
        "/api/v1/accounts/lookup": answer,
        "/.well-known/webfinger": (404, "not_found"),
    }
    with Player("mastodon", routes).client() as client, pytest.raises(BadPayload):
        mastodon.fetch_profile(client, ASTRID)


def test_a_listing_that_repeats_itself_ends() -> None:
    class Endless(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            response.headers["Link"] = f'<{request.url}>; rel="next"'
            return response

    player = Endless("mastodon", {**ROUTES, f"{ACCOUNT}/statuses": "statuses_last"})
    fetched(player)
    assert player.paths().count(f"{ACCOUNT}/statuses") <= 2


def test_questions_about_people_are_bounded() -> None:
    status = payload("mastodon", "statuses")[0]
    many = [
        {**status, "id": str(number), "account": status["account"]} for number in range(1000, 1400)
    ]

    class Busy(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.startswith("/api/v1/statuses/"):
                self.asked.append(request)
                name = "context" if request.url.path.endswith("context") else "reblogged_by"
                return httpx.Response(200, json=payload("mastodon", name))
            return super().handle_request(request)

    player = Busy("mastodon", ROUTES)
    player.routes[f"{ACCOUNT}/statuses"] = httpx.Response(200, json=many)
    records = fetched(player)
    assert len(player.asked) < 300
    assert sum(isinstance(record, Post) for record in records) == 400


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("@Astrid@Fjord.Example", "astrid@fjord.example"),
        ("astrid@fjord.example", "astrid@fjord.example"),
        (" acct:astrid@fjord.example ", "astrid@fjord.example"),
        ("https://fjord.example/@astrid", "astrid@fjord.example"),
        ("https://fjord.example/@astrid/114100000000000010", "astrid@fjord.example"),
        ("https://fjord.example/users/astrid", "astrid@fjord.example"),
        ("https://havn.example/@astrid@fjord.example", "astrid@fjord.example"),
        ("@astrid@blåfjell.example", "astrid@xn--blfjell-fxa.example"),
        ("@a.b-c_d@fjord.example", "a.b-c_d@fjord.example"),
    ],
)
def test_ways_to_write_an_account(text: str, handle: str) -> None:
    account = mastodon.parse_handle(text)
    assert account is not None
    assert account.handle == handle
    assert account.server == handle.partition("@")[2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@astrid",
        "astrid",
        "@astrid.bsky.social",
        "@astrid@127.0.0.1",
        "@astrid@127.0.0.1:3000",
        "@astrid@2130706433",
        "@astrid@0x7f.1",
        "@astrid@[::1]",
        "@astrid@localhost",
        "@astrid@printer.local",
        "@astrid@fjord.example:8443",
        "@astrid@fjord",
        "@astrid@fjord..example",
        "@astrid@fjord.example/path",
        "@astrid@fjord.example@x.example",
        "@as trid@fjord.example",
        "https://www.youtube.com/@astrid",
        "https://www.tiktok.com/@astrid",
        "https://astrid:secret@fjord.example/@astrid",
        "https://fjord.example/about",
        "ftp://fjord.example/@astrid",
        "@astrid@bsky.social",
        "@" + "a" * 300 + "@fjord.example",
        "https://[::1/@astrid",
    ],
)
def test_what_is_not_an_account_of_a_server(text: str) -> None:
    assert mastodon.parse_handle(text) is None


def test_a_port_is_understood_only_at_a_listed_origin() -> None:
    local = ["http://127.0.0.1:3000"]
    account = mastodon.parse_handle("@astrid@127.0.0.1:3000", local)
    assert account is not None
    assert account.server == "127.0.0.1:3000"
    assert mastodon.parse_handle("http://127.0.0.1:3000/@astrid", local) == account
    assert mastodon.parse_handle("@astrid@127.0.0.1:3001", local) is None
    assert mastodon.parse_handle("@astrid@127.0.0.1", local) is None
