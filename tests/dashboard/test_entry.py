"""Signing in and up with an account of the sample network, through its own pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from connectors.models import Account, Credential
from people.models import ConsentEvent, Person, Session, User
from tests.conftest import signed_in
from tests.dashboard.test_linking import HANDLE, allow, come_back
from tests.dashboard.test_linking import begin as begin_linking
from tests.sample_server import SampleServer

pytestmark = pytest.mark.django_db
FORM = {"name": "Vera L.", "born": "1990-05-01", "terms": "on"}
FINISH = "/sign-in/finish/"


@pytest.fixture(autouse=True)
def _sample(sample_server: SampleServer, settings: Settings) -> None:
    settings.SITE_URL = "http://testserver"


def begin(client: Client, **form: str) -> str:
    """Return the address at the sample network that the page moves on to."""
    answer = client.post("/sign-in/sample/", form)
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def newcomer() -> Client:
    """Return somebody who has proven an account and is asked for name, age and terms."""
    client = Client()
    page = come_back(client, allow(begin(client)))
    assert "Almost there" in page.content.decode()
    return client


def linked(person: Person) -> Account:
    """Return the sample account that the person has linked."""
    client = signed_in(person)
    come_back(client, allow(begin_linking(client)))
    return Account.objects.get(person=person)


def user_in(client: Client) -> str:
    """Return the number of who is signed in, "" for nobody."""
    return str(client.session.get("_auth_user_id", ""))


def test_sign_in_and_sign_up_offer_each_network_that_proves_an_account() -> None:
    for address in ("/accounts/login/", "/accounts/signup/"):
        page = Client().get(address).content.decode()
        for name in ("Sample network", "Mastodon", "Bluesky"):
            assert f"Continue with {name}" in page


def test_a_newcomer_is_asked_for_age_and_terms_and_gets_a_private_profile_with_the_account(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    client = newcomer()
    assert not User.objects.exists()
    page = client.get(FINISH).content.decode()
    assert HANDLE in page
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post(FINISH, FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/score/")
    account = Account.objects.get(handle=HANDLE)
    person = account.person
    assert person.owner is not None
    assert (person.name, person.visibility, account.status) == ("Vera L.", "private", "linked")
    assert user_in(client) == str(person.owner.pk)
    assert (person.owner.email, person.owner.has_usable_password()) == (None, False)
    given = ConsentEvent.objects.filter(person=person, given=True)
    assert set(given.values_list("what", flat=True)) == {"age", "terms", "link:sample"}
    assert Credential.objects.filter(account=account).exists()
    assert [callback.args for callback in callbacks if hasattr(callback, "args")] == [(account.pk,)]
    assert "proof" not in client.session


def test_who_linked_the_account_is_signed_in_and_nobody_is_made(alice: Person) -> None:
    linked(alice)
    client = Client()
    parts = urlsplit(allow(begin(client, next="/networks/")))
    answer = client.get(f"{parts.path}?{parts.query}")
    assert (answer.status_code, answer["Location"]) == (302, "/networks/")
    assert alice.owner is not None
    assert user_in(client) == str(alice.owner.pk)
    assert Person.objects.count() == 1


def test_signing_in_leads_to_no_other_site(alice: Person) -> None:
    linked(alice)
    client = Client()
    parts = urlsplit(allow(begin(client, next="https://evil.example/")))
    assert client.get(f"{parts.path}?{parts.query}")["Location"] == "/score/"


def test_signing_in_renews_an_access_that_has_expired(alice: Person) -> None:
    account = linked(alice)
    before = bytes(Credential.objects.get(account=account).secret)
    Account.objects.filter(pk=account.pk).update(state="relink", state_detail="Link again.")
    client = Client()
    come_back(client, allow(begin(client)))
    account.refresh_from_db()
    assert (account.state, account.state_detail) == ("new", "")
    assert bytes(Credential.objects.get(account=account).secret) != before


def test_another_browser_cannot_use_the_answer(alice: Person) -> None:
    """Otherwise a stranger's link would sign the victim in as the stranger."""
    linked(alice)
    location = allow(begin(Client()))
    victim = Client()
    come_back(victim, location)
    assert user_in(victim) == ""
    begun = Client()
    begin(begun)
    page = come_back(begun, location)
    assert user_in(begun) == ""
    assert "Sign in" in page.content.decode()


