"""YouTube against a running server: linking, syncing, what is kept how long, and what goes wrong.

Every question is checked against our description of YouTube's API (tests/fake_web/youtube.py).
"""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import crypto, linking
from connectors.expiry import expire_rows
from connectors.models import Account, AnonymousDay, Credential, Interaction, Post, Snapshot
from people.models import Person
from scoring import why
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import answered, begin, come_back, linked, nothing_then_done, synced
from tests.fake_web.youtube import KEY, OWN, SCOPE, V3
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's channel, linked through the pages; its first sync is not done yet."""
    assert "YouTube is linked" in linked(alice_client, "youtube")
    return Account.objects.get(person=alice)


def test_a_channel_is_linked_read_scored_apart_refreshed_and_let_go(
    account: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert (account.native_id, account.handle) == (OWN, "astridmaps")
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    assert Post.objects.count() == 7
    assert Snapshot.objects.get().counts == {
        "followers": 1840,
        "videos": 7,
        "views_ever": 90_210,
        "playlists": 7,
        "subscriptions": 41,
    }
    # Comments of the last 30 days, each person's once for each: 2+3+4+5+6+7 of six videos.
    assert Interaction._default_manager.count() == 27
    # A score of its own, and none that mixes it with others.
    today = timezone.now().date()
    (apart,) = why.kept_apart(alice.pk, today - timedelta(days=2), today)
    assert apart.network == "youtube"
    assert 1 < apart.value <= 100
    assert not Score.objects.exists()

    # A second sync asks for the channel, its lists, one page of uploads, videos: no comments.
    before = len(web_server.control()["asked"])
    newest = Post.objects.latest("created_at").native_id
    web_server.control(change={"comment": newest})
    assert synced(account) == "done"
    asked = [path.rpartition("/")[2] for path in web_server.control()["asked"][before:]]
    assert asked.count("videos") == 1
    assert Interaction._default_manager.count() == 28

    # The token is renewed before it ends, and the refresh token stays.
    credential = Credential.objects.get()
    secret = crypto.decrypt_secret(credential.secret)
    Credential.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    web_server.control(change={"delete": newest})
    assert synced(account) == "done"
    assert not Post.objects.filter(native_id=newest).exists()
    renewed = crypto.decrypt_secret(Credential.objects.get().secret)
    assert renewed["refresh"] == secret["refresh"]
    assert renewed["access"] != secret["access"]
    assert web_server.control()["refreshed"] == 1

    for word in (*secret.values(), KEY, "fake-youtube-secret"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    assert not Credential.objects.exists()
    told = web_server.control()
    assert told["revoked"] == [renewed["refresh"], renewed["access"]]
    assert renewed["access"] not in told["valid"]


def test_what_was_not_read_anew_within_30_days_goes_and_all_goes_30_days_after_access_ends(
    account: Account, web_server: WebServer
) -> None:
    assert synced(account) == "done"
    now = timezone.now()
    old = now - timedelta(days=31)
    name = Post.objects.latest("created_at").native_id
    Post.objects.filter(native_id=name).update(counted_at=old)
    Snapshot.objects.create(account=account, day=old.date(), counts={"followers": 1})
    assert expire_rows(now).counts == 2
    assert Post.objects.count() == 6
    assert Snapshot.objects.get().day == now.date()
    assert expire_rows(now + timedelta(days=29)).accounts == 0
    Account.objects.update(state=Account.State.RELINK, last_synced_at=old)
    assert expire_rows(now).accounts == 1
    for model in (Account, Credential, Post, Snapshot, Interaction, AnonymousDay):
        assert not model._default_manager.exists(), model


def test_saying_no_links_nothing_and_charlie_cannot_use_alices_answer(
    alice_client: Client, charlie_client: Client, web_server: WebServer
) -> None:
    assert "You said no" in linked(alice_client, "youtube", "&decision=deny")
    assert "so nothing was linked" in linked(alice_client, "youtube", "&granted=openid")
    assert web_server.control()["valid"] == []
    page = come_back(charlie_client, answered(begin(alice_client, "youtube")))
    assert "belongs to no link begun here" in page
    assert not Account.objects.exists()


def test_a_refresh_that_google_refuses_asks_the_person_to_link_again(
    account: Account, alice_client: Client, web_server: WebServer
) -> None:
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    Credential.objects.update(
        secret=crypto.encrypt_secret({**secret, "refresh": "rt-of-yesterday"}),
        expires_at=timezone.now(),
    )
    assert synced(account) == "given_up"
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert "YouTube is linked" in linked(alice_client, "youtube")
    assert synced(account) == "done"


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        (f"{V3}/channels", {"status": 401}, "relink"),
        (f"{V3}/channels", {"status": 404}, "gone"),
        (f"{V3}/videos", {"status": 429}, "limited"),
        (f"{V3}/videos", {"status": 500, "times": 3}, "retry"),
        (f"{V3}/videos", {"mode": "broken"}, "broken"),
        (f"{V3}/playlistItems", {"mode": "huge"}, "broken"),
        (f"{V3}/commentThreads", {"mode": "half", "times": 3}, "retry"),
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
    assert SCOPE in Credential.objects.get().scopes
