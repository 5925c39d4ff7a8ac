"""Opt-outs as keyed hashes, and removal by who has no account here."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from flask import Flask, jsonify, request
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from werkzeug.serving import make_server

from connectors.models import Account
from people import opt_out, removal, visibility
from people.models import OptOut, Person, User
from people.networks import NamedAccount
from tests.people.traces import in_tables

pytestmark = pytest.mark.django_db

PAGE = "/people/remove/"
ADA = NamedAccount("sample", ("a1", "ada"))


def looked_up(name: str = "ada") -> Person:
    """Return an unclaimed public profile with an account on the sample network."""
    person = Person.objects.create(
        slug=f"sample-{name}", name=name.title(), visibility="public", origin="looked_up"
    )
    Account.objects.create(
        person=person, network="sample", native_id="a1", handle=name, status="open", state="ok"
    )
    return person


# --- Keyed hashes ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["ada", "@ada", " Ada ", "@ADA", "ａda"])
def test_a_name_is_found_however_it_is_written(name: str) -> None:
    opt_out.opt_out("sample", ["ada"], proven=True)
    assert opt_out.is_opted_out("sample", name)


def test_other_names_and_other_networks_are_not_opted_out() -> None:
    opt_out.opt_out("sample", ["ada"], proven=True)
    assert not opt_out.is_opted_out("sample", "adam", "")
    assert not opt_out.is_opted_out("mastodon", "ada")
    assert opt_out.is_opted_out("sample", "someone", "ada")


def test_many_names_are_asked_at_once(django_assert_num_queries: Any) -> None:
    opt_out.opt_out("sample", ["ada", "grace"], proven=True)
    with django_assert_num_queries(1):
        assert opt_out.opted_out_of("sample", ["@Ada", "grace", "joan"]) == {"@Ada", "grace"}


def test_no_name_is_stored_and_another_key_makes_other_hashes(settings: Settings) -> None:
    opt_out.opt_out("sample", ["ada-lovelace"], proven=True)
    assert in_tables("lovelace") == set()
    first = opt_out.key_hash("sample", "ada-lovelace")
    settings.OPT_OUT_KEY = "another key"
    assert opt_out.key_hash("sample", "ada-lovelace") != first


def test_an_empty_name_opts_nobody_out() -> None:
    opt_out.opt_out("sample", ["", "@", "  "], proven=True)
    assert not OptOut.objects.exists()


def test_without_proof_it_ends_after_thirty_days() -> None:
    opt_out.opt_out("sample", ["ada"], proven=False)
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        assert opt_out.is_opted_out("sample", "ada")
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        assert not opt_out.is_opted_out("sample", "ada")
        assert opt_out.expire() == 1


def test_proof_makes_it_permanent_and_a_stranger_cannot_weaken_it() -> None:
    opt_out.opt_out("sample", ["ada"], proven=False)
    opt_out.opt_out("sample", ["ada"], proven=True)
    opt_out.opt_out("sample", ["ada"], proven=False)
    assert OptOut.objects.get().expires_at is None
    assert opt_out.expire() == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_hashes_are_equal_just_when_the_written_names_are(one: str, other: str) -> None:
    same = opt_out.normalised(one) == opt_out.normalised(other)
    assert (opt_out.key_hash("n", one) == opt_out.key_hash("n", other)) == same


# --- Removal without an account here --------------------------------------------------------------
def test_a_stranger_hides_a_profile_at_once_for_thirty_days(client: Client) -> None:
    person = looked_up()
    assert visibility.may_see(person, User())
    assert client.post(PAGE, {"account": "@ada@sample"}).status_code == 200
    person.refresh_from_db()
    assert person.hidden_until is not None
    assert timedelta(days=29) < person.hidden_until - timezone.now() <= timedelta(days=30)
    assert not visibility.may_see(person, User())
    assert not visibility.publicly_visible([person.pk])
    assert opt_out.is_opted_out("sample", "ada")


def test_the_answer_is_the_same_whether_the_account_is_here_or_not(client: Client) -> None:
    looked_up("ada")
    here = client.post(PAGE, {"account": "@ada@sample"})
    absent = client.post(PAGE, {"account": "@bob@sample"})
    again = client.post(PAGE, {"account": "@ada@sample"})

    def plain(response: Any) -> str:
        context = response.context
        page: str = response.content.decode()
        for changing in (context["remove_code"], context["lift_code"], context["typed"]):
            page = page.replace(changing, "…")
        return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    assert here.status_code == absent.status_code == again.status_code == 200
    assert plain(here) == plain(absent) == plain(again)


def test_what_is_no_account_is_said_kindly(client: Client) -> None:
    response = client.post(PAGE, {"account": "https://example.org/what/is/this"})
    assert response.status_code == 400
    assert "does not look like an account" in response.content.decode()
    assert not OptOut.objects.exists()


def test_a_handle_of_several_networks_is_asked_back_before_anything_is_hidden(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from people import networks

    both = [NamedAccount("sample", ("", "ada")), NamedAccount("bluesky", ("", "ada"))]

    class Two(networks.NoNetworks):
        def understand(self, text: str) -> list[NamedAccount]:
            return both

    monkeypatch.setattr(networks, "_provided", Two())
    page = client.post(PAGE, {"account": "ada"}).content.decode()
    assert "On which network?" in page
    assert not OptOut.objects.exists()
    client.post(PAGE, {"account": "ada", "network": "bluesky"})
    assert set(OptOut.objects.values_list("network", flat=True)) == {"bluesky"}


def test_a_removal_from_another_site_is_refused() -> None:
    person = looked_up()
    assert (
        Client(enforce_csrf_checks=True).post(PAGE, {"account": "@ada@sample"}).status_code == 403
    )
    person.refresh_from_db()
    assert person.hidden_until is None


def test_an_address_may_ask_for_ten_removals_an_hour(client: Client) -> None:
    for _ in range(10):
        assert client.post(PAGE, {"account": "@ada@sample"}).status_code == 200
    assert client.post(PAGE, {"account": "@bob@sample"}).status_code == 429
    assert not opt_out.is_opted_out("sample", "bob")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post(PAGE, {"account": "@bob@sample"}).status_code == 200


# --- Proof by a code in the profile's text --------------------------------------------------------
@pytest.fixture
def bios(settings: Settings) -> Iterator[dict[str, str]]:
    """A sample network with profiles whose texts the test writes: handle to text."""
    texts: dict[str, str] = {}
    app = Flask(__name__)

    @app.get("/api/v1/accounts/lookup")
    def lookup() -> Any:
        handle = request.args["handle"]
        if handle not in texts:
            return jsonify(error="not found"), 404
        return jsonify(
            id="a1",
            handle=handle,
            name="Ada",
            url=f"http://127.0.0.1/@{handle}",
            bio=texts[handle],
            age=None,
            indexable=True,
            kind="person",
            created_at="2020-01-01T00:00:00Z",
        )

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.SAMPLE_NETWORK_URL = f"http://127.0.0.1:{server.server_port}"
    settings.LOCAL_ORIGINS = [settings.SAMPLE_NETWORK_URL]
    yield texts
    server.shutdown()
    thread.join()
    server.server_close()


def ask(client: Client, step: str = "", handle: str = "ada") -> Any:
    return client.post(PAGE, {"account": f"@{handle}@sample", "network": "sample", "step": step})


def test_a_code_in_the_profile_removes_for_good(client: Client, bios: dict[str, str]) -> None:
    person = looked_up()
    code = ask(client).context["remove_code"]
    bios["ada"] = f"I like engines. {code}"
    response = ask(client, "prove-remove")
    assert "It stays away" in response.content.decode()
    assert not Person.objects.filter(pk=person.pk).exists()
    assert in_tables("ada") == set()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert opt_out.is_opted_out("sample", "a1")
        assert opt_out.is_opted_out("sample", "ada")


@pytest.mark.parametrize("text", ["", "klout-remove-", "klout-remove-00000000000000000000"])
def test_without_the_code_nothing_more_happens(
    client: Client, bios: dict[str, str], text: str
) -> None:
    person = looked_up()
    bios["ada"] = text
    response = ask(client, "prove-remove")
    assert "could not find the code" in response.content.decode()
    assert Person.objects.filter(pk=person.pk).exists()
    assert not OptOut.objects.filter(expires_at__isnull=True).exists()


def test_an_absent_account_is_answered_like_one_without_the_code(
    client: Client, bios: dict[str, str]
) -> None:
    assert "could not find the code" in ask(client, "prove-remove").content.decode()


def test_the_code_of_another_account_proves_nothing(client: Client, bios: dict[str, str]) -> None:
    looked_up()
    bios["ada"] = ask(client, handle="bob").context["remove_code"]
    ask(client, "prove-remove")
    assert not OptOut.objects.filter(expires_at__isnull=True).exists()


def test_only_the_proven_owner_lifts_it(client: Client, bios: dict[str, str]) -> None:
    bios["ada"] = ask(client).context["remove_code"]
    ask(client, "prove-remove")
    ask(client, "prove-lift")
    assert opt_out.is_opted_out("sample", "ada")
    bios["ada"] = ask(client).context["lift_code"]
    assert "Welcome back" in ask(client, "prove-lift").content.decode()
    assert not opt_out.is_opted_out("sample", "ada")
    assert not opt_out.is_opted_out("sample", "a1")


def test_a_code_left_in_the_profile_is_worth_nothing_after_a_week(
    client: Client, bios: dict[str, str]
) -> None:
    bios["ada"] = ask(client).context["lift_code"]
    opt_out.opt_out("sample", ["a1", "ada"], proven=True)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        ask(client, "prove-lift")
        assert opt_out.is_opted_out("sample", "ada")


def test_a_claimed_profile_becomes_private_by_proof(
    client: Client, bios: dict[str, str], alice: Person
) -> None:
    person = looked_up()
    Person.objects.filter(pk=person.pk).update(owner=alice.owner_id, origin="signed_up")
    bios["ada"] = ask(client).context["remove_code"]
    ask(client, "prove-remove")
    person.refresh_from_db()
    assert person.visibility == Person.Visibility.PRIVATE


def test_the_signed_in_owner_shows_the_profile_again(alice: Person, alice_client: Client) -> None:
    Person.objects.filter(pk=alice.pk).update(visibility="public")
    Account.objects.create(
        person=alice, network="sample", native_id="a1", handle="ada", status="linked", state="ok"
    )
    Client().post(PAGE, {"account": "@ada@sample"})
    assert not visibility.publicly_visible([alice.pk])
    assert "hidden until" in alice_client.get("/people/settings/").content.decode()
    alice_client.post("/people/settings/show-again/")
    assert visibility.publicly_visible([alice.pk]) == {alice.pk}
    assert not opt_out.is_opted_out("sample", "ada")


def test_a_stranger_cannot_show_a_hidden_profile_again(charlie_client: Client) -> None:
    person = looked_up()
    removal.remove_without_proof(ADA)
    charlie_client.post("/people/settings/show-again/")
    person.refresh_from_db()
    assert person.hidden_until is not None
