"""Pages of Facebook against a running server: signing in, picking a Page, syncing, taking back.

What it shares with Instagram (the client, faults) is tried there.
"""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from connectors import crypto, linking
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
from tests.fake_graph.world import FB_USER_ID, PAGE_ID, PAGE_NAME
from tests.graph_server import GraphServer

pytestmark = pytest.mark.django_db
CHOOSE = "/networks/facebook/choose/"
CHOIR = "104000000000102"


def back_to_choose(client: Client) -> str:
    """Return the page that asks which Page is meant."""
    return come_back(client, answered(begin(client, "facebook")))


def test_a_page_is_picked_read_scored_read_again_and_unlinked(
    alice: Person, alice_client: Client, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = back_to_choose(alice_client)
    assert "You have several accounts at Facebook" in page
    assert re.findall(r'name="account" value="(\d+)"', page) == [PAGE_ID, CHOIR]
    # Nothing of a token is in the page, and nothing is linked before one is picked.
    assert "tok-" not in page
    assert not Account.objects.exists()
    assert "Pick an account" in alice_client.post(CHOOSE, {"account": "999"}).content.decode()
    answer = alice_client.post(CHOOSE, {"account": PAGE_ID}, follow=True)
    assert "Facebook is linked" in answer.content.decode()
    account = Account.objects.get(person=alice)
    named = (account.native_id, account.handle, account.granted_by)
    assert named == (PAGE_ID, PAGE_NAME, FB_USER_ID)
    credential = Credential.objects.get()
    assert credential.expires_at is None
    # The Page's own token is kept, and the person's is not.
    assert set(crypto.decrypt_secret(credential.secret)) == {"access", "user"}
    sync_and_score(account.pk)
    _as_told(account, graph_server)
    assert Score.objects.filter(person_id=alice.pk).exists()
    _faults(account, graph_server, monkeypatch)
    linking.unlink(account, erase_history=False)
    told = graph_server.control()
    assert (told["revoked"], told["valid"]) == ([["facebook", FB_USER_ID]], [])


def _as_told(account: Account, graph_server: GraphServer) -> None:
    """What was stored is what the server told; a later sync asks little and removes."""
    posts = graph_server.control()["world"]["facebook"]["accounts"][0]["published_posts"]
    assert Post.objects.count() == len(posts) - 1
    counts = Snapshot.objects.get().counts
    assert (counts["followers"], counts["month_views"], counts["follows_gained"]) == (
        8120,
        31_200,
        11,
    )
    assert set(Interaction.objects.values_list("kind", flat=True)) == {Kind.COMMENT, Kind.MENTION}
    kinds = {Kind.LIKE, Kind.RESHARE}
    assert set(AnonymousDay.objects.values_list("kind", flat=True)) == kinds
    assert Interaction.objects.count() == sum(len(post["comments"]) for post in posts[:-1]) + 1
    newest = Post.objects.order_by("-created_at")[0]
    assert (newest.counts["likes"], newest.counts["loves"]) == (20, 5)
    before = graph_server.control(remove=["facebook", "published_posts", posts[2]["id"]])["asked"]
    assert synced(account) == "done"
    asked = graph_server.control()["asked"][len(before) :]
    paths = [path.removeprefix("/facebook/v26.0/me") for path in asked]
    assert paths == ["", "/insights", "/insights", "/published_posts", "/tagged"]
    assert not Post.objects.filter(native_id=posts[2]["id"]).exists()


def _faults(account: Account, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    known = Interaction.objects.count()
    faults: list[tuple[str, dict[str, Any], str]] = [
        ("/me", {"status": 400, "code": 190, "subcode": 460}, "relink"),
        ("/me", {"status": 403, "code": 10}, "operator"),
        ("/published_posts", {"status": 400, "code": 80001}, "limited"),
        ("/published_posts", {"mode": "half", "times": 3}, "retry"),
        ("/tagged", {"mode": "broken"}, "broken"),
    ]
    for match, fault, state in faults:
        graph_server.fault(match, **fault)
        assert synced(account) in {"failed", "given_up"}, fault
        account.refresh_from_db()
        assert account.state == state, (match, fault)
    assert synced(account) == "done"
    assert Interaction.objects.count() == known


def test_whoever_runs_one_page_is_not_asked_and_none_is_said(
    alice: Person, alice_client: Client, graph_server: GraphServer
) -> None:
    graph_server.control(remove=["facebook", "accounts", PAGE_ID])
    assert "Facebook is linked" in back_to_choose(alice_client)
    assert Account.objects.get(person=alice).native_id == CHOIR
    Account.objects.all().delete()
    graph_server.control(remove=["facebook", "accounts", CHOIR])
    assert "you allowed no account that can be linked" in back_to_choose(alice_client)
    only_some = [{"permission": "pages_show_list", "status": "granted"}]
    graph_server.control(change=["facebook", FB_USER_ID, {"permissions": only_some}])
    assert "so nothing was linked" in back_to_choose(alice_client)
    # What is allowed for other Pages stays.
    assert graph_server.control()["revoked"] == []
    assert not Account.objects.exists()


def test_a_choice_is_its_owners_used_once_and_can_be_left(
    alice: Person, alice_client: Client, charlie_client: Client, graph_server: GraphServer
) -> None:
    back_to_choose(alice_client)
    for client in (charlie_client, Client()):
        client.post(CHOOSE, {"account": PAGE_ID})
    assert not Account.objects.exists()
    assert alice_client.get("/networks/instagram/choose/").status_code == 302
    # Looking for another network's choice has ended this one.
    answer = alice_client.post(CHOOSE, {"account": PAGE_ID}, follow=True).content.decode()
    assert "took too long" in answer
    back_to_choose(alice_client)
    alice_client.post(CHOOSE, {"cancel": "1"})
    assert graph_server.control()["revoked"] == [["facebook", FB_USER_ID]]
    assert not Account.objects.exists()


def test_a_second_page_rests_on_the_same_yes_and_outlives_the_first(
    alice: Person, alice_client: Client, bob: Person, graph_server: GraphServer
) -> None:
    back_to_choose(alice_client)
    alice_client.post(CHOOSE, {"account": PAGE_ID})
    first = Account.objects.get()
    second = Account.objects.create(
        person=bob,
        network="facebook",
        native_id=CHOIR,
        handle="harbourchoir",
        granted_by=FB_USER_ID,
        status="linked",
    )
    linking.unlink(first, erase_history=False)
    assert graph_server.control()["revoked"] == []
    Credential.objects.create(
        account=second,
        kind="token",
        secret=crypto.encrypt_secret({"access": "x", "user": FB_USER_ID}),
    )
    linking.unlink(second, erase_history=False)
    assert graph_server.control()["revoked"] == [["facebook", FB_USER_ID]]


def test_a_page_signs_nobody_in(client: Client, graph_server: GraphServer) -> None:
    assert client.post("/sign-in/facebook/").status_code == 404
    page = client.get("/accounts/login/").content.decode()
    assert "/sign-in/instagram/" in page
    assert "/sign-in/facebook/" not in page


def test_a_used_code_and_a_wrong_secret_are_told_apart(
    alice_client: Client, graph_server: GraphServer, settings: Settings
) -> None:
    graph_server.fault("/oauth/access_token", status=400, code=100)
    assert "took too long" in back_to_choose(alice_client)
    settings.NETWORK_APPS = {"facebook": ("fake-facebook", "wrong")}
    assert "It is not your fault" in back_to_choose(alice_client)
