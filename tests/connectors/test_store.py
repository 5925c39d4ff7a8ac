"""Storing records: idempotent, on the right days, and nothing that cannot be true."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from connectors import crypto
from connectors.errors import BadPayload
from connectors.interactions import dedupe_keys
from connectors.models import Account, ClosedDay, Interaction, Post, Reactor, Snapshot
from connectors.store import Stored, store
from connectors.types import Direction, Kind, Profile, Provenance, Record, TextFeatures
from connectors.types import Post as PostRecord
from connectors.types import Snapshot as SnapshotRecord
from people import opt_out
from people.models import Person
from tests.connectors.records import NETWORK, NOW, account_of, post, reaction, target_of


@pytest.fixture
def account(alice: Person) -> Account:
    return account_of(alice)


def everything(days_ago: float = 10) -> list[Record]:
    return [
        Profile("1", "@alice", "Alice", "https://test.example/alice"),
        SnapshotRecord(NOW.date(), {"followers": 12, "posts": None}),
        post(days_ago=days_ago, text="Hello\tworld\\n\n", counts={"likes": 2, "views": None}),
        reaction("a"),
        reaction("b", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=9)),
        reaction("c", kind=Kind.FOLLOW, on=None),
    ]


def rows() -> list[tuple[Any, ...]]:
    return sorted(
        Interaction._default_manager.values_list("dedupe_key", "day", "reactor_key", "post_id")
    )


def days_of() -> list[date]:
    return sorted(Interaction._default_manager.values_list("day", flat=True))


def test_a_file_of_ones_own_brings_acts_and_posts_but_no_counts(account: Account) -> None:
    target = target_of(account)
    store(target, everything())
    file = replace(target, network=replace(NETWORK, provenance=Provenance.OWN_FILE))
    forged: list[Record] = [
        Profile("1", "@famous", "Famous", ""),
        SnapshotRecord(NOW.date(), {"followers": 10_000_000}),
        SnapshotRecord(NOW.date() - timedelta(days=5), {"followers": 10_000_000}),
        post(days_ago=10, counts={"likes": 1_000_000}),
        post("old", days_ago=20, counts={"likes": 1_000_000}),
        reaction("star"),
    ]
    store(file, forged)
    assert list(Snapshot.objects.values_list("counts", flat=True)) == [
        {"followers": 12, "posts": None}
    ]
    counts = dict(Post.objects.values_list("native_id", "counts"))
    assert [value for name, value in counts.items() if name != "old"] == [
        {"likes": 2, "views": None}
    ]
    assert counts["old"] == {}
    assert Account.objects.get(pk=account.pk).handle == "@alice"
    own = Interaction._default_manager.filter(provenance=Provenance.OWN_FILE)
    assert own.count() == 1


def test_a_batch_stored_twice_is_stored_once(account: Account) -> None:
    target = target_of(account)
    first = store(target, everything())
    assert (first.posts, first.interactions, first.snapshots) == (1, 3, 1)
    before = rows()
    again = store(target, everything())
    assert again.interactions == 0
    assert rows() == before
    assert Post.objects.count() == Snapshot.objects.count() == 1
    assert Reactor.objects.count() == 3


def test_batches_of_any_size_give_the_same_rows(account: Account, bob: Person) -> None:
    other = account_of(bob, native_id="2")
    records: list[Record] = [post(f"p{n}", days_ago=n) for n in range(5)]
    records += [reaction(f"r{n}", by=f"u{n % 7}", on=f"p{n % 5}") for n in range(60)]
    store(target_of(account), records)
    for start in range(0, len(records), 8):
        store(target_of(other), records[start : start + 8])

    def counted(pk: int) -> list[tuple[Any, ...]]:
        found = Interaction._default_manager.filter(account_id=pk)
        return sorted(found.values_list("dedupe_key", "day", "reactor_key", "kind"))

    assert counted(account.pk) == counted(other.pk)


def test_what_a_killed_worker_stored_in_part_is_completed(account: Account) -> None:
    records: list[Record] = [post(), *(reaction(f"r{n}") for n in range(40))]
    store(target_of(account), records[:15])
    store(target_of(account), records)
    assert Interaction._default_manager.count() == 40
    assert Reactor.objects.count() == 40


def test_an_interaction_keeps_its_first_day_on_whatever_day_it_is_seen_again(
    account: Account,
) -> None:
    store(target_of(account), [post(), reaction("a")])
    (before,) = days_of()
    later = target_of(account, first_history=False, previous_at=NOW, now=NOW + timedelta(days=40))
    assert store(later, [reaction("a", seen_at=NOW + timedelta(days=40))]).interactions == 0
    assert days_of() == [before]


def test_text_with_every_awkward_sign_comes_back_unchanged(account: Account) -> None:
    text = "tab\t newline\n return\r backslash\\ \\N \\. 'quote' \"double\" æøå 🎈"
    store(
        target_of(account),
        [
            Profile("1", "@a\\b", text, "https://test.example/"),
            post(text=text, features=TextFeatures(hashtags=('a"b\\', "ø"))),
        ],
    )
    stored = Post.objects.get()
    assert crypto.decrypt_text(stored.text) == text
    assert stored.features["hashtags"] == ['a"b\\', "ø"]
    account.refresh_from_db()
    assert account.name == text
    assert account.handle == "@a\\b"


def test_signs_that_postgresql_refuses_are_left_out(account: Account) -> None:
    store(
        target_of(account),
        [post(text="a\0b\ud800", features=TextFeatures(hashtags=("x\0y", "\udfff")))],
    )
    stored = Post.objects.get()
    assert crypto.decrypt_text(stored.text) == "ab?"
    assert stored.features["hashtags"] == ["xy", "?"]


def test_unknown_counts_stay_apart_from_zero(account: Account) -> None:
    store(target_of(account), [post(counts={"likes": 0, "views": None})])
    assert Post.objects.get().counts == {"likes": 0, "views": None}


def test_a_text_is_kept_encrypted_and_only_as_long_as_the_policy_says(account: Account) -> None:
    store(
        target_of(account),
        [post("new", days_ago=1, text="secret words"), post("old", days_ago=99, text="x")],
    )
    new, old = Post.objects.get(native_id="new"), Post.objects.get(native_id="old")
    assert b"secret" not in bytes(new.text)
    assert new.text_until == new.created_at + timedelta(days=90)
    assert (bytes(old.text), old.text_until) == (b"", None)
    silent = replace(NETWORK, policy=replace(NETWORK.policy, may_store_text=False))
    store(target_of(account, network=silent), [post("new", days_ago=1, text="secret words")])
    assert Post.objects.filter(native_id="new", text=b"", text_until=None).exists()


def test_nobody_is_stored_where_the_policy_forbids_it(account: Account) -> None:
    shy = replace(NETWORK, policy=replace(NETWORK.policy, may_store_reactors=False))
    assert store(target_of(account, network=shy), everything()).interactions == 0
    assert not Reactor.objects.exists()
    assert Post.objects.count() == 1


def test_only_web_addresses_are_kept(account: Account) -> None:
    store(
        target_of(account),
        [
            Profile("1", "@a", "A", "javascript:alert(1)"),
            post(url="https://test.example/" + "x" * 600),
        ],
    )
    account.refresh_from_db()
    assert account.url == ""
    assert Post.objects.get().url == ""


def test_a_reactor_is_one_row_refreshed_and_its_key_is_random(
    account: Account, bob: Person
) -> None:
    store(target_of(account), [post(), reaction("a", by="x", followers=5)])
    key = Reactor.objects.get().key
    other = account_of(bob, native_id="2")
    store(target_of(other), [post(), reaction("b", by="x", followers=700)])
    reactor = Reactor.objects.get()
    assert (reactor.key, reactor.followers) == (key, 700)
    store(target_of(other), [reaction("c", by="x", followers=None)])
    assert Reactor.objects.get().followers == 700
    told = Interaction._default_manager.order_by("reactor_followers")
    assert [row.reactor_followers for row in told] == [5, 700, None]


def test_an_opted_out_reactor_counts_once_and_is_named_nowhere(account: Account) -> None:
    opt_out.opt_out("testnet", ["@shy"], proven=True)
    store(target_of(account), [post(), reaction("a", by="shy"), reaction("b", by="open")])
    store(target_of(account), [reaction("c", by="shy")])
    assert [row.native_id for row in Reactor.objects.all()] == ["open"]
    keys = Interaction._default_manager.values_list("reactor_key", flat=True)
    assert len(set(keys)) == 2


def test_what_a_fetch_remembers_is_only_what_is_there(account: Account) -> None:
    """Batches of one fetch: a reactor who changed or opted out, and rows by another's hand."""
    target = target_of(account)
    store(target, [post(), reaction("a", by="x", followers=5), reaction("b", by="y")])
    assert target.memory.began_empty
    again = [reaction(name, by="x", followers=9) for name in ("a", "c")]
    assert store(target, again) == Stored(interactions=1)
    assert Reactor.objects.get(native_id="x").followers == 9
    opt_out.opt_out("testnet", ["y"], proven=True)
    # Another worker, which nothing but the database's own keys could tell of.
    assert store(target_of(account), [reaction("d", by="z")]) == Stored(interactions=1)
    assert store(target, [reaction("d", by="z"), reaction("e", by="y")]) == Stored(interactions=1)
    assert not target.memory.began_empty
    assert store(target, [reaction("e", by="y"), reaction("f", by="y")]) == Stored(interactions=1)
    found = dict(Interaction._default_manager.values_list("dedupe_key", "reactor_key"))
    keys = [found[key] for key in dedupe_keys([reaction(name) for name in "abcdef"]).tolist()]
    assert keys[0] == keys[2] == Reactor.objects.get(native_id="x").key
    assert keys[1] == Reactor.objects.get(native_id="y").key
    assert keys[4] == keys[5] not in Reactor.objects.values_list("key", flat=True)


