"""Pinterest against a running server: linking, syncing, new tokens, and letting go."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import crypto, linking
from connectors.expiry import expire_rows
from connectors.models import Account, AnonymousDay, Credential, Post, Snapshot
from connectors.types import Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import linked, nothing_then_done, synced
from tests.fake_web.pinterest import NAME, OWN
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    assert "Pinterest is linked" in linked(alice_client, "pinterest")
    return Account.objects.get(person=alice)


def saves_of(post: Post) -> int:
    rows = AnonymousDay.objects.filter(kind=Kind.SAVE, post_id=post.pk)
    return sum(rows.values_list("added", flat=True))


def test_an_account_is_linked_read_scored_renewed_and_let_go(
    account: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert (account.native_id, account.handle) == (OWN, NAME)
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    # One in two days, of 91.
    assert Post.objects.count() in {45, 46}
    counts = Snapshot.objects.get().counts
    assert (counts["board_followers"], counts["saves_month"]) == (80, 12)
    assert Score.objects.filter(person_id=alice.pk).exists()

    # One save more is one save more; what is gone there goes here. The tokens are renewed before
    # they end, and the refresh token with them.
    newest, second = Post.objects.order_by("-created_at")[:2]
    before, asked = saves_of(second), len(web_server.control()["asked"])
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    Credential.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    web_server.control(
        vendor="pinterest", change={"save": second.native_id, "delete": newest.native_id}
    )
    assert synced(account) == "done"
    assert saves_of(second) == before + 1
    assert not Post.objects.filter(pk=newest.pk).exists()
    # Tokens, the account, its month, its boards, and three pages of Pins, the last of old ones.
    assert len(web_server.control()["asked"]) - asked == 7
    renewed = crypto.decrypt_secret(Credential.objects.get().secret)
    assert not set(renewed.values()) & set(secret.values())

    for word in (*secret.values(), "fake-pinterest-secret"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    assert not Credential.objects.exists()
    # Its vendor knows no way to take tokens back; thirty days later nothing is left here.
    assert web_server.control(vendor="pinterest")["revoked"] == []
    Account.objects.update(last_synced_at=timezone.now() - timedelta(days=31))
    assert expire_rows(timezone.now()).accounts == 1
    for model in (Account, Post, Snapshot, AnonymousDay):
        assert not model._default_manager.exists(), model


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
    assert "Pinterest is linked" in linked(alice_client, "pinterest")
    assert synced(account) == "done"


def test_a_no_and_a_right_that_was_left_out_link_nothing(
    alice_client: Client, web_server: WebServer
) -> None:
    assert "You said no" in linked(alice_client, "pinterest", "&decision=deny")
    assert "so nothing was linked" in linked(alice_client, "pinterest", "&granted=pins:read")
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/v5/user_account", {"status": 401}, "relink"),
        ("/v5/boards", {"status": 429}, "limited"),
        ("/v5/pins", {"status": 500, "times": 3}, "retry"),
        ("/v5/pins", {"mode": "broken"}, "broken"),
        ("/v5/pins", {"mode": "huge"}, "broken"),
        ("/v5/boards", {"mode": "half", "times": 3}, "retry"),
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
    nothing_then_done(account, state, Post.objects.all())
    assert Post.objects.exists()
