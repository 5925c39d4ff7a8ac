"""Foursquare and Viva Engage against a running server: linking, syncing, and letting go."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import crypto, linking, yammer
from connectors.models import Account, Credential, Interaction, Post, Snapshot
from connectors.types import Budget, Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import linked, nothing_then_done, synced
from tests.fake_web import foursquare as fake_foursquare
from tests.fake_web import yammer as fake_yammer
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def on_foursquare(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    assert "Foursquare (Swarm) is linked" in linked(alice_client, "foursquare")
    return Account.objects.get(person=alice)


@pytest.fixture
def on_yammer(
    alice: Person, alice_client: Client, web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> Account:
    """The same at Viva Engage; several fetches of a test are one of half a minute each."""
    patient = Budget(requests=1_000, per_seconds=30, per="credential")
    monkeypatch.setattr(yammer, "NETWORK", replace(yammer.NETWORK, budget=patient))
    assert "Viva Engage (Yammer) is linked" in linked(alice_client, "yammer")
    return Account.objects.get(person=alice)


def kinds() -> dict[Kind, int]:
    told = list(Interaction._default_manager.values_list("kind", flat=True))
    return {Kind(kind): told.count(kind) for kind in set(told)}


def secret() -> dict[str, str]:
    return crypto.decrypt_secret(Credential.objects.get().secret)


def test_check_ins_are_linked_read_scored_and_let_go(
    on_foursquare: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    account = on_foursquare
    assert (account.native_id, account.handle) == (fake_foursquare.OWN, fake_foursquare.NAME)
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    # A day each, but for the one that only its author sees; of every third one people.
    assert Post.objects.count() == 59
    assert kinds() == {Kind.LIKE: 40, Kind.COMMENT: 20}
    assert not Post.objects.exclude(text=b"").exists()
    counts = Snapshot.objects.get().counts
    assert (counts["friends"], counts["tips_liked"], counts["tips_saved"]) == (64, 7, 2)
    assert Score.objects.filter(person_id=alice.pk).exists()
    # One like more, one check-in less: four questions.
    newest, second = Post.objects.order_by("-created_at")[:2]
    before = len(web_server.control()["asked"])
    change = {"like": newest.native_id, "delete": second.native_id}
    web_server.control(vendor="foursquare", change=change)
    assert synced(account) == "done"
    assert kinds()[Kind.LIKE] == 41
    assert not Post.objects.filter(pk=second.pk).exists()
    assert len(web_server.control()["asked"]) - before == 4
    token = secret()["access"]
    for word in (token, "fake-foursquare-secret", "Bryggen"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    assert not Credential.objects.exists(), "its vendor takes no token back: it goes here at once"
    assert web_server.control(vendor="foursquare")["revoked"] == []


def test_messages_are_linked_read_scored_renewed_and_let_go(
    on_yammer: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    account = on_yammer
    assert (account.native_id, account.handle) == (str(fake_yammer.OWN), fake_yammer.NAME)
    assert account.url == ""
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    assert Post.objects.count() == 50
    # Three liked by five; the others by one each; four threads with two replies; one mention.
    assert kinds() == {Kind.LIKE: 15 + 47, Kind.COMMENT: 8, Kind.MENTION: 1}
    assert Snapshot.objects.get().counts["groups"] == 2
    assert Score.objects.filter(person_id=alice.pk).exists()
    before, old = len(web_server.control()["asked"]), secret()
    newest, second = Post.objects.order_by("-created_at")[:2]
    change = {"like": newest.native_id, "delete": second.native_id}
    web_server.control(vendor="yammer", change=change)
    Credential.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    assert synced(account) == "done"
    assert not Post.objects.filter(pk=second.pk).exists()
    assert kinds()[Kind.LIKE] == 15 + 47 + 1
    # Tokens, the member, groups, two feeds, who likes the newest.
    assert len(web_server.control()["asked"]) - before == 6
    assert not set(secret().values()) & set(old.values())
    for word in (*old.values(), *secret().values(), "fake-yammer-secret", "kart.example"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    assert not Credential.objects.exists()
    assert web_server.control(vendor="yammer")["revoked"] == []


def test_access_that_was_taken_back_asks_for_a_new_link(
    on_yammer: Account, alice_client: Client
) -> None:
    told = {**secret(), "refresh": "rt-of-yesterday"}
    Credential.objects.update(secret=crypto.encrypt_secret(told), expires_at=timezone.now())
    assert synced(on_yammer) == "given_up"
    on_yammer.refresh_from_db()
    assert on_yammer.state == Account.State.RELINK
    assert "Viva Engage (Yammer) is linked" in linked(alice_client, "yammer")
    assert synced(on_yammer) == "done"


@pytest.mark.parametrize("network", ["foursquare", "yammer"])
def test_a_no_links_nothing(alice_client: Client, web_server: WebServer, network: str) -> None:
    assert "You said no" in linked(alice_client, network, "&decision=deny")
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/v2/users/self", {"status": 401}, "relink"),
        ("/v2/users/self/checkins", {"status": 500, "times": 3}, "retry"),
        ("/v2/checkins/", {"status": 429}, "limited"),
        ("/v2/users/self/checkins", {"mode": "broken"}, "broken"),
        ("/v2/checkins/", {"mode": "half", "times": 3}, "retry"),
    ],
    ids=str,
)
def test_what_goes_wrong_has_its_state_and_mends_by_itself(
    on_foursquare: Account,
    web_server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fault: dict[str, Any],
    state: str,
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    web_server.fault(path, **fault)
    nothing_then_done(on_foursquare, state, Interaction._default_manager.all())
    assert kinds() == {Kind.LIKE: 40, Kind.COMMENT: 20}