def test_a_sync_at_midnight_gives_each_side_its_own_day(account: Account) -> None:
    midnight = datetime(2024, 3, 1, tzinfo=UTC)
    target = target_of(
        account,
        first_history=False,
        previous_at=midnight - timedelta(days=1),
        now=midnight + timedelta(minutes=10),
    )
    store(
        target,
        [
            PostRecord("p1", midnight - timedelta(days=2)),
            *(
                reaction(
                    f"r{seconds}",
                    kind=Kind.COMMENT,
                    seen_at=target.now,
                    happened_at=midnight + timedelta(seconds=seconds),
                )
                for seconds in (-1, 0, 1)
            ),
        ],
    )
    assert days_of() == [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 1)]


def test_late_rows_of_closed_days_go_to_the_first_open_day(account: Account) -> None:
    for days_ago in range(1, 4):
        ClosedDay.objects.create(day=NOW.date() - timedelta(days=days_ago))
    late = target_of(account, first_history=False, previous_at=NOW - timedelta(days=4))
    comment = reaction("late", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=2))
    store(late, [post(), comment])
    assert days_of() == [NOW.date()]
    row = Interaction._default_manager.get()
    assert row.happened_at == NOW - timedelta(days=2)


def test_a_first_history_keeps_its_own_days_though_they_are_closed(account: Account) -> None:
    ClosedDay.objects.create(day=NOW.date() - timedelta(days=2))
    comment = reaction("first", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=2))
    store(target_of(account), [post(), comment])
    assert days_of() == [NOW.date() - timedelta(days=2)]


