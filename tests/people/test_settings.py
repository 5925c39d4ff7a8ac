"""Settings: profile, preferences, what follows from them; export and erasure by their owner."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from people import consent
from people.models import ConsentEvent, OptOut, Person, Report, User
from tests.people.test_signin import sign_in
from tests.people.traces import in_tables

pytestmark = pytest.mark.django_db

PAGE = "/people/settings/"


def change(client: Client, **fields: str) -> Any:
    return client.post(
        PAGE,
        {
            "name": "Alice",
            "slug": "alice",
            "kind": "person",
            "visibility": "private",
            "language": "",
            "time_zone": "UTC",
            "theme": "",
        }
        | fields,
    )


def test_alice_changes_her_profile_and_preferences(alice: Person, alice_client: Client) -> None:
    response = change(
        alice_client,
        name="Alice Liddell 🐇",
        slug="Liddell",
        kind="brand",
        visibility="unlisted",
        language="nb",
        time_zone="Europe/Oslo",
        theme="dark",
    )
    assert response["Location"] == PAGE
    alice.refresh_from_db()
    user = User.objects.get(people=alice)
    assert (alice.name, alice.slug, alice.kind) == ("Alice Liddell 🐇", "liddell", "brand")
    assert alice.visibility == "unlisted"
    assert (user.language, user.time_zone, user.theme) == ("nb", "Europe/Oslo", "dark")


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "bob"},
        {"slug": "BOB"},
        {"slug": "admin"},
        {"slug": "123"},
        {"slug": "a"},
        {"slug": "al/ice"},
        {"slug": "عمر"},
        {"slug": "x" * 81},
        {"name": ""},
        {"name": "x" * 201},
        {"kind": "robot"},
        {"visibility": "everywhere"},
        {"language": "tlh"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"theme": "neon"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    alice: Person, bob: Person, alice_client: Client, fields: dict[str, str]
) -> None:
    response = change(alice_client, **{"name": "Changed"} | fields)
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()
    alice.refresh_from_db()
    assert (alice.name, alice.slug) == ("Alice", "alice")


def test_showing_oneself_is_a_consent_and_hiding_takes_it_back(
    alice: Person, alice_client: Client
) -> None:
    change(alice_client, visibility="public")
    assert consent.is_given("public", person=alice)
    change(alice_client, visibility="public", theme="dark")
    assert ConsentEvent.objects.filter(what="public").count() == 1
    change(alice_client, visibility="private")
    assert not consent.is_given("public", person=alice)
    change(alice_client, visibility="unlisted")
    assert consent.is_given("unlisted", person=alice)
    assert not consent.is_given("public", person=alice)


def test_settings_from_another_site_are_refused(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(people=alice))
    assert change(strict, visibility="public").status_code == 403
    alice.refresh_from_db()
    assert alice.visibility == "private"


# --- Language and time zone -----------------------------------------------------------------------
def test_the_users_language_wins_over_the_browsers(alice: Person, alice_client: Client) -> None:
    User.objects.filter(people=alice).update(language="nb")
    page = alice_client.get(PAGE, headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="nb"' in page


def test_strangers_get_the_language_of_their_browser(client: Client) -> None:
    for asked, got in (("nb", "nb"), ("en", "en"), ("tlh", "en"), ("nb-NO,nb;q=0.9", "nb")):
        page = client.get("/people/remove/", headers={"Accept-Language": asked}).content.decode()
        assert f'<html lang="{got}"' in page


def test_times_are_shown_in_the_users_zone_and_the_next_visitor_gets_utc(
    alice: Person, alice_client: Client, client: Client
) -> None:
    User.objects.filter(people=alice).update(time_zone="Asia/Kolkata")
    event = consent.record("terms", given=True, person=alice)
    evening = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
    ConsentEvent.objects.filter(pk=event.pk).update(at=evening)
    page = alice_client.get("/people/privacy/").content.decode()
    assert "Jan. 2, 2026, 1:30 a.m." in page
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_is_no_more_is_read_as_utc(alice: Person, alice_client: Client) -> None:
    User.objects.filter(people=alice).update(time_zone="Mars/Olympus")
    assert alice_client.get(PAGE).status_code == 200


def test_the_zones_are_grouped_and_the_chosen_one_is_chosen(
    alice: Person, alice_client: Client
) -> None:
    User.objects.filter(people=alice).update(time_zone="America/Argentina/Buenos_Aires")
    page = alice_client.get(PAGE).content.decode()
    select = page.split('name="time_zone"')[1].split("</select>")[0]
    assert select.count("<optgroup label=") >= 8
    assert select.count(" selected") == 1
    chosen = '<option value="America/Argentina/Buenos_Aires" selected>Argentina/Buenos Aires<'
    assert chosen in select
    again = change(alice_client, time_zone='"><script>', name="Other").content.decode()
    assert "<script>" not in again.split("<select")[2].split("</select>")[0]


# --- Consent --------------------------------------------------------------------------------------
def test_a_consent_keeps_the_text_of_its_day(alice: Person, monkeypatch: Any) -> None:
    old = consent.record("terms", given=True, person=alice)
    changed = consent.ConsentText("2027-01", consent.TEXTS["age"].text)
    monkeypatch.setattr(consent, "TEXTS", {**consent.TEXTS, "terms": changed})
    new = consent.record("terms", given=True, person=alice)
    old.refresh_from_db()
    assert old.text_version == "2026-11/en"
    assert new.text_version == "2027-01/en"
    assert old.text != new.text


def test_linking_is_recorded_under_the_networks_name(alice: Person) -> None:
    event = consent.record("link:sample", given=True, person=alice)
    assert (event.what, event.user) == ("link:sample", alice.owner)
    assert consent.is_given("link:sample", person=alice)
    assert not consent.is_given("link:mastodon", person=alice)


def test_a_consent_is_somebodys_and_to_a_known_text() -> None:
    with pytest.raises(ValueError, match="somebody"):
        consent.record("terms", given=True)
    with pytest.raises(KeyError):
        consent.text_of("soul")


# --- Privacy page, export, erasure ----------------------------------------------------------------
def test_the_privacy_page_says_what_is_held_and_what_was_agreed_to(
    alice: Person, alice_client: Client
) -> None:
    consent.record("terms", given=True, person=alice)
    page = alice_client.get("/people/privacy/").content.decode()
    for words in ("Your e-mail addresses", "until you erase it", "2026-11/en", "Download"):
        assert words in page


def test_strangers_read_what_is_held_and_see_no_buttons(client: Client) -> None:
    page = client.get("/people/privacy/").content.decode()
    assert "Your e-mail addresses" in page
    assert "/people/privacy/export/" not in page


def test_alice_takes_everything_along(alice: Person, client: Client) -> None:
    sign_in(client)
    response = client.post("/people/privacy/export/")
    assert response["Content-Disposition"] == 'attachment; filename="alice.json"'
    held = json.loads(response.content)["held"]
    assert held["people.User"][0]["email"] == "alice@example.org"
    assert held["people.Person"][0]["slug"] == "alice"
    assert "no-store" in response["Cache-Control"]


def test_a_session_of_long_ago_is_asked_for_the_password_first(
    alice: Person, alice_client: Client
) -> None:
    for page in ("export", "erase"):
        response = alice_client.post(f"/people/privacy/{page}/", {"word": "ERASE"})
        assert response["Location"].startswith("/accounts/reauthenticate/")
    assert Person.objects.filter(pk=alice.pk).exists()


def test_alice_erases_everything_and_is_signed_out(alice: Person, client: Client) -> None:
    sign_in(client)
    response = client.post("/people/privacy/erase/", {"word": "erase", "keep_away": "on"})
    assert "Nothing about you is left" in response.content.decode()
    assert in_tables("alice") == set()
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("word", ["", "yes", "delete"])
def test_without_the_word_nothing_is_erased(alice: Person, client: Client, word: str) -> None:
    sign_in(client)
    assert client.post("/people/privacy/erase/", {"word": word}).status_code == 400
    assert Person.objects.filter(pk=alice.pk).exists()


def test_erasing_from_another_site_is_refused(alice: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(people=alice))
    assert strict.post("/people/privacy/erase/", {"word": "ERASE"}).status_code == 403
    assert Person.objects.filter(pk=alice.pk).exists()


def test_an_erasure_sent_twice_erases_once(alice: Person, client: Client) -> None:
    sign_in(client)
    for status in (200, 302):
        response = client.post("/people/privacy/erase/", {"word": "ERASE"})
        assert response.status_code == status


# --- Operators ------------------------------------------------------------------------------------
@pytest.fixture
def operator(bob: Person) -> Client:
    User.objects.filter(people=bob).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(people=bob))
    return client


@pytest.mark.parametrize("name", ["user", "person", "report", "consentevent", "optout"])
def test_operators_pages_answer_operators_only(
    operator: Client, charlie_client: Client, alice: Person, name: str
) -> None:
    Report.objects.create(person=alice, reason="other")
    OptOut.objects.create(network="sample", key_hash="0" * 64)
    consent.record("terms", given=True, person=alice)
    assert operator.get(f"/admin/people/{name}/").status_code == 200
    assert charlie_client.get(f"/admin/people/{name}/").status_code != 200


def test_the_record_of_consent_cannot_be_edited(operator: Client, alice: Person) -> None:
    event = consent.record("terms", given=True, person=alice)
    address = f"/admin/people/consentevent/{event.pk}/"
    assert operator.get(f"{address}change/").status_code == 200
    assert operator.post(f"{address}change/", {"given": ""}).status_code == 403
    assert operator.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_an_operator_closes_a_report(operator: Client, alice: Person) -> None:
    from people.removal import report
    from people.visibility import may_see

    Person.objects.filter(pk=alice.pk).update(visibility="public")
    stored = report(alice, "other", "")
    operator.post(
        "/admin/people/report/", {"action": "show_again", "_selected_action": [stored.pk]}
    )
    alice.refresh_from_db()
    stored.refresh_from_db()
    assert stored.decided_at is not None
    assert may_see(alice, AnonymousUser())


def test_an_operator_erases_through_the_registry(operator: Client, alice: Person) -> None:
    operator.post(
        "/admin/people/person/",
        {"action": "erase_with_everything", "_selected_action": [alice.pk]},
    )
    assert in_tables("alice@example.org") == set()
    assert operator.post(f"/admin/people/person/{alice.pk}/delete/").status_code != 200
