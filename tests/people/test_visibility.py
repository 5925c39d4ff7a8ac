"""Who may see whom; reports that hide at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from connectors.models import Account
from people import opt_out, removal
from people.models import Person, Report
from people.queries import main_person, person_by_slug
from people.visibility import may_see, publicly_visible

pytestmark = pytest.mark.django_db


def set_to(person: Person, visibility: str, **more: Any) -> Person:
    Person.objects.filter(pk=person.pk).update(visibility=visibility, **more)
    person.refresh_from_db()
    return person


@pytest.mark.parametrize(
    ("visibility", "stranger_sees", "listed"),
    [("public", True, True), ("unlisted", True, False), ("private", False, False)],
)
def test_each_visibility(
    alice: Person, charlie: Person, visibility: str, stranger_sees: bool, listed: bool
) -> None:
    person = set_to(alice, visibility)
    assert alice.owner is not None
    assert charlie.owner is not None
    assert may_see(person, alice.owner)
    assert may_see(person, charlie.owner) is stranger_sees
    assert may_see(person, AnonymousUser()) is stranger_sees
    assert publicly_visible([person.pk]) == ({person.pk} if listed else set())


def test_a_hidden_profile_is_seen_by_its_owner_only_until_the_time_is_over(
    alice: Person, charlie: Person
) -> None:
    person = set_to(alice, "public", hidden_until=timezone.now() + timedelta(days=1))
    assert alice.owner is not None
    assert charlie.owner is not None
    assert may_see(person, alice.owner)
    assert not may_see(person, charlie.owner)
    assert not publicly_visible([person.pk])
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert may_see(person, charlie.owner)
        assert publicly_visible([person.pk])


def looked_up(**fields: Any) -> Person:
    person = Person.objects.create(
        slug="sample-ada", name="Ada", visibility="public", origin="looked_up", **fields
    )
    Account.objects.create(
        person=person, network="sample", native_id="a1", handle="ada", status="open", state="ok"
    )
    return person


def test_nobody_owns_an_unclaimed_profile(alice: Person) -> None:
    person = looked_up()
    assert alice.owner is not None
    assert may_see(person, alice.owner)
    assert may_see(set_to(person, "private"), AnonymousUser()) is False


def test_an_opted_out_account_is_seen_by_nobody_even_while_its_row_is_there() -> None:
    person = looked_up()
    opt_out.opt_out("sample", ["a1"], proven=True)
    assert not may_see(person, AnonymousUser())


def test_an_unclaimed_profile_ends_with_its_time() -> None:
    person = looked_up(expires_at=timezone.now() + timedelta(days=30))
    assert may_see(person, AnonymousUser())
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not may_see(person, AnonymousUser())
        assert not publicly_visible([person.pk])


def test_a_slug_is_found_whatever_its_case(alice: Person) -> None:
    assert person_by_slug("ALICE") == alice
    assert person_by_slug("nobody") is None


def test_the_main_person_is_the_person_and_not_the_brand(alice: Person) -> None:
    assert alice.owner is not None
    Person.objects.create(owner=alice.owner, slug="brand", name="Brand", kind="brand")
    Person.objects.create(owner=alice.owner, slug="second", name="Second")
    assert main_person(alice.owner) == alice


def test_a_user_made_by_hand_gets_a_private_person_of_no_name(alice: Person) -> None:
    owner = alice.owner
    assert owner is not None
    Person.objects.filter(pk=alice.pk).delete()
    made = main_person(owner)
    assert (made.visibility, made.name) == ("private", "")
    assert main_person(owner) == made


# --- Reports --------------------------------------------------------------------------------------
def report(client: Client, slug: str = "alice", **fields: str) -> Any:
    return client.post(f"/people/report/{slug}/", {"reason": "minor", "words": ""} | fields)


def test_a_report_hides_at_once_for_thirty_days(alice: Person, client: Client) -> None:
    set_to(alice, "public")
    assert client.get("/people/report/alice/").status_code == 200
    assert report(client, words="Born in 2015").status_code == 200
    stored = Report.objects.get()
    assert (stored.person, stored.reason, stored.words) == (alice, "minor", "Born in 2015")
    alice.refresh_from_db()
    assert alice.hidden_until is not None
    assert timedelta(days=29) < alice.hidden_until - timezone.now() <= timedelta(days=30)


def test_private_hidden_and_absent_profiles_are_reported_alike(
    alice: Person, bob: Person, client: Client
) -> None:
    set_to(bob, "public", hidden_until=timezone.now() + timedelta(days=3))
    pages = {client.get(f"/people/report/{slug}/").status_code for slug in ("alice", "bob", "no")}
    assert pages == {404}
    assert report(client, "alice").status_code == 404
    assert not Report.objects.exists()


def test_what_an_operator_decided_is_not_undone_by_the_next_stranger(alice: Person) -> None:
    set_to(alice, "public")
    removal.report(alice, "other", "")
    Report.objects.update(decided_at=timezone.now())
    set_to(alice, "public", hidden_until=None)
    removal.report(alice, "other", "again")
    alice.refresh_from_db()
    assert alice.hidden_until is None
    assert Report.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        removal.report(alice, "other", "once more")
        alice.refresh_from_db()
        assert alice.hidden_until is not None


def test_a_longer_hiding_is_not_shortened(alice: Person) -> None:
    until = timezone.now() + timedelta(days=90)
    set_to(alice, "public", hidden_until=until)
    removal.report(alice, "other", "")
    alice.refresh_from_db()
    assert alice.hidden_until == until


def test_an_address_may_report_five_times_an_hour(alice: Person, client: Client) -> None:
    for _ in range(5):
        set_to(alice, "public", hidden_until=None)
        assert report(client).status_code == 200
    set_to(alice, "public", hidden_until=None)
    assert report(client).status_code == 429
    assert Report.objects.count() == 5


def test_a_report_from_another_site_is_refused(alice: Person) -> None:
    set_to(alice, "public")
    assert report(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize("fields", [{"reason": "because"}, {"reason": ""}, {"words": "x" * 2001}])
def test_a_report_that_lacks_something_is_asked_again(
    alice: Person, client: Client, fields: dict[str, str]
) -> None:
    set_to(alice, "public")
    assert report(client, **fields).status_code == 400
    assert not Report.objects.exists()
