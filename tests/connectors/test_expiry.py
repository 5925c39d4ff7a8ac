"""What may be kept no longer goes, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors import expiry, registry, tasks
from connectors.expiry import expire_rows
from connectors.models import Account, Interaction, Lookup, Post, Reactor
from connectors.partitions import ensure_partitions
from connectors.store import TABLE, store
from connectors.types import Kind
from people import opt_out
from people.models import OptOut, Person
from tests.connectors.peer import PeerConnector
from tests.connectors.records import NETWORK, NOW, account_of, post, reaction, target_of


def looked_up(slug: str, **fields: Any) -> Person:
    return Person.objects.create(
        slug=slug, name=slug, origin=Person.Origin.LOOKED_UP, visibility="public", **fields
    )


def test_texts_go_when_their_time_is_over(alice: Person) -> None:
    store(target_of(account_of(alice)), [post(text="words", days_ago=1)])
    until = Post.objects.get().text_until
    assert until is not None
    assert expire_rows(until - timedelta(seconds=1)).texts == 0
    assert expire_rows(until).texts == 1
    assert Post.objects.filter(text=b"", text_until=None).count() == 1


def test_an_unclaimed_profile_goes_with_all_its_rows_and_others_stay(alice: Person) -> None:
    kept = account_of(alice, native_id="kept")
    store(target_of(kept), [post(), reaction("k")])
    gone = account_of(looked_up("gone", expires_at=NOW), native_id="gone", linked=False)
    store(target_of(gone), [post(), reaction("g")])
    later = account_of(
        looked_up("later", expires_at=NOW + timedelta(days=1)), native_id="later", linked=False
    )
    account_of(looked_up("sample"), native_id="sample", linked=False)
    assert expire_rows(NOW).profiles == 1
    assert not Account.objects.filter(pk=gone.pk).exists()
    assert set(Interaction._default_manager.values_list("account_id", flat=True)) == {kept.pk}
    assert set(Person.objects.values_list("slug", flat=True)) == {"alice", "later", "sample"}
    assert Account.objects.filter(pk=later.pk).exists()


@pytest.mark.parametrize(("days", "left"), [(1, 1), (3, 0)])
def test_an_account_deleted_at_its_network_goes_unless_it_is_linked(
    alice: Person, days: int, left: int
) -> None:
    seen = NOW - timedelta(days=days)
    for person, linked in ((looked_up("gone"), False), (alice, True)):
        account = account_of(person, native_id=person.slug, linked=linked)
        Account.objects.filter(pk=account.pk).update(state="gone", last_synced_at=seen)
    expire_rows(NOW)
    assert Person.objects.filter(slug="gone").count() == left
    assert Account.objects.filter(person=alice).exists()


def test_look_ups_go_after_a_day(db: None) -> None:
    Lookup.objects.create(network="testnet", handle="old", created_at=NOW - timedelta(days=1))
    Lookup.objects.create(network="testnet", handle="new", created_at=NOW - timedelta(hours=23))
    assert expire_rows(NOW).lookups == 1
    assert Lookup.objects.get().handle == "new"


def test_unproven_opt_outs_go_after_30_days_and_proven_ones_never(db: None) -> None:
    opt_out.opt_out("testnet", ["unproven"], proven=False)
    opt_out.opt_out("testnet", ["proven"], proven=True)
    assert expire_rows(timezone.now()).opt_outs == 0
    OptOut.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert expire_rows(timezone.now()).opt_outs == 1
    assert opt_out.is_opted_out("testnet", "proven")


def test_interactions_go_when_their_networks_terms_say_so(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Strict(PeerConnector):
        NETWORK = replace(NETWORK, policy=replace(NETWORK.policy, retention_days=30))

    monkeypatch.setitem(registry.CONNECTORS, "testnet", Strict(""))
    other = account_of(alice, network="another", native_id="2")
    for account in (account_of(alice), other):
        store(
            target_of(account),
            [
                post(days_ago=90),
                reaction("old", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=31)),
                reaction("new", kind=Kind.COMMENT, happened_at=NOW - timedelta(days=30)),
            ],
        )
    assert expire_rows(NOW).interactions == 1
    assert Interaction._default_manager.filter(account_id=other.pk).count() == 2


@pytest.mark.parametrize(
    ("fields", "goes"),
    [
        ({"status": "unlinked", "state": "ok"}, True),
        ({"status": "linked", "state": "relink"}, True),
        # Suspended or deleted at its network.
        ({"status": "linked", "state": "gone"}, True),
        ({"status": "linked", "state": "ok"}, False),
        ({"status": "linked", "state": "retry"}, False),
    ],
)
def test_all_of_x_goes_a_month_after_access_has_ended(
    alice: Person, fields: dict[str, str], goes: bool
) -> None:
    account = account_of(alice, network="x")
    store(target_of(account), [post(), reaction("a")])
    rows = Account.objects.filter(pk=account.pk)
    rows.update(**fields, last_synced_at=NOW - timedelta(days=30))
    assert expire_rows(NOW).accounts == 0
    rows.update(last_synced_at=NOW - timedelta(days=30, seconds=1))
    assert expire_rows(NOW).accounts == int(goes)
    assert rows.exists() is not goes
    assert Post.objects.exists() is not goes
    assert Interaction._default_manager.exists() is not goes


def test_reactors_without_an_interaction_are_forgotten_at_night(alice: Person) -> None:
    store(target_of(account_of(alice)), [post(), reaction("a"), reaction("b")])
    key = Reactor.objects.get(native_id="actor-a").key
    Interaction._default_manager.filter(reactor_key=key).delete()
    night = datetime.combine(NOW.date(), datetime.min.time(), NOW.tzinfo) + timedelta(hours=3)
    assert expire_rows(night + timedelta(hours=1)).reactors == 0
    assert expire_rows(night).reactors == 1
    assert Reactor.objects.get().native_id == "actor-b"


def test_the_task_runs_it_all_twice_without_harm(alice: Person) -> None:
    store(target_of(account_of(alice)), [post(days_ago=0, text="x"), reaction("a")])
    tasks.expire_rows()
    tasks.expire_rows()
    assert Interaction._default_manager.count() == 1


def test_the_partitions_of_the_months_to_come_are_there_in_time(db: None) -> None:
    tasks.prepare_partitions()
    today = timezone.now().date()
    assert ensure_partitions(TABLE, today, expiry.months_later(today, 2)) == []
    assert expiry.months_later(datetime(2026, 11, 30, tzinfo=NOW.tzinfo).date(), 2).isoformat() == (
        "2027-01-01"
    )
