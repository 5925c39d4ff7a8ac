"""Counts that cannot be true: refused by the store with a sentence, and by the database at last."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from connectors.errors import BadPayload
from connectors.models import Account, Post, Snapshot
from connectors.store import store
from connectors.types import Snapshot as SnapshotRecord
from people.models import Person
from tests.connectors.records import NOW, account_of, post, target_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice: Person) -> Account:
    return account_of(alice)


@pytest.mark.parametrize("count", [-1, 5_000_000_001, float("nan"), float("inf"), 1.5, "7", True])
def test_the_store_refuses_it_with_a_sentence_and_writes_nothing(
    account: Account, count: Any
) -> None:
    for record in (SnapshotRecord(NOW.date(), {"followers": count}), post(counts={"likes": count})):
        with pytest.raises(BadPayload, match="Testnet sent"):
            store(target_of(account), [record])
    assert not Snapshot.objects.exists()
    assert not Post.objects.exists()


@pytest.mark.parametrize("count", [-1, 10**14, "7", "NaN", [1], {"a": 1}, True])
def test_the_database_refuses_it_too(account: Account, count: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(account=account, day=NOW.date(), counts={"followers": count})
    store(target_of(account), [post(counts={"likes": 1})])
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.update(counts={"likes": count})


def test_unknown_zero_and_the_largest_are_kept(account: Account) -> None:
    counts = {"followers": None, "posts": 0}
    store(target_of(account), [SnapshotRecord(NOW.date(), counts)])
    assert Snapshot.objects.get().counts == counts
    store(target_of(account), [SnapshotRecord(NOW.date(), {"followers": 5_000_000_000})])
    assert Snapshot.objects.get().counts == {"followers": 5_000_000_000}
