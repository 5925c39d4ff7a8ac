"""Looking up accounts: what may be shown opens, everything else ends the same way."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import lookup
from connectors.errors import Retry
from connectors.lookup import begin_lookup, open_account, register_open_accounts, understand
from connectors.models import Account, Lookup
from connectors.types import AccountRef, Profile
from people import opt_out
from people.models import Person
from tests.connectors.peer import PeerServer, running_peer
from tests.connectors.records import account_of


@pytest.fixture
def peer(db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[PeerServer]:
    with running_peer(monkeypatch, settings) as peer:
        yield peer


def begun(handle: str) -> Lookup:
    return begin_lookup("testnet", AccountRef("", handle), None)


def profile(handle: str, **fields: Any) -> Profile:
    given = {"native_id": f"id-{handle}", "handle": handle, "name": handle, "url": "", **fields}
    return Profile(**given)


def test_an_open_account_becomes_an_unclaimed_public_profile_that_expires(
    peer: PeerServer,
) -> None:
    peer.answers["ada"] = {}
    row = begun("ada")
    assert row.state == "queued"
    account = open_account(row.pk)
    assert account is not None
    assert (account.status, account.native_id) == ("open", "id-ada")
    person = account.person
    assert (person.origin, person.visibility, person.owner) == ("looked_up", "public", None)
    assert person.expires_at is not None
    assert timedelta(days=29) < person.expires_at - timezone.now() <= timedelta(days=30)
    row.refresh_from_db()
    assert (row.state, row.person_id) == ("syncing", person.pk)
    assert peer.asked == ["/profiles/ada"]


def _absent(peer: PeerServer) -> None:
    peer.answers["ada"] = 404


def _deleted(peer: PeerServer) -> None:
    peer.answers["ada"] = 410


def _refused(peer: PeerServer) -> None:
    peer.answers["ada"] = 403


def _unreadable(peer: PeerServer) -> None:
    peer.answers["ada"] = b"<html>"


def _not_indexable(peer: PeerServer) -> None:
    peer.answers["ada"] = {"indexable": False}


def _of_a_minor(peer: PeerServer) -> None:
    peer.answers["ada"] = {"minor": True}


def _opted_out_by_handle(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    opt_out.opt_out("testnet", ["@Ada"], proven=False)


def _opted_out_by_id(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    opt_out.opt_out("testnet", ["id-ada"], proven=True)


def _known(**fields: Any) -> None:
    person = Person.objects.create(slug="known", name="Known", **fields)
    account = account_of(person, native_id="id-ada")
    Account.objects.filter(pk=account.pk).update(handle="ada")


def _private_here(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    _known(visibility="private")


def _unlisted_here(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    _known(visibility="unlisted")


def _hidden_here(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    _known(visibility="public", hidden_until=timezone.now() + timedelta(days=3))


REASONS = [
    *(_absent, _deleted, _refused, _unreadable, _not_indexable, _of_a_minor),
    *(_opted_out_by_handle, _opted_out_by_id, _private_here, _unlisted_here, _hidden_here),
]


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__.strip("_"))
def test_whatever_may_not_be_shown_ends_the_same_after_the_same_steps(
    peer: PeerServer, reason: Any
) -> None:
    """Nobody can tell from a look-up why there is no profile."""
    reason(peer)
    people = Person.objects.count()
    row = begun("ada")
    assert (row.state, row.person_id, peer.asked) == ("queued", None, [])
    with CaptureQueriesContext(connection) as queries:
        assert open_account(row.pk) is None
    steps = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "connectors_lookup"')]
    assert len(steps) == 2
    assert "'profile'" in steps[0]
    assert "'unavailable'" in steps[1]
    assert peer.asked == ["/profiles/ada"]
    row.refresh_from_db()
    assert (row.state, row.person_id, row.handle) == ("unavailable", None, "ada")
    assert Person.objects.count() == people
    again = begun("ada")
    assert (again.pk, again.state) == (row.pk, "unavailable")
    assert open_account(again.pk) is None
    assert peer.asked == ["/profiles/ada"]


def test_a_negative_answer_is_kept_a_day(peer: PeerServer) -> None:
    row = begun("ada")
    open_account(row.pk)
    Lookup.objects.update(created_at=timezone.now() - lookup.KEPT - timedelta(seconds=1))
    peer.answers["ada"] = {}
    again = begun("ada")
    assert again.pk != row.pk
    assert open_account(again.pk) is not None


@pytest.mark.parametrize("status", [500, 429])
def test_a_network_that_does_not_answer_leaves_no_negative_answer(
    peer: PeerServer, status: int
) -> None:
    peer.answers["ada"] = status
    row = begun("ada")
    assert open_account(row.pk) is None
    row.refresh_from_db()
    assert row.state == "unavailable"
    peer.answers["ada"] = {}
    again = begun("ada")
    assert again.pk != row.pk
    assert open_account(again.pk) is not None


def test_a_public_account_that_is_known_is_answered_without_asking(peer: PeerServer) -> None:
    _known(visibility="public")
    row = begun("ADA")
    assert (row.state, row.person) == ("done", Person.objects.get())
    assert peer.asked == []


def test_an_account_that_is_looked_up_twice_is_one(peer: PeerServer) -> None:
    peer.answers["ada"] = {}
    first = open_account(begun("ada").pk)
    assert first is not None
    Person.objects.update(expires_at=timezone.now() - timedelta(days=1))
    row = begun("ada")
    assert row.state != "done"
    Lookup.objects.exclude(pk=row.pk).delete()
    second = open_account(begun("ada").pk)
    assert second is not None
    assert first.pk == second.pk
    assert Person.objects.filter(expires_at__gt=timezone.now()).count() == 1


def test_a_look_up_under_way_is_shared_and_a_lost_one_is_not(peer: PeerServer) -> None:
    row = begun("ada")
    assert begun("ada").pk == row.pk
    Lookup.objects.update(created_at=timezone.now() - lookup.UNDER_WAY - timedelta(seconds=1))
    assert begun("ada").pk != row.pk


@pytest.mark.django_db(transaction=True)
def test_two_look_ups_of_one_account_at_once_make_one_person(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with running_peer(monkeypatch, settings) as peer:
        peer.answers["ada"] = peer.answers["Ada"] = {"id": "id-ada", "handle": "ada"}
        rows = [begun("ada"), begun("Ada")]

        def run(row: Lookup) -> None:
            open_account(row.pk)
            connection.close()

        threads = [Thread(target=run, args=(row,)) for row in rows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert Account.objects.count() == Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_host_is_asked_by_two_look_ups_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "TURN_SECONDS", 0.2)
    outcomes: list[str] = []

    def third() -> None:
        try:
            with lookup._turn("testnet", "one.example"):
                outcomes.append("in")
        except Retry:
            outcomes.append("full")
        connection.close()

    def second(then: Any) -> None:
        with lookup._turn("testnet", "one.example"):
            thread = Thread(target=then)
            thread.start()
            thread.join(30)
        connection.close()

    with lookup._turn("testnet", "one.example"):
        thread = Thread(target=second, args=(third,))
        thread.start()
        thread.join(30)
    third()
    assert outcomes == ["full", "in"]


def test_a_typed_handle_is_understood_network_by_network(peer: PeerServer) -> None:
    found = {network: ref.handle for network, ref in understand("@ada@one.example")}
    assert "mastodon" in found
    assert "testnet" not in found
    assert understand("  ") == []


# --- Many at once -------------------------------------------------------------------------------
def test_a_directory_is_registered_once_with_an_address_each(
    peer: PeerServer, django_assert_max_num_queries: Any
) -> None:
    Person.objects.create(slug="ada", name="Somebody else")
    profiles = [profile("ada"), profile("b1", name="Ada"), profile("b2", name="Ada")]
    profiles += [profile(f"p{n}", name="小明" if n % 2 else "") for n in range(200)]
    with django_assert_max_num_queries(14):
        ids = register_open_accounts("testnet", profiles)
    assert len(ids) == len(set(ids)) == 203
    assert register_open_accounts("testnet", profiles) == ids
    assert Person.objects.count() == 204
    accounts = Account.objects.in_bulk(ids)
    assert [accounts[pk].handle for pk in ids] == [p.handle for p in profiles]


def test_who_may_not_be_shown_is_not_registered(peer: PeerServer) -> None:
    opt_out.opt_out("testnet", ["out"], proven=True)
    ids = register_open_accounts(
        "testnet",
        [
            profile("in"),
            profile("out"),
            profile("hidden", indexable=False),
            profile("young", states_minor=True),
        ],
    )
    assert [account.handle for account in Account.objects.filter(pk__in=ids)] == ["in"]
    assert Person.objects.count() == 1


def test_registering_keeps_an_account_that_is_already_somebodys(
    peer: PeerServer, alice: Person
) -> None:
    account = account_of(alice, native_id="id-in")
    assert register_open_accounts("testnet", [profile("in")]) == [account.pk]
    account.refresh_from_db()
    assert account.person == alice
