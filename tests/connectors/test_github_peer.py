"""GitHub against a running server: linking, syncing, looking up, and letting go."""

import logging
from typing import Any

import pytest
from django.test import Client

from connectors import crypto, history, linking, lookup
from connectors.models import Account, Credential, Interaction, Lookup, Post
from connectors.types import Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import linked, nothing_then_done, synced
from tests.fake_web.github import LOGIN, OWN
from tests.web_server import WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice: Person, alice_client: Client, web_server: WebServer) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    assert "GitHub is linked" in linked(alice_client, "github")
    return Account.objects.get(person=alice)


def test_an_account_is_linked_read_scored_and_let_go(
    account: Account, alice: Person, web_server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert (account.native_id, account.handle) == (str(OWN), LOGIN)
    with caplog.at_level(logging.DEBUG):
        sync_and_score(account.pk)
    account.refresh_from_db()
    assert account.state == Account.State.OK
    assert Post.objects.count() == 2
    kinds = list(Interaction._default_manager.values_list("kind", flat=True))
    # Stars of 90 days, not of all 120; two forks; two issues and two comments.
    found = [kinds.count(kind) for kind in (Kind.LIKE, Kind.RESHARE, Kind.COMMENT)]
    assert found in ([89, 2, 4], [90, 2, 4])
    assert Score.objects.filter(person_id=alice.pk).exists()
    before = len(web_server.control()["asked"])
    web_server.control(vendor="github", change={"star": "tiles"})
    assert synced(account) == "done"
    assert Interaction._default_manager.count() == sum(found) + 1
    assert len(web_server.control()["asked"]) - before == 6
    # The new star is in the last page alone; the rest was compared, and is again.
    account.refresh_from_db()
    told = account.validators
    assert told is not None
    assert len(told) == 4
    assert synced(account) == "done"
    account.refresh_from_db()
    assert account.validators == told
    assert Interaction._default_manager.count() == sum(found) + 1
    # A fetch that does not finish tells nothing to compare with.
    web_server.control(vendor="github", change={"star": "tiles"})
    web_server.fault("/forks", status=401)
    assert synced(account) == "given_up"
    account.refresh_from_db()
    assert account.validators == told
    assert synced(account) == "done"
    account.refresh_from_db()
    assert account.validators != told
    assert history.erase_history(account.pk) > 0
    account.refresh_from_db()
    assert account.validators is None
    assert synced(account) == "done"
    assert Interaction._default_manager.count() >= sum(found)
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    assert secret.keys() == {"access"}
    assert Credential.objects.get().expires_at is None
    for word in (secret["access"], "fake-github-secret"):
        assert word not in caplog.text
    linking.unlink(account, erase_history=False)
    told = web_server.control(vendor="github")
    assert (told["revoked"], told["valid"]) == ([secret["access"]], [])


def test_anyone_is_looked_up_without_keys(web_server: WebServer, db: None) -> None:
    ((network_id, ref),) = lookup.understand(f"https://github.com/{LOGIN}")
    begun = lookup.begin_lookup(network_id, ref, None)
    account = lookup.open_account(begun.pk)
    assert account is not None
    assert (account.native_id, account.status) == (str(OWN), Account.Status.OPEN)
    assert synced(account) == "done"
    ((network_id, ref),) = lookup.understand("gh:nobody")
    begun = lookup.begin_lookup(network_id, ref, None)
    assert lookup.open_account(begun.pk) is None
    assert Lookup.objects.get(pk=begun.pk).state == Lookup.State.UNAVAILABLE


def test_a_no_and_a_code_that_was_used_link_nothing(
    alice_client: Client, web_server: WebServer
) -> None:
    assert "You said no" in linked(alice_client, "github", "&decision=deny")
    # GitHub says no with the status 200.
    body = {"error": "bad_verification_code", "error_description": "expired"}
    web_server.fault("/access_token", status=200, body=body)
    assert "so nothing was linked" in linked(alice_client, "github") or (
        not Account.objects.exists()
    )
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/github/user", {"status": 401}, "relink"),
        ("/github/user", {"status": 404}, "gone"),
        ("/repos/", {"status": 429}, "limited"),
        ("/repos/", {"status": 500, "times": 3}, "retry"),
        ("/repos/", {"mode": "broken"}, "broken"),
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
