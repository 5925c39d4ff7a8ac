"""Linking and unlinking: whose account it is, and what stays."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import crypto, history, linking
from connectors.due import due_day
from connectors.linking import AlreadyLinked, MixedSample, attach, unlink
from connectors.models import Account, Credential, FetchState, Interaction, Post
from connectors.oauth import LinkRefused, Proof
from connectors.store import store
from connectors.types import Profile
from people import opt_out
from people.models import ConsentEvent, Person
from tests.connectors.records import account_of, post, reaction, target_of
from tests.sample_server import SampleServer

REDIRECT = "http://testserver/networks/sample/done/"
PROOF = Proof(
    Profile("77", "ada@one.example", "Ada", "https://one.example/@ada"),
    server="one.example",
    secret={"access": "token-that-must-stay-secret"},
    scopes="read",
)


@pytest.fixture
def unclaimed(db: None) -> Account:
    """A looked-up account with a history."""
    person = Person.objects.create(
        slug="ada", name="Ada", origin=Person.Origin.LOOKED_UP, visibility="public"
    )
    account = account_of(person, network="mastodon", native_id="77", linked=False)
    store(target_of(account), [post(), reaction("a")])
    return account


def test_a_proven_account_is_linked_with_consent_credential_and_a_waiting_fetch(
    alice: Person,
) -> None:
    account = attach(alice, "mastodon", PROOF)
    assert (account.person_id, account.status, account.state) == (alice.pk, "linked", "new")
    credential = Credential.objects.get(account=account)
    assert crypto.decrypt_secret(credential.secret) == PROOF.secret
    assert b"must-stay-secret" not in bytes(credential.secret)
    event = ConsentEvent.objects.get()
    assert (event.what, event.given, event.person_id) == ("link:mastodon", True, alice.pk)
    fetch = FetchState.objects.get()
    assert (fetch.status, fetch.day) == ("queued", due_day(timezone.now()))


def test_a_proof_of_identity_alone_keeps_no_secret(alice: Person) -> None:
    attach(alice, "bluesky", replace(PROOF, secret={}))
    credential = Credential.objects.get()
    assert (credential.kind, bytes(credential.secret)) == ("none", b"")


def test_linking_again_renews_the_credential_and_wakes_the_account(alice: Person) -> None:
    account = attach(alice, "mastodon", PROOF)
    Account.objects.update(state="relink", state_detail="Access has expired.")
    FetchState.objects.update(status="given_up", attempts=5)
    again = attach(alice, "mastodon", replace(PROOF, secret={"access": "new"}))
    assert again.pk == account.pk
    assert (again.state, again.state_detail) == ("new", "")
    assert crypto.decrypt_secret(Credential.objects.get().secret) == {"access": "new"}
    assert (FetchState.objects.get().status, FetchState.objects.get().attempts) == ("queued", 0)


def test_a_second_claimant_is_refused_and_learns_nothing(alice: Person, bob: Person) -> None:
    attach(alice, "mastodon", PROOF)
    with pytest.raises(AlreadyLinked) as refused:
        attach(bob, "mastodon", replace(PROOF, secret={"access": "bobs"}))
    assert "alice" not in str(refused.value).lower()
    assert Account.objects.get().person_id == alice.pk
    assert crypto.decrypt_secret(Credential.objects.get().secret) == PROOF.secret
    assert not ConsentEvent.objects.filter(person=bob).exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_link_one_account_at_once_do_not_both_get_it(
    alice: Person, bob: Person
) -> None:
    for round_number in range(5):
        proof = replace(PROOF, profile=replace(PROOF.profile, native_id=f"race{round_number}"))
        barrier = Barrier(2)
        outcomes: list[str] = []

        def claim(person: Person, proof: Proof = proof, barrier: Barrier = barrier) -> None:
            barrier.wait(30)
            try:
                attach(person, "mastodon", proof)
                outcomes.append("linked")  # noqa: B023
            except AlreadyLinked:
                outcomes.append("refused")  # noqa: B023
            finally:
                connection.close()

        threads = [Thread(target=claim, args=(person,)) for person in (alice, bob)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["linked", "refused"]
    assert Account.objects.count() == Credential.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_one_person_cannot_link_sample_and_real_at_once(alice: Person) -> None:
    for round_number in range(5):
        Account.objects.all().delete()
        barrier = Barrier(2)
        outcomes: list[str] = []

        def claim(network: str, barrier: Barrier = barrier) -> None:
            barrier.wait(30)
            try:
                attach(alice, network, PROOF)
                outcomes.append("linked")  # noqa: B023
            except MixedSample:
                outcomes.append("refused")  # noqa: B023
            finally:
                connection.close()

        threads = [Thread(target=claim, args=(network,)) for network in ("sample", "mastodon")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["linked", "refused"], round_number


@pytest.mark.parametrize(("first", "second"), [("sample", "mastodon"), ("mastodon", "sample")])
def test_sample_accounts_are_never_beside_real_ones(alice: Person, first: str, second: str) -> None:
    held = attach(alice, first, PROOF)
    with pytest.raises(MixedSample):
        attach(alice, second, PROOF)
    assert Account.objects.count() == 1
    unlink(held, erase_history=True)
    assert attach(alice, second, PROOF).network == second


def test_an_unclaimed_profile_is_claimed_with_its_history(
    alice: Person, unclaimed: Account
) -> None:
    account = attach(alice, "mastodon", PROOF)
    assert account.pk == unclaimed.pk
    assert (account.person_id, account.status) == (alice.pk, "linked")
    assert list(Person.objects.all()) == [alice]
    assert Interaction._default_manager.count() == 1


def test_linking_lifts_the_owners_opt_out(alice: Person) -> None:
    opt_out.opt_out("mastodon", ["77", "@ada@one.example"], proven=True)
    attach(alice, "mastodon", PROOF)
    assert not opt_out.is_opted_out("mastodon", "77", "ada@one.example")


# --- Unlinking ----------------------------------------------------------------------------------
def test_unlinking_deletes_the_credential_and_keeps_what_was_counted(
    alice: Person, unclaimed: Account
) -> None:
    account = attach(alice, "mastodon", replace(PROOF, secret={}))
    unlink(account, erase_history=False)
    account.refresh_from_db()
    assert account.status == "unlinked"
    assert not Credential.objects.exists()
    assert not FetchState.objects.exclude(status="done").exists()
    assert Interaction._default_manager.count() == 1
    assert not ConsentEvent.objects.order_by("-id")[0].given


def test_unlinking_with_the_history_leaves_nothing_of_the_account(
    alice: Person, unclaimed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[int] = []

    def remove(account_id: int) -> int:
        derived.append(account_id)
        return 1

    monkeypatch.setattr(history, "_derived", [remove])
    account = attach(alice, "mastodon", replace(PROOF, secret={}))
    unlink(account, erase_history=True)
    assert not Account.objects.exists()
    assert not Interaction._default_manager.exists()
    assert not Post.objects.exists()
    assert derived == [unclaimed.pk]


def test_who_comes_back_finds_the_own_history_and_another_does_not(
    alice: Person, bob: Person, unclaimed: Account
) -> None:
    proof = replace(PROOF, secret={})
    unlink(attach(alice, "mastodon", proof), erase_history=False)
    assert attach(alice, "mastodon", proof).pk == unclaimed.pk
    assert Interaction._default_manager.count() == 1
    unlink(Account.objects.get(), erase_history=False)
    account = attach(bob, "mastodon", proof)
    assert (account.person_id, account.first_synced_at) == (bob.pk, None)
    assert not Interaction._default_manager.exists()
    assert not Post.objects.exists()
    assert Person.objects.filter(pk=alice.pk).exists()


# --- The flow with the running network ----------------------------------------------------------
def begun(server: SampleServer) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is kept, and the parameters of an answer that the person denied."""
    begun = linking.begin("sample", hint="", redirect_uri=REDIRECT)
    state = dict(parse_qsl(urlsplit(begun.redirect_url).query))["state"]
    return begun.kept, {"state": state, "error": "access_denied"}