def test_a_date_that_is_not_trusted_is_not_stored(account: Account) -> None:
    store(target_of(account), [post(), reaction("a", happened_at=NOW - timedelta(days=3))])
    assert Interaction._default_manager.get().happened_at is None


def test_dates_before_the_post_and_after_the_sighting_are_clamped(account: Account) -> None:
    store(
        target_of(account),
        [
            post(days_ago=5),
            reaction("early", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=300)),
            reaction("late", kind=Kind.COMMENT, happened_at=NOW + timedelta(days=300)),
        ],
    )
    found = Interaction._default_manager.order_by("day").values_list("happened_at", flat=True)
    assert list(found) == [NOW - timedelta(days=5), NOW]


def test_partitions_are_made_for_every_month_that_is_needed(account: Account) -> None:
    records: list[Record] = [post(days_ago=3000)]
    records += [
        reaction(f"r{n}", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=n * 300))
        for n in range(10)
    ]
    assert store(target_of(account), records).interactions == 10
    assert len(set(days_of())) == 10


def test_the_number_of_queries_does_not_grow_with_the_batch(
    account: Account, django_assert_max_num_queries: Any
) -> None:
    batch: Sequence[Record] = [post(), *(reaction(f"r{n}") for n in range(500))]
    store(target_of(account), batch[:20])
    with django_assert_max_num_queries(40):
        store(target_of(account), batch)
    assert Interaction._default_manager.count() == 500