def test_an_answer_signs_in_once(alice: Person) -> None:
    linked(alice)
    client = Client()
    location = allow(begin(client))
    come_back(client, location)
    client.post("/accounts/logout/")
    come_back(client, location)
    assert user_in(client) == ""


def test_an_answer_does_not_change_who_is_signed_in(
    alice: Person, bob: Person, bob_client: Client
) -> None:
    linked(alice)
    visitor = Client()
    location = allow(begin(visitor))
    # Bob's session holds the flow, as when he signed in while another tab was at the network.
    session = bob_client.session
    session["linking"] = visitor.session["linking"]
    session.save()
    come_back(bob_client, location)
    assert bob.owner is not None
    assert user_in(bob_client) == str(bob.owner.pk)


def test_a_flow_of_signing_in_does_not_link_and_one_of_linking_does_not_sign_in(
    alice: Person, alice_client: Client
) -> None:
    location = allow(begin_linking(alice_client))
    stranger = Client()
    come_back(stranger, location)
    assert user_in(stranger) == ""
    assert alice_client.post("/sign-in/sample/").status_code == 302
    assert not Account.objects.exists()


def test_a_changed_state_is_refused() -> None:
    client = Client()
    parts = urlsplit(allow(begin(client)))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    client.get(f"{parts.path}?{urlencode({**query, 'state': 'x'})}")
    assert "proof" not in client.session
    assert client.get(FINISH).status_code == 302


def test_saying_no_at_the_network_is_told_on_the_page_of_signing_in() -> None:
    client = Client()
    page = come_back(client, allow(begin(client), decision="deny")).content.decode()
    assert "You said no" in page
    assert client.get(FINISH).status_code == 302


def test_who_is_too_young_leaves_nothing() -> None:
    client = newcomer()
    secret = client.session["proof"]
    answer = client.post(FINISH, {**FORM, "born": "2020-01-01"})
    assert answer.status_code == 403
    assert not User.objects.exists()
    assert not Person.objects.exists()
    assert not ConsentEvent.objects.exists()
    assert not Account.objects.exists()
    assert not any(secret in str(row.get_decoded()) for row in Session.objects.all())
    assert client.get(FINISH).status_code == 302


def test_cancelling_leaves_nothing() -> None:
    client = newcomer()
    assert client.post(FINISH, {"cancel": "1"})["Location"] == "/"
    assert not Session.objects.exists()
    assert client.post(FINISH, FORM).status_code == 302
    assert not User.objects.exists()


def test_terms_and_age_are_needed() -> None:
    client = newcomer()
    for missing in ("born", "terms", "name"):
        form = {name: value for name, value in FORM.items() if name != missing}
        assert client.post(FINISH, form).status_code == 200
    assert not User.objects.exists()


def test_an_account_that_somebody_linked_meanwhile_is_refused_and_no_user_stays(
    alice: Person,
) -> None:
    client = newcomer()
    linked(alice)
    page = client.post(FINISH, FORM, follow=True).content.decode()
    assert "already linked to another profile" in page
    assert user_in(client) == ""
    assert User.objects.count() == 1


def test_the_access_waits_encrypted_in_the_row_of_the_session_and_in_no_cookie() -> None:
    client = newcomer()
    kept = client.session["proof"]
    assert HANDLE not in kept
    assert kept not in str(client.cookies)
    assert client.session.get_expiry_age() <= 3600


def test_a_proof_waits_half_an_hour() -> None:
    client = newcomer()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(FINISH).status_code == 302
    assert not User.objects.exists()


def test_beginning_needs_the_forms_token_and_is_limited() -> None:
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post("/sign-in/sample/").status_code == 403
    assert guarded.get("/sign-in/sample/").status_code == 405
    assert Client().post("/sign-in/nowhere/").status_code == 404
    client = Client()
    answers = [client.post("/sign-in/mastodon/", {"hint": "no server!"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]


def test_a_visitor_without_a_flow_leaves_no_session_behind() -> None:
    assert Client().get("/networks/sample/done/?state=x&code=y").status_code == 302
    assert not Session.objects.exists()
