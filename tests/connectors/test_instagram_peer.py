"""Instagram against a running server: linking, syncing, tokens of 60 days, and what goes wrong.

Every question is checked against our description of the Graph (tests/fake_graph/description.py).
"""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import credentials, crypto, linking
from connectors.models import (
    Account,
    AnonymousDay,
    Credential,
    Interaction,
    Post,
    Reactor,
    Snapshot,
)
from connectors.types import Kind
from people import erasure
from people.models import Person
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.linking_by_hand import answered, begin, come_back
from tests.connectors.vendors import synced
from tests.fake_graph.world import IG_ID, IG_NAME, IG_USER_ID
from tests.graph_server import GraphServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(alice: Person, alice_client: Client, graph_server: GraphServer) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    page = come_back(alice_client, answered(begin(alice_client, "instagram")))
    assert "Instagram is linked" in page
    return Account.objects.get(person=alice)


def test_an_account_is_linked_read_scored_and_read_again(
    linked: Account, graph_server: GraphServer, alice: Person
) -> None:
    assert (linked.native_id, linked.handle, linked.granted_by) == (IG_USER_ID, IG_NAME, IG_ID)
    sync_and_score(linked.pk)
    linked.refresh_from_db()
    assert linked.state == Account.State.OK
    posts = graph_server.control()["world"]["instagram"]["media"]
    # The post of last winter is read no more; the others all are.
    assert Post.objects.count() == len(posts) - 1
    counts = Snapshot.objects.get(account=linked).counts
    assert counts["followers"] == 2410
    assert counts["month_views"] == 12_400
    kinds = set(Interaction.objects.values_list("kind", flat=True))
    assert kinds == {Kind.COMMENT, Kind.MENTION}
    assert set(AnonymousDay.objects.values_list("kind", flat=True)) == {Kind.LIKE, Kind.SAVE}
    # Each comment with its answer, those beyond the first fifty too, and one mention.
    said = sum(len(post["comments"]) + 1 for post in posts[:-1])
    assert Interaction.objects.count() == said + 1
    assert Score.objects.filter(person_id=alice.pk).exists()
    _later_sync(linked, graph_server, posts)


def _later_sync(linked: Account, graph_server: GraphServer, posts: Any) -> None:
    """A later sync asks little, sees new counts, and removes what was taken down."""
    before = graph_server.control(
        remove=["instagram", "media", posts[2]["id"]],
        change=["instagram", posts[0]["id"], {"like_count": 77}],
    )["asked"]
    assert synced(linked) == "done"
    asked = graph_server.control()["asked"][len(before) :]
    paths = [path.removeprefix("/instagram/v26.0/") for path in asked]
    # A post with more comments than come along, none of them new, is not asked about.
    assert paths == ["me", "me/insights", "me/media", "me/tags"]
    assert not Post.objects.filter(native_id=posts[2]["id"]).exists()
    assert Post.objects.get(native_id=posts[0]["id"]).counts["likes"] == 77


def test_somebody_who_acted_under_their_name_is_erased_with_their_account(
    linked: Account, graph_server: GraphServer, bob: Person
) -> None:
    synced(linked)
    Account.objects.create(
        person=bob, network="instagram", native_id="55", handle="Pilot.Station", status="linked"
    )
    assert Reactor.objects.filter(native_id="pilot.station").exists()
    erasure.erase(bob)
    assert not Reactor.objects.filter(native_id="pilot.station").exists()


def test_who_has_an_account_here_acts_as_that_account_and_is_no_stranger_to_it(
    linked: Account, graph_server: GraphServer, bob: Person
) -> None:
    for native_id, handle, status in (
        ("55", "Pilot.Station", "linked"),
        ("56", "reader.03", "unlinked"),
    ):
        Account.objects.create(
            person=bob, network="instagram", native_id=native_id, handle=handle, status=status
        )
    assert synced(linked) == "done"
    assert synced(linked) == "done"
    reactor = Reactor.objects.get(handle="pilot.station")
    assert reactor.native_id == "55"
    assert Interaction.objects.filter(reactor_key=reactor.pk, kind=Kind.MENTION).count() == 1
    # A handle that nobody holds any more may be somebody else's by now.
    assert Reactor.objects.get(handle="reader.03").native_id == "reader.03"


def test_saying_no_or_leaving_the_account_out_links_nothing(
    alice_client: Client, charlie_client: Client, graph_server: GraphServer, settings: Settings
) -> None:
    no = answered(begin(alice_client, "instagram"), "&decision=deny")
    assert "You said no" in come_back(alice_client, no)
    less = answered(begin(alice_client, "instagram"), "&granted=instagram_business_manage_comments")
    assert "so nothing was linked" in come_back(alice_client, less)
    # Given back at once: nothing opens anything.
    assert graph_server.control()["valid"] == []
    location = answered(begin(alice_client, "instagram"))
    assert "belongs to no link begun here" in come_back(charlie_client, location)
    assert "Instagram is linked" in come_back(alice_client, location)
    assert "belongs to no link begun here" in come_back(alice_client, location)
    settings.NETWORK_APPS = {"instagram": ("fake-instagram", "wrong")}
    page = come_back(alice_client, answered(begin(alice_client, "instagram")))
    assert "It is not your fault" in page
    assert Account.objects.count() == 1


