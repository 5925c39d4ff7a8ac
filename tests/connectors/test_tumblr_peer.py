"""Tumblr against a running server: picking a blog, syncing, new tokens, looking up, letting go."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import crypto, linking, lookup
from connectors.models import Account, Credential, Interaction, Lookup, Post, Snapshot
from connectors.types import Direction, Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import linked, nothing_then_done, synced
from tests.fake_web.tumblr import NAME, OWN, SIDE
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db
CHOOSE = "/networks/tumblr/choose/"


def picked(client: Client, blog: str = OWN) -> str:
    page = client.post(CHOOSE, {"account": blog}, follow=True)
    return page.content.decode()


@pytest.fixture
def account(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's blog, picked of two through the pages; its first sync is not done yet."""
    page = linked(alice_client, "tumblr")
    assert "You have several accounts at Tumblr" in page
    assert page.index(NAME) < page.index("fog-archive")
    assert "Tumblr is linked" in picked(alice_client)
    return Account.objects.get(person=alice)


def kinds(direction: Direction) -> dict[int, int]:
    rows = Interaction._default_manager.filter(direction=direction).values_list("kind", flat=True)
    return {kind: list(rows).count(kind) for kind in set(rows)}


def test_a_blog_is_linked_read_scored_renewed_and_let_go(
    account: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert (account.native_id, account.handle) == (OWN, NAME)
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    # One of thirty was somebody else's.
    assert Post.objects.count() == 29
    assert kinds(Direction.SENT) == {Kind.RESHARE: 1}
    # Of the last 90 days: eight posts of ours, each with 12 likes, 6 reblogs and 6 replies.
    assert kinds(Direction.RECEIVED) == {Kind.LIKE: 96, Kind.RESHARE: 48, Kind.COMMENT: 48}
    counts = {"followers": 310, "following": 25, "likes_given": 606, "posts": 30}
    assert Snapshot.objects.get().counts == counts
    assert Score.objects.filter(person_id=alice.pk).exists()

    # The notes of one post alone are asked for again; what is gone there goes here. The tokens are
    # renewed before they end, and the refresh token with them.
    newest, older = Post.objects.order_by("-created_at")[:2]
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    Credential.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    before = len(web_server.control()["asked"])
    change = {"like": newest.native_id, "delete": older.native_id}
    web_server.control(vendor="tumblr", change=change)
    assert synced(account) == "done"
    assert not Post.objects.filter(pk=older.pk).exists()
    liked = Interaction._default_manager.filter(kind=Kind.LIKE, post_id=newest.pk)
    assert liked.count() == 13
    asked = [path.rpartition("/")[2] for path in web_server.control()["asked"][before:]]
    assert asked == ["token", "info", "posts", "notes"]
    renewed = crypto.decrypt_secret(Credential.objects.get().secret)
    assert not set(renewed.values()) & set(secret.values())

    for word in (*secret.values(), "fake-tumblr-secret", "fake-tumblr-client"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=True)
    for model in (Account, Credential, Post, Snapshot, Interaction):
        assert not model._default_manager.exists(), model


def test_another_blog_is_another_account_and_a_strangers_choice_links_nothing(
    account: Account, alice_client: Client, charlie_client: Client, alice: Person
) -> None:
    linked(alice_client, "tumblr")
    assert "took too long" in picked(charlie_client, SIDE)
    assert "Tumblr is linked" in picked(alice_client, SIDE)
    assert set(Account.objects.filter(person=alice).values_list("native_id", flat=True)) == {
        *(OWN, SIDE)
    }
    # Each with tokens of its own: a refresh by one does not end the other's.
    secrets = [crypto.decrypt_secret(row.secret) for row in Credential.objects.all()]
    assert len({secret["refresh"] for secret in secrets}) == 2
    # A blog that several people write signs nobody in.
    assert Client().post("/sign-in/tumblr/").status_code == 404


def test_a_public_blog_is_looked_up_by_our_key(web_server: WebServer, db: None) -> None:
    ((network_id, ref),) = lookup.understand(f"https://www.tumblr.com/{NAME}")
    begun = lookup.begin_lookup(network_id, ref, None)
    found = lookup.open_account(begun.pk)
    assert found is not None
    assert (found.native_id, found.status) == (OWN, Account.Status.OPEN)
    assert synced(found) == "done"
    assert kinds(Direction.RECEIVED)[Kind.LIKE] == 96
    ((network_id, ref),) = lookup.understand("https://www.tumblr.com/nobody-here")
    begun = lookup.begin_lookup(network_id, ref, None)
    assert lookup.open_account(begun.pk) is None
    assert Lookup.objects.get(pk=begun.pk).state == Lookup.State.UNAVAILABLE


def test_a_refresh_that_is_refused_asks_the_person_to_link_again(
    account: Account, alice_client: Client
) -> None:
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    Credential.objects.update(
        secret=crypto.encrypt_secret({**secret, "refresh": "rt-of-yesterday"}),
        expires_at=timezone.now(),
    )
    assert synced(account) == "given_up"
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    linked(alice_client, "tumblr")
    assert "Tumblr is linked" in picked(alice_client)
    assert synced(account) == "done"


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/user/info", {"status": 401}, "relink"),
        ("/posts", {"status": 429}, "limited"),
        ("/notes", {"status": 500, "times": 3}, "retry"),
        ("/notes", {"mode": "broken"}, "broken"),
        ("/posts", {"mode": "huge"}, "broken"),
        ("/posts", {"mode": "half", "times": 3}, "retry"),
    ],
    ids=str,
)
def test_what_goes_wrong_has_its_state_and_mends_by_itself(
    account: Account,
    web_server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fault: dict[str, Any],
    state: str,
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    web_server.fault(path, **fault)
    nothing_then_done(
        account, state, Interaction._default_manager.filter(direction=Direction.RECEIVED)
    )
    assert Interaction._default_manager.exists()
