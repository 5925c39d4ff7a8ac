"""Stack Exchange's answers: one account on one site, and who wrote about its posts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine

from connectors import stackexchange
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Retry
from connectors.stackexchange.payloads import parse_handle
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
from tests.connectors.players import Player, Reply

NOW = datetime(2026, 2, 28, 12, tzinfo=UTC)
URLS = {"stackexchange": "https://api.example"}
ASTRID = AccountRef("4501@stackoverflow.com", "4501@stackoverflow.com")
USER = "/2.3/users/4501"
ROUTES: dict[str, Reply] = {
    USER: "user",
    f"{USER}/questions": "questions",
    f"{USER}/questions#2": "questions_last",
    f"{USER}/answers": "answers",
    "/2.3/questions/7001;7000/answers": "answers_to_questions",
    "/2.3/posts/7001;7000;8001/comments": "comments",
    f"{USER}/mentioned": "mentioned",
    f"{USER}/comments": "sent",
}
# The parameters that the documents name, for every question.
PARAMETERS = {"site", "key", "filter", "sort", "order", "fromdate", "pagesize", "page"}
SORTS, FILTERS = {"creation"}, {"withbody"}


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(stackexchange.fetch(client, account, since))
    for record in records:
        check_record(stackexchange.NETWORK, record)
    return records


def played(routes: dict[str, Reply] | None = None) -> Player:
    return Player("stackexchange", {**ROUTES, **(routes or {})})


def acts(records: list[Record], direction: Direction) -> dict[str, Interaction]:
    return {
        record.native_id: record
        for record in records
        if isinstance(record, Interaction) and record.direction is direction
    }


def test_a_user_is_read_with_standing_and_no_number_below_zero() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.name) == ("4501@stackoverflow.com", "Astrid Køhn")
    # Where people put the code that shows whose account it is.
    assert profile.bio == "Bergen & nearby"
    assert snapshot == Snapshot(
        NOW.date(),
        {
            "reputation": 5210,
            "reputation_month": 0,
            "gold_badges": 1,
            "silver_badges": 12,
            "bronze_badges": 31,
        },
    )


def test_questions_and_answers_are_posts_with_votes() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    assert set(posts) == {"7001", "7000", "8001"}
    question = posts["7001"]
    assert question.text == "Why is a < b?\nI tried a < b, see here."
    assert question.features.hashtags == ("python", "sorting")
    assert question.features.link_hosts == ("paste.example",)
    assert question.counts == {"votes": 5, "comments": 2}
    assert posts["7000"].counts == {"votes": 0, "comments": 0}
    assert posts["8001"].counts == {"votes": 12, "comments": None}
    assert posts["8001"].url == "https://stackoverflow.com/a/8001"


def test_who_answered_commented_and_mentioned_is_named_once() -> None:
    records = fetched(played())
    received = acts(records, Direction.RECEIVED)
    told = {name: (a.kind, a.actor.handle, a.post_native_id) for name, a in received.items()}
    assert told == {
        "answer:8100": (Kind.COMMENT, "77@stackoverflow.com", "7001"),
        "comment:9001": (Kind.COMMENT, "78@stackoverflow.com", "8001"),
        "mention:9050": (Kind.MENTION, "79@stackoverflow.com", None),
    }
    assert received["comment:9001"].happened_at == NOW - timedelta(seconds=3000)
    sent = acts(records, Direction.SENT)
    assert {name: act.actor.name for name, act in sent.items()} == {"sent:9003": "Mira"}


def test_a_later_sync_asks_for_what_is_new_and_for_posts_that_are_no_longer_listed() -> None:
    known = replace(ASTRID, recent_posts=("7001", "6000", "5999", "odd"))
    player = played({"/2.3/posts/6000;5999": "posts"})
    since = NOW - timedelta(days=2)
    records = fetched(player, known, since)
    assert [r for r in records if isinstance(r, Removed)] == [Removed("5999")]
    first = {
        request.url.path: int(parse_qs(request.url.query.decode())["fromdate"][0])
        for request in player.asked
        if "fromdate" in request.url.params
    }
    assert first[f"{USER}/questions"] == int((NOW - timedelta(days=31)).timestamp())
    assert first[f"{USER}/mentioned"] == int((since - timedelta(days=1)).timestamp())


def test_an_account_without_posts_is_read_in_few_questions() -> None:
    player = Player(
        "stackexchange",
        {
            USER: "user",
            f"{USER}/questions": "questions_empty",
            f"{USER}/answers": "questions_empty",
            f"{USER}/mentioned": "questions_empty",
            f"{USER}/comments": "questions_empty",
        },
    )
    assert len(fetched(player)) == 2
    assert len(player.asked) == 5


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ("user_empty", Gone),
        ((400, "refused_throttled"), RateLimited),
        ((503, "refused_unavailable"), Retry),
        ((400, "refused_unavailable"), Retry),
        ((400, "refused_site"), BadPayload),
        ((404, "refused"), Gone),
    ],
)
def test_each_error_of_the_api_has_its_word(reply: Reply, word: type[ConnectorError]) -> None:
    with pytest.raises(word):
        fetched(played({USER: reply}))


def test_a_method_that_asks_for_a_pause_is_not_asked_again_before_it_is_over() -> None:
    """The comments are so many that they come by several pages, and the first asks to wait."""
    with pytest.raises(RateLimited) as raised:
        fetched(played({f"{USER}/questions": "questions_pause"}))
    assert raised.value.resume_at == NOW + timedelta(seconds=10)


def test_nobody_is_asked_for_an_account_that_can_be_none() -> None:
    player = played()
    for name in ("4501", "0@stackoverflow.com", "4501@evil.example", "../me@stackoverflow.com"):
        with pytest.raises(Gone):
            fetched(player, AccountRef(name, name))
    assert player.asked == []


def test_only_documented_questions_are_asked_with_the_sites_key() -> None:
    player = played({"/2.3/posts/1": "posts"})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        client.key = "public-key"
        list(stackexchange.fetch(client, replace(ASTRID, recent_posts=("1",)), None))
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() <= PARAMETERS
        assert asked["site"] == ["stackoverflow.com"]
        assert asked["key"] == ["public-key"]
        assert set(asked.get("sort", [])) <= SORTS
        assert set(asked.get("filter", [])) <= FILTERS


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("se:4501@stackoverflow.com", "4501@stackoverflow.com"),
        ("SE:4501@StackOverflow.com", "4501@stackoverflow.com"),
        ("https://stackoverflow.com/users/4501/astrid", "4501@stackoverflow.com"),
        ("https://www.superuser.com/users/12", "12@superuser.com"),
        ("https://cooking.stackexchange.com/users/12/x", "12@cooking.stackexchange.com"),
        ("https://es.stackoverflow.com/users/12/x", "12@es.stackoverflow.com"),
        ("4501@stackoverflow.com", None),
        ("se:4501", None),
        ("se:04@stackoverflow.com", None),
        ("se:1@stackoverflow.com.evil.example", None),
        ("https://stackoverflow.com/questions/4501", None),
        ("https://evil.example/users/4501", None),
        ("https://[bad/users/1", None),
    ],
)
def test_handles_and_addresses_are_understood(text: str, name: str | None) -> None:
    found = parse_handle(text)
    assert (found.handle if found else None) == name
