"""The sample network's connector, against its real server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors import sample
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Relink, Retry
from connectors.http import Client
from connectors.types import (
    AccountRef,
    Direction,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Snapshot,
)
from tests.sample_server import SampleServer

REFERENCE = AccountRef("", "vera.lindqvale")


@pytest.fixture
def client(sample_server: SampleServer) -> Iterator[Client]:
    with Client(
        "sample",
        contact="tests",
        spend=lambda calls: None,
        local_origins=[sample_server.url],
        urls={"sample": sample_server.url},
        timeout_seconds=1,
        pause=lambda seconds: None,
    ) as client:
        yield client


def _unseen(record: Record) -> Record | tuple[object, ...]:
    """Return the record without the moment at which it was fetched."""
    if isinstance(record, Interaction):
        return (record.kind, record.direction, record.actor, record.native_id, record.happened_at)
    return record


@pytest.mark.parametrize(
    "text",
    [
        "vera.lindqvale",
        "@vera.lindqvale",
        " @Vera.Lindqvale@sample ",
        "http://127.0.0.1:8010/@vera.lindqvale",
        "http://localhost:9/@vera.lindqvale/1011900",
    ],
)
def test_a_handle_is_understood_however_it_is_written(text: str) -> None:
    assert sample.parse_handle(text) == AccountRef("", "vera.lindqvale")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@vera@mastodon.example",
        "vera lindqvale",
        "https://sample.example/@vera",
        "http://127.0.0.1:8010/vera",
        "http://[::1/@vera",
        "-vera",
        "v" * 100,
    ],
)
def test_what_is_no_handle_of_this_network_is_left_to_others(text: str) -> None:
    assert sample.parse_handle(text) is None


def test_a_fetch_yields_only_what_the_network_declares(client: Client) -> None:
    records = list(sample.fetch(client, REFERENCE, None))
    network = sample.NETWORK
    assert isinstance(records[0], Profile)
    assert records[0].handle == "vera.lindqvale"
    snapshots = [record for record in records if isinstance(record, Snapshot)]
    posts = [record for record in records if isinstance(record, Post)]
    acts = [record for record in records if isinstance(record, Interaction)]
    # One more where midnight has passed since the server started.
    assert len(snapshots) in {100, 101}
    assert {name for row in snapshots for name in row.counts} == network.snapshot_counts
    assert {name for row in posts for name in row.counts} == network.post_counts
    received = [act for act in acts if act.direction is Direction.RECEIVED]
    sent = [act for act in acts if act.direction is Direction.SENT]
    assert {act.kind for act in received} == network.capabilities.named
    assert sent
    assert {act.kind for act in sent} <= network.capabilities.sent
    assert all(act.post_native_id is None for act in sent)
    assert all(count is None or count >= 0 for row in posts for count in row.counts.values())


def test_records_come_newest_first_and_within_the_history(client: Client) -> None:
    records = list(sample.fetch(client, REFERENCE, None))
    now = datetime.now(UTC)
    days = [record.day for record in records if isinstance(record, Snapshot)]
    assert days == sorted(days, reverse=True)
    assert days[0] == now.date()
    received = [
        record.happened_at
        for record in records
        if isinstance(record, Interaction) and record.direction is Direction.RECEIVED
    ]
    moments = [moment for moment in received if moment is not None]
    assert len(moments) == len(received)
    assert moments == sorted(moments, reverse=True)
    assert moments[0] <= now
    assert moments[-1].date() >= days[-1]


def test_the_same_account_read_twice_gives_the_same_records(client: Client) -> None:
    account = AccountRef("", "fjordkaffe")
    until = datetime.now(UTC) - timedelta(minutes=5)

    def settled() -> list[object]:
        return [
            _unseen(record)
            for record in sample.fetch(client, account, None)
            if isinstance(record, Interaction)
            and record.happened_at is not None
            and record.happened_at < until
        ]

    first = settled()
    assert len(first) > 1_000
    assert settled() == first


def test_interactions_are_named_once_and_belong_to_posts_that_were_told(client: Client) -> None:
    records = list(sample.fetch(client, AccountRef("", "ada.holm"), None))
    posts = {record.native_id for record in records if isinstance(record, Post)}
    acts = [record for record in records if isinstance(record, Interaction)]
    keys = [(act.direction, act.native_id) for act in acts]
    assert len(keys) == len(set(keys))
    assert {act.post_native_id for act in acts} - {None} <= posts


def test_since_brings_later_days_and_the_posts_that_can_still_move(client: Client) -> None:
    since = datetime.now(UTC) - timedelta(days=3)
    records = list(sample.fetch(client, REFERENCE, since))
    days = [record.day for record in records if isinstance(record, Snapshot)]
    assert min(days) == since.date()
    posts = [record for record in records if isinstance(record, Post)]
    assert since - timedelta(days=8) < min(post.created_at for post in posts) < since
    moments = [record.happened_at for record in records if isinstance(record, Interaction)]
    assert moments
    assert all(moment is not None and moment >= since for moment in moments)


def test_an_interaction_tells_the_audience_of_who_acted(client: Client) -> None:
    acts = [
        record
        for record in sample.fetch(client, REFERENCE, None)
        if isinstance(record, Interaction) and record.direction is Direction.RECEIVED
    ]
    assert all(act.actor.followers is not None for act in acts)
    assert any(act.actor.followers for act in acts)
    assert all("/@" in act.actor.url for act in acts)


@pytest.mark.parametrize(
    ("handle", "indexable", "minor"),
    [
        ("vera.lindqvale", True, False),
        ("noel.noindex", False, False),
        ("mila.fifteen", True, True),
        ("theo.sixteen", True, True),
    ],
)
def test_a_profile_says_who_must_not_be_looked_up(
    client: Client, handle: str, indexable: bool, minor: bool
) -> None:
    profile = sample.fetch_profile(client, AccountRef("", handle))
    assert (profile.indexable, profile.states_minor) == (indexable, minor)


@pytest.mark.parametrize("handle", ["nobody.at.all", "ida.private", "ada.vane999"])
def test_absent_and_private_accounts_are_gone_alike(client: Client, handle: str) -> None:
    with pytest.raises(Gone):
        sample.fetch_profile(client, AccountRef("", handle))


def test_a_brand_is_told_from_a_person(client: Client) -> None:
    assert sample.fetch_profile(client, AccountRef("", "fjordkaffe")).is_brand
    assert not sample.fetch_profile(client, REFERENCE).is_brand


def test_the_directory_names_everybody_listed_once(client: Client) -> None:
    handles = [profile.handle for profile in sample.directory(client)]
    assert len(handles) == len(set(handles)) == 60
    assert "vera.lindqvale" in handles
    assert not {"ida.private", "noel.noindex", "mila.fifteen", "theo.sixteen"} & set(handles)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 90}, RateLimited),
        ({"status": 500}, Retry),
        ({"status": 503}, RateLimited),
        ({"status": 401}, Relink),
        ({"status": 403}, Relink),
        ({"status": 404}, Gone),
        ({"status": 410}, Gone),
        ({"status": 400}, BadPayload),
        ({"mode": "broken_json"}, BadPayload),
        ({"mode": "huge"}, BadPayload),
        ({"mode": "half"}, Retry),
        ({"mode": "slow", "seconds": 1.5}, Retry),
    ],
)
@pytest.mark.parametrize("part", ["/audience", "/interactions"])
def test_each_fault_becomes_the_word_that_decides_what_is_next(
    client: Client,
    sample_server: SampleServer,
    fault: dict[str, object],
    error: type[ConnectorError],
    part: str,
) -> None:
    sample_server.fault(f"/api/v1/accounts/4{part}", times=3, **fault)
    with pytest.raises(error) as caught:
        list(sample.fetch(client, AccountRef("4", "gus.goodmorning"), None))
    assert caught.value.network == "sample"
    if isinstance(caught.value, RateLimited) and "retry_after" in fault:
        wait = caught.value.resume_at - datetime.now(UTC)
        assert timedelta(seconds=60) < wait < timedelta(seconds=120)


def test_one_short_fault_is_not_noticed(client: Client, sample_server: SampleServer) -> None:
    sample_server.fault("/api/v1/accounts/4", status=500, times=1)
    assert list(sample.fetch(client, AccountRef("4", "gus.goodmorning"), None))


def test_a_field_that_is_missing_is_named() -> None:
    whole = {"id": "1", "handle": "a", "name": "A", "url": "u", "bio": "", "kind": "person"}
    with pytest.raises(BadPayload, match="indexable"):
        sample.parse_profile(whole, "/api/v1/me")
    with pytest.raises(BadPayload, match="day"):
        sample.parse_snapshot({"day": "yesterday"}, "/x")
    with pytest.raises(BadPayload, match="kind"):
        sample.parse_interaction({"kind": "wink"}, "/x", Direction.RECEIVED, datetime.now(UTC))
    with pytest.raises(BadPayload, match="followers"):
        sample.parse_snapshot({"day": "2026-01-01", "followers": -1}, "/x")


def test_kinds_are_all_those_of_the_capabilities() -> None:
    assert set(sample.KINDS.values()) == sample.NETWORK.capabilities.named
    assert Kind.SAVE not in sample.NETWORK.capabilities.named
