"""Threads against a running server: linking, syncing, tokens of 60 days, and what goes wrong.

What it shares with Instagram (the client, tokens, faults) is tried there.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors import credentials, crypto, linking
from connectors.models import (
    Account,
    AnonymousDay,
    Credential,
    Interaction,
    Post,
    Snapshot,
)
from connectors.types import Kind
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.linking_by_hand import answered, begin, come_back
from tests.connectors.vendors import synced
from tests.fake_graph.world import THREADS_ID, THREADS_NAME
from tests.graph_server import GraphServer

pytestmark = pytest.mark.django_db


def test_an_account_is_linked_read_scored_read_again_and_unlinked(
    alice: Person, alice_client: Client, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = come_back(alice_client, answered(begin(alice_client, "threads")))
    assert "Threads is linked" in page
    account = Account.objects.get(person=alice)
    named = (account.native_id, account.handle, account.granted_by)
    assert named == (THREADS_ID, THREADS_NAME, THREADS_ID)
    sync_and_score(account.pk)
    posts = graph_server.control()["world"]["threads"]["threads"]
    assert Post.objects.count() == len(posts) - 1
    assert Snapshot.objects.get().counts == {"followers": 1530, "month_views": 225}
    assert set(Interaction.objects.values_list("kind", flat=True)) == {Kind.COMMENT, Kind.MENTION}
    kinds = {Kind.LIKE, Kind.RESHARE, Kind.QUOTE}
    assert set(AnonymousDay.objects.values_list("kind", flat=True)) == kinds
    # The replies beyond the first hundred, too.
    assert Interaction.objects.count() == sum(len(post["replies"]) for post in posts[:-1]) + 1
    assert Score.objects.filter(person_id=alice.pk).exists()
    _later_sync(account, graph_server, posts[0]["id"], posts[2]["id"])
    _renewal(account, graph_server)
    _faults(account, graph_server, monkeypatch)
    linking.unlink(account, erase_history=False)
    told = graph_server.control()
    assert (told["revoked"], told["valid"]) == ([["threads", "me"]], [])
    assert not Credential.objects.exists()


def _later_sync(account: Account, graph_server: GraphServer, newest: str, gone: str) -> None:
    """A later sync asks for counts that are due, for no reply that is known, and removes."""
    before = graph_server.control(remove=["threads", "threads", gone])["asked"]
    assert synced(account) == "done"
    asked = graph_server.control()["asked"][len(before) :]
    paths = [path.removeprefix("/threads/v1.0/") for path in asked]
    assert f"{newest}/insights" in paths
    assert not any(path.endswith("/replies") for path in paths)
    assert len(paths) < 4 + Post.objects.count()
    assert not Post.objects.filter(native_id=gone).exists()


def _renewal(account: Account, graph_server: GraphServer) -> None:
    before = crypto.decrypt_secret(Credential.objects.get().secret)["access"]
    Credential.objects.update(expires_at=timezone.now() + timedelta(days=29))
    after = credentials.token_of(account, timezone.now())[0]
    assert after != before
    assert graph_server.control()["refreshed"] == 1


def _faults(account: Account, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    known = Interaction.objects.count()
    faults: list[tuple[str, dict[str, Any], str]] = [
        ("/me", {"status": 401}, "relink"),
        ("/me", {"status": 400, "code": 100, "subcode": 33}, "gone"),
        ("/me/threads", {"status": 400, "code": 613}, "limited"),
        ("/me/threads", {"mode": "half", "times": 3}, "retry"),
        ("/insights", {"status": 500, "times": 3}, "retry"),
        ("/me/mentions", {"mode": "broken"}, "broken"),
    ]
    for match, fault, state in faults:
        graph_server.fault(match, **fault)
        assert synced(account) in {"failed", "given_up"}, fault
        account.refresh_from_db()
        assert account.state == state, (match, fault)
    assert synced(account) == "done"
    assert Interaction.objects.count() == known


def test_a_wrong_answer_links_nothing(alice_client: Client, graph_server: GraphServer) -> None:
    no = answered(begin(alice_client, "threads"), "&decision=deny")
    assert "You said no" in come_back(alice_client, no)
    graph_server.fault("/threads/access_token", status=400, code=190)
    page = come_back(alice_client, answered(begin(alice_client, "threads")))
    assert "It is not your fault" in page
    # The token of an hour was given back.
    assert graph_server.control()["valid"] == []
    assert not Account.objects.exists()
