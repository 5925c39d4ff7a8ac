"""Twitch against a running server: linking, syncing, new tokens, and letting go."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import crypto, linking
from connectors.models import Account, Credential, Interaction, Post, Snapshot
from connectors.types import Direction, Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import answered, begin, come_back, linked, nothing_then_done, synced
from tests.fake_web.twitch import LOGIN, OWN
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's channel, linked through the pages; its first sync is not done yet."""
    assert "Twitch is linked" in linked(alice_client, "twitch")
    return Account.objects.get(person=alice)


def follows(direction: Direction, kind: Kind = Kind.FOLLOW) -> int:
    return Interaction._default_manager.filter(direction=direction, kind=kind).count()


def test_a_channel_is_linked_read_scored_renewed_and_let_go(
    account: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert (account.native_id, account.handle) == (OWN, LOGIN)
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    # Of half a year of follows, a day each, the last 90.
    assert (follows(Direction.RECEIVED), follows(Direction.SENT)) == (90, 2)
    assert follows(Direction.RECEIVED, Kind.RESHARE) == 3
    assert Post.objects.count() == 6
    assert Snapshot.objects.get().counts == {
        "followers": 180,
        "following": 2,
        "videos": 6,
        "hours_streamed": 8,
        "clips": 3,
        "clip_views": 30,
    }
    assert Score.objects.filter(person_id=alice.pk).exists()

    # What is new, in five questions; a video that is gone there goes here. The tokens are renewed
    # before they end, and the refresh token with them.
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    Credential.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    gone = Post.objects.latest("created_at").native_id
    before = len(web_server.control()["asked"])
    web_server.control(vendor="twitch", change={"follow": 900, "delete": gone})
    assert synced(account) == "done"
    assert follows(Direction.RECEIVED) == 91
    assert not Post.objects.filter(native_id=gone).exists()
    asked = web_server.control()["asked"][before:]
    assert [path.split(" ")[0] for path in asked] == ["POST", *["GET"] * 5]
    renewed = crypto.decrypt_secret(Credential.objects.get().secret)
    assert not set(renewed.values()) & set(secret.values())

    for word in (*secret.values(), "fake-twitch-secret"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    assert not Credential.objects.exists()
    told = web_server.control(vendor="twitch")
    assert told["revoked"] == [renewed["access"]]
    assert told["refreshed"] == 1


def test_saying_no_links_nothing_and_charlie_cannot_use_alices_answer(
    alice_client: Client, charlie_client: Client, web_server: WebServer
) -> None:
    assert "You said no" in linked(alice_client, "twitch", "&decision=deny")
    assert "so nothing was linked" in linked(
        alice_client, "twitch", "&granted=moderator:read:followers"
    )
    assert web_server.control(vendor="twitch")["valid"] == []
    page = come_back(charlie_client, answered(begin(alice_client, "twitch")))
    assert "belongs to no link begun here" in page
    assert not Account.objects.exists()


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
    assert "Twitch is linked" in linked(alice_client, "twitch")
    assert synced(account) == "done"


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/helix/users", {"status": 401}, "relink"),
        ("/helix/videos", {"status": 429}, "limited"),
        ("/helix/videos", {"status": 500, "times": 3}, "retry"),
        ("/helix/clips", {"mode": "broken"}, "broken"),
        ("/helix/channels/followers", {"mode": "huge"}, "broken"),
        ("/helix/channels/followed", {"mode": "half", "times": 3}, "retry"),
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
    nothing_then_done(account, state, Interaction._default_manager.all())
    assert Interaction._default_manager.exists()
