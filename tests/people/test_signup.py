"""Sign-up: the age, the consents, the profile that comes of it."""

from datetime import date
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from people import consent
from people.models import ConsentEvent, Person, Session, User
from people.signup import sign_up_by_proof
from tests.conftest import TODAY
from tests.people.traces import in_tables

SIXTEEN_TODAY = date(TODAY.year - 16, TODAY.month, TODAY.day)
SIGN_UP: dict[str, Any] = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "password1": "correct horse battery",
    "born": "1990-12-10",
    "terms": "on",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(f"{TODAY}T12:00:00+00:00"):
        yield


@pytest.fixture
def mandatory(settings: Settings) -> None:
    """E-mail addresses are to be confirmed, as in production."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(client: Client, **changed: Any) -> Any:
    return client.post(reverse("account_signup"), SIGN_UP | changed)


def test_signing_up_makes_a_private_person_named_after_the_name(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == 302
    assert response["Location"] == "/score/"
    person = Person.objects.get()
    assert person.owner == User.objects.get(email="ada@example.org")
    assert (person.slug, person.name) == ("ada-lovelace", "Ada Lovelace")
    assert person.visibility == Person.Visibility.PRIVATE
    assert person.origin == Person.Origin.SIGNED_UP


def test_consents_are_recorded_with_the_text_that_was_seen(client: Client) -> None:
    sign_up(client)
    events = {event.what: event for event in ConsentEvent.objects.all()}
    assert set(events) == {"age", "terms"}
    for what, event in events.items():
        assert event.given
        assert event.person == Person.objects.get()
        assert event.text_version == f"{consent.TEXTS[what].version}/en"
        with translation.override("en"):
            assert event.text == str(consent.TEXTS[what].text)


def test_the_language_of_the_page_is_the_language_on_record(client: Client) -> None:
    client.cookies["django_language"] = "nb"
    sign_up(client)
    assert ConsentEvent.objects.get(what="terms").text_version.endswith("/nb")


def test_the_day_of_birth_is_stored_nowhere(client: Client) -> None:
    sign_up(client, born="1990-12-10")
    assert in_tables("ada@example.org")
    assert not in_tables("1990")


def test_sixteen_on_this_very_day_may_sign_up(client: Client) -> None:
    assert sign_up(client, born=str(SIXTEEN_TODAY)).status_code == 302
    assert Person.objects.count() == 1


def test_sixteen_tomorrow_is_refused_kindly_and_leaves_no_trace(client: Client) -> None:
    response = sign_up(client, born="2010-03-02")
    assert response.status_code == 403
    page = response.content.decode()
    assert "16 or older" in page
    assert "ada@example.org" not in page
    assert not User.objects.exists()
    assert not Person.objects.exists()
    assert not ConsentEvent.objects.exists()
    assert not EmailAddress.objects.exists()
    assert not Session.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(("today", "status"), [("2024-02-28", 403), ("2024-02-29", 302)])
def test_a_leap_day_child_is_sixteen_on_the_leap_day(
    client: Client, today: str, status: int
) -> None:
    with time_machine.travel(f"{today}T23:59:00+00:00"):
        assert sign_up(client, born="2008-02-29").status_code == status


@pytest.mark.parametrize(
    "changed",
    [
        {"born": "2027-01-01"},
        {"born": "1850-01-01"},
        {"born": "tomorrow"},
        {"born": ""},
        {"terms": ""},
        {"name": ""},
        {"name": "x" * 201},
        {"email": "no address"},
        {"password1": "password"},
        {"password1": "12345678901"},
    ],
)
def test_a_sign_up_that_lacks_something_says_so_and_stores_nothing(
    client: Client, changed: dict[str, str]
) -> None:
    response = sign_up(client, **changed)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not User.objects.exists()


def test_an_address_that_is_in_use_gets_the_same_answer_and_an_email(
    client: Client, alice: Person, mandatory: None
) -> None:
    fresh = sign_up(client)
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "confirm" in mail.outbox[-1].subject
    client.logout()
    taken = sign_up(client, email="alice@example.org")
    assert (taken.status_code, taken["Location"]) == (fresh.status_code, fresh["Location"])
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert "signed up before" in mail.outbox[-1].subject
    assert User.objects.count() == 2


def test_the_link_in_the_email_confirms_the_address(client: Client, mandatory: None) -> None:
    sign_up(client)
    assert "_auth_user_id" not in client.session
    body = str(mail.outbox[0].body)
    link = next(word for word in body.split() if "/confirm-email/" in word)
    client.post(link.removeprefix("http://testserver"))
    assert EmailAddress.objects.get().verified


def test_two_people_of_one_name_have_two_addresses(client: Client) -> None:
    sign_up(client)
    client.logout()
    sign_up(client, email="other@example.org")
    slugs = set(Person.objects.values_list("slug", flat=True))
    assert "ada-lovelace" in slugs
    assert len(slugs) == 2
    assert all(slug.startswith("ada-lovelace") for slug in slugs)


def test_a_form_from_another_site_is_refused(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_up(strict).status_code == 403
    assert not User.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_person(client: Client) -> None:
    first = sign_up(client)
    second = sign_up(client)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Person.objects.count() == 1


def test_signing_up_by_proof_needs_no_email_and_signs_in(rf: Any, client: Client) -> None:
    from allauth.core import context
    from django.contrib.messages.middleware import MessageMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware

    request = rf.post("/")
    SessionMiddleware(lambda r: None).process_request(request)  # type: ignore[arg-type]
    MessageMiddleware(lambda r: None).process_request(request)  # type: ignore[arg-type]
    request.user = AnonymousUser()
    with context.request_context(request):
        person, response = sign_up_by_proof(request, "Grace Hopper")
        other, _ = sign_up_by_proof(request, "Grace Hopper")
    assert response.status_code == 302
    assert person.owner is not None
    assert person.owner.email is None
    assert not person.owner.has_usable_password()
    assert {event.what for event in person.consent_events.all()} == {"age", "terms"}
    assert request.user == other.owner
    assert person.slug != other.slug
