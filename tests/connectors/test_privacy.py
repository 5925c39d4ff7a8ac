"""What is held about a person in this package is given out, and goes."""

from datetime import timedelta

import pytest
from django.conf import settings
from redis import Redis

from connectors import tasks
from connectors.models import Account, Interaction, Reactor
from connectors.store import store
from connectors.types import Direction, Kind
from people import erasure
from people.models import Person
from tests.connectors.linked import keep_secret
from tests.connectors.records import NOW, account_of, post, reaction, target_of


@pytest.fixture
def account(alice: Person, bob: Person) -> Account:
    """Alice's account with a history; she also liked something of Bob's."""
    account = account_of(alice, network="mastodon", native_id="alice-id")
    keep_secret(account, access="token-that-must-stay-secret")
    store(
        target_of(account),
        [
            post(text="the words of a post"),
            reaction("a", by="carol"),
            reaction(
                "s",
                kind=Kind.COMMENT,
                by="dan",
                direction=Direction.SENT,
                happened_at=NOW - timedelta(days=1),
            ),
        ],
    )
    Reactor.objects.update(network="mastodon")
    other = account_of(bob, network="mastodon", native_id="bob-id")
    store(target_of(other), [post(), reaction("b", by="alice-id")])
    Reactor.objects.update(network="mastodon")
    return account


def test_an_export_holds_posts_with_texts_and_who_acted(account: Account) -> None:
    exported = erasure.export_everything(account.person)
    (stored,) = exported["connectors.Post"]
    assert stored["text"] == "the words of a post"
    rows = exported["connectors.Interaction"]
    assert [(row["direction"], row["kind"], row.get("who")) for row in rows] == [
        ("received", "like", "@carol"),
        ("sent", "comment", "@dan"),
        ("acted on somebody", "like", None),
    ]
    (own,) = exported["connectors.Reactor"]
    assert own["native_id"] == "alice-id"


def test_an_export_holds_no_secret_and_nothing_of_others_accounts(account: Account) -> None:
    text = str(erasure.export_everything(account.person))
    assert "must-stay-secret" not in text
    assert "bob-id" not in text
    assert "@bob" not in text


def test_after_erasing_a_reaction_to_others_counts_and_names_nobody(account: Account) -> None:
    erasure.erase(account.person)
    row = Interaction._default_manager.get()
    assert not Reactor.objects.filter(key=row.reactor_key).exists()
    assert not Reactor.objects.filter(native_id="alice-id").exists()
    assert not Account.objects.filter(native_id="alice-id").exists()


def test_waiting_messages_about_the_person_are_given_out_and_taken_back(
    account: Account, bob: Person
) -> None:
    tasks.sync_account.delay(account.pk, "2026-03-01")
    tasks.sync_account.delay(bob.accounts.get().pk, "2026-03-01")
    (row,) = erasure.export_everything(account.person)["broker messages"]
    assert row["arguments"] == [account.pk, "2026-03-01"]
    erasure.erase(account.person)
    with Redis.from_url(settings.REDIS_URL) as broker:
        assert broker.llen("celery") == 1
        broker.delete("celery")