def refused(kept: dict[str, str], params: dict[str, str], network: str = "sample") -> str:
    with pytest.raises(LinkRefused) as refusal:
        linking.complete(network, redirect_uri=REDIRECT, kept=kept, params=params)
    return refusal.value.reason


def test_an_answer_to_another_flow_is_refused(db: None, sample_server: SampleServer) -> None:
    kept, params = begun(sample_server)
    other, _ = begun(sample_server)
    assert refused(kept, params) == "denied"
    assert refused(other, params) == "state"
    assert refused({}, params) == "state"
    assert refused(kept, {}) == "state"
    assert refused(kept, params, network="bluesky") == "state"
    assert refused({"state": kept["state"], "network": "sample"}, params) == "expired"


def test_a_flow_that_took_too_long_is_refused(db: None, sample_server: SampleServer) -> None:
    kept, params = begun(sample_server)
    long_ago = timezone.now() - linking.FLOW_LASTS - timedelta(seconds=1)
    assert refused({**kept, "begun_at": long_ago.isoformat()}, params) == "expired"


def test_a_network_without_linking_is_a_key_error(db: None, settings: Settings) -> None:
    with pytest.raises(KeyError):
        linking.begin("nosuch", hint="", redirect_uri=REDIRECT)


def test_unlinking_works_though_the_network_does_not_answer(
    alice: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    settings.SAMPLE_NETWORK_URL = "http://127.0.0.1:1"
    settings.LOCAL_ORIGINS = ["http://127.0.0.1:1"]
    account: Any = attach(alice, "sample", replace(PROOF, server=""))
    unlink(account, erase_history=True)
    assert not Account.objects.exists()
    assert not Credential.objects.exists()
