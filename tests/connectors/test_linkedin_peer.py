"""LinkedIn against a running server: linking, syncing, what the products open, and letting go."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import linking
from connectors.models import Account, AnonymousDay, Credential, Interaction, Post, Snapshot
from people.models import Person
from tests.connectors.vendors import begin, linked, nothing_then_done, synced
from tests.fake_web.linkedin import SUB
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(
    alice: Person, alice_client: Client, web_server: WebServer, settings: Settings
) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    settings.NETWORK_SCOPES = {"linkedin": ("r_member_postAnalytics",)}
    assert "scope=openid+profile+r_member_postAnalytics" in begin(alice_client, "linkedin")
    assert "LinkedIn is linked" in linked(alice_client, "linkedin")
    return Account.objects.get(person=alice)


def test_an_account_is_linked_read_and_let_go(account: Account, web_server: WebServer) -> None:
    assert (account.native_id, account.handle) == (SUB, "Astrid Fjord")
    assert synced(account) == "done"
    counts = {"followers": 2140, "connections": 2, "skills": 2, "groups": 0}
    assert Snapshot.objects.get().counts == counts
    assert Post.objects.count() == 3
    newest = Post.objects.latest("created_at")
    assert newest.counts == {"likes": 12, "comments": 3, "reshares": 2, "saves": 1, "views": 800}
    # Nobody is named; what is counted is counted without names.
    assert not Interaction._default_manager.exists()
    assert AnonymousDay._default_manager.exists()
    assert synced(account) == "done"
    assert Post.objects.count() == 3
    linking.unlink(account, erase_history=True)
    told = web_server.control(vendor="linkedin")
    assert len(told["revoked"]) == 2
    assert told["valid"] == []
    assert not Account.objects.exists()


def test_without_products_identity_is_all_and_the_account_waits_for_nobody(
    account: Account, web_server: WebServer
) -> None:
    web_server.control(vendor="linkedin", change={"products": False})
    assert synced(account) == "done"
    account.refresh_from_db()
    assert account.state == Account.State.OK
    assert set(Snapshot.objects.get().counts.values()) == {None}
    assert not Post.objects.exists()


def test_saying_no_links_nothing(alice_client: Client, web_server: WebServer) -> None:
    page = linked(alice_client, "linkedin", "&decision=deny&word=user_cancelled_login")
    assert "You said no" in page
    assert not Account.objects.exists()


def test_access_without_a_refresh_token_ends_with_a_button_to_link_again(
    account: Account, alice_client: Client, web_server: WebServer
) -> None:
    web_server.control()
    Credential.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    web_server.fault("/accessToken", status=400, body={"error": "invalid_grant"})
    assert synced(account) == "given_up"
    account.refresh_from_db()
    assert account.state == Account.State.RELINK
    assert "Link again" in alice_client.get("/networks/").content.decode()


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/v2/userinfo", {"status": 401}, "relink"),
        ("/rest/memberSnapshotData", {"status": 429}, "limited"),
        ("/rest/memberSnapshotData", {"mode": "broken"}, "broken"),
        ("/rest/memberCreatorPostAnalytics", {"status": 500, "times": 3}, "retry"),
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