NAIVE = datetime(2026, 2, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (post(counts={"likes": -1}), "impossible count likes"),
        (post(counts={"likes": 5_000_000_001}), "impossible count likes"),
        (post(counts={"likes": float("nan")}), "NaN as the count likes"),
        (post(counts={"likes": 1.5}), "float as the count likes"),
        (post(counts={"likes": True}), "bool as the count likes"),
        (post(counts={"claps": 1}), "undeclared count claps"),
        (post(created_at=NAIVE), "without a time zone"),
        (post(created_at=datetime(1970, 1, 1, tzinfo=UTC)), "before 1995"),
        (post("x" * 256), "post's id"),
        (post(""), "post's id"),
        (SnapshotRecord(NOW.date(), {"followers": -3}), "impossible count followers"),
        (SnapshotRecord(NOW.date(), {"karma": 3}), "undeclared count karma"),
        (reaction("a", happened_at=NAIVE), "without a time zone"),
        (reaction("a", seen_at=NAIVE), "without a time zone"),
        (reaction("a", followers=-1), "impossible count followers"),
        (reaction("a", followers=10**12), "impossible count followers"),
        (reaction("a", kind=Kind.SAVE), "undeclared kind"),
        (reaction("a", direction=Direction.SENT), "undeclared kind"),
        (reaction(""), "without an id"),
        (reaction("a", by="a\0b"), "actor's id"),
        (Profile("", "@a", "", ""), "profile's id"),
    ],
)
def test_records_that_cannot_be_true_are_refused_with_a_sentence(
    account: Account, record: Record, words: str
) -> None:
    with pytest.raises(BadPayload, match=words):
        store(target_of(account), [post("fine"), record])
    assert not Post.objects.exists()
    assert not Reactor.objects.exists()


def test_views_may_be_more_than_mankind(account: Account) -> None:
    store(target_of(account), [post(counts={"views": 9_000_000_000})])
    assert Post.objects.get().counts == {"views": 9_000_000_000}


def test_a_snapshot_of_the_future_counts_today(account: Account) -> None:
    tomorrow = NOW.date() + timedelta(days=1)
    store(target_of(account), [SnapshotRecord(tomorrow, {"followers": 1})])
    assert Snapshot.objects.get().day == NOW.date()


@pytest.mark.django_db(transaction=True)
def test_a_batch_waits_for_a_day_that_is_closing_and_then_finds_it_closed(alice: Person) -> None:
    """Else a row could reach a day that scoring has already read."""
    account = account_of(alice)
    day = NOW.date() - timedelta(days=2)
    closing = Event()

    def close_day() -> None:
        with transaction.atomic():
            ClosedDay.objects.create(day=day)
            closing.set()
            with connection.cursor() as cursor:
                waiting = 0
                while not waiting:
                    cursor.execute(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted"
                        " AND relation = 'connectors_closedday'::regclass"
                    )
                    (waiting,) = cursor.fetchone()
        connection.close()

    store(target_of(account), [post()])
    thread = Thread(target=close_day)
    thread.start()
    assert closing.wait(30)
    late = target_of(account, first_history=False, previous_at=NOW - timedelta(days=4))
    at = datetime.combine(day, NOW.time(), UTC)
    store(late, [reaction("late", kind=Kind.COMMENT, happened_at=at)])
    thread.join(30)
    assert days_of() == [day + timedelta(days=1)]