def test_unlinking_deletes_the_credential_and_takes_the_access_back(
    linked: Account, graph_server: GraphServer
) -> None:
    linking.unlink(linked, erase_history=False)
    assert not Credential.objects.exists()
    told = graph_server.control()
    assert (told["revoked"], told["valid"]) == ([["instagram", "me"]], [])


def test_secrets_are_in_no_log(
    alice_client: Client, graph_server: GraphServer, caplog: pytest.LogCaptureFixture
) -> None:
    # As klout.logs sets them up: addresses hold secrets at this vendor.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG):
        come_back(alice_client, answered(begin(alice_client, "instagram")))
        synced(Account.objects.get())
    assert caplog.text
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    for word in (*secret.values(), "fake-graph-secret"):
        assert word not in caplog.text


# --- Tokens that end ------------------------------------------------------------------------------
def expire(account: Account, **left: int) -> None:
    Credential.objects.filter(account=account).update(expires_at=timezone.now() + timedelta(**left))


def test_a_token_is_renewed_a_month_before_it_ends_and_a_fault_then_costs_nothing(
    linked: Account, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    before = crypto.decrypt_secret(Credential.objects.get().secret)
    expire(linked, days=31)
    assert credentials.token_of(linked, timezone.now())[0] == before["access"]
    expire(linked, days=29)
    graph_server.fault("/refresh_access_token", status=503, times=3)
    assert credentials.token_of(linked, timezone.now())[0] == before["access"]
    assert synced(linked) == "done"
    credential = Credential.objects.get()
    after = crypto.decrypt_secret(credential.secret)
    assert after["access"] != before["access"]
    assert after["refresh"] == after["access"]
    assert credential.expires_at is not None
    assert credential.expires_at > timezone.now() + timedelta(days=59)
    assert graph_server.control()["refreshed"] == 1


def test_an_access_that_has_ended_asks_the_person_to_link_again(
    linked: Account, graph_server: GraphServer, alice_client: Client
) -> None:
    graph_server.control(end="instagram")
    expire(linked, days=20)
    assert synced(linked) == "given_up"
    linked.refresh_from_db()
    assert linked.state == Account.State.RELINK
    assert "Link again" in alice_client.get("/networks/").content.decode()
    page = come_back(alice_client, answered(begin(alice_client, "instagram")))
    assert "Instagram is linked" in page
    assert synced(linked) == "done"


# --- What goes wrong ------------------------------------------------------------------------------
def test_what_goes_wrong_has_its_state_stores_nothing_half_and_mends(
    linked: Account, graph_server: GraphServer, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    monkeypatch.setattr("connectors.http.MAX_BYTES", 2**20)
    faults: list[tuple[str, dict[str, Any], str]] = [
        ("/me", {"status": 401}, "relink"),
        ("/me", {"status": 403, "code": 10}, "operator"),
        ("/me", {"status": 403}, "relink"),
        ("/me", {"status": 404}, "gone"),
        ("/me", {"status": 410}, "gone"),
        ("/me", {"status": 400, "code": 100, "subcode": 33}, "gone"),
        ("/me", {"status": 429}, "limited"),
        ("/me", {"status": 400, "code": 4}, "limited"),
        ("/me", {"status": 500, "times": 3}, "retry"),
        ("/me", {"mode": "broken"}, "broken"),
        ("/me", {"mode": "huge"}, "broken"),
        ("/me", {"mode": "half", "times": 3}, "retry"),
        # In the middle of a fetch nothing half is stored, either.
        ("/media", {"status": 400, "code": 80002}, "limited"),
        ("/media", {"mode": "half", "times": 3}, "retry"),
        ("/comments", {"status": 500, "times": 3}, "retry"),
        ("/tags", {"status": 401, "code": 190}, "relink"),
    ]
    for match, fault, state in faults:
        graph_server.fault(match, **fault)
        assert synced(linked) in {"failed", "given_up"}, fault
        linked.refresh_from_db()
        assert linked.state == state, (match, fault)
        assert not Post.objects.exists()
        assert not Interaction.objects.exists()
    graph_server.control(usage={"X-App-Usage": '{"call_count": 99}'})
    assert synced(linked) in {"failed", "given_up"}
    linked.refresh_from_db()
    assert linked.state == Account.State.LIMITED
    graph_server.control(usage={"X-App-Usage": '{"call_count": 9}'})
    # A port of this machine on which nobody listens.
    address, settings.INSTAGRAM_GRAPH_URL = settings.INSTAGRAM_GRAPH_URL, "http://127.0.0.1:9"
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, "http://127.0.0.1:9"]
    assert synced(linked) in {"failed", "given_up"}
    linked.refresh_from_db()
    assert linked.state == Account.State.RETRY
    settings.INSTAGRAM_GRAPH_URL = address
    assert synced(linked) == "done"
    linked.refresh_from_db()
    assert linked.state == Account.State.OK
    assert Post.objects.exists()
