"""Brands of a user: made, acted as, erased; and whom a stranger's numbers reach (nobody)."""

import pytest
from django.test import Client

from connectors.models import Account
from people.brands import MOST_BRANDS, create_brand
from people.models import ConsentEvent, Person, User
from tests.conftest import TODAY, signed_in
from tests.scoring import world

pytestmark = pytest.mark.django_db


def brand_of(person: Person, name: str = "Brandvik Bakery") -> Person:
    """Return a new brand of the person's owner."""
    assert person.owner is not None
    return create_brand(person.owner, name)


def test_a_brand_is_made_with_consent_private_and_acted_as_at_once(
    alice: Person, alice_client: Client
) -> None:
    assert alice_client.post("/people/brands/", {"name": "Bakery"}).status_code == 400
    answer = alice_client.post("/people/brands/", {"name": "Bakery", "consent": "on"})
    assert answer.headers["Location"] == "/networks/"
    brand = Person.objects.get(slug="bakery")
    assert (brand.kind, brand.visibility, brand.owner_id) == ("brand", "private", alice.owner_id)
    assert ConsentEvent.objects.get(person=brand).what == "brand"
    assert "As Bakery" in alice_client.get("/networks/").content.decode()


def test_score_networks_and_settings_are_those_of_whom_one_acts_as(
    alice: Person, alice_client: Client
) -> None:
    brand = brand_of(alice)
    account = world.account(brand, synced=TODAY, native_id="bakery@mastodon.social")
    Account.objects.filter(pk=account.pk).update(status="linked")
    page = "/networks/"
    assert "bakery@mastodon.social" not in alice_client.get(page).content.decode()
    answer = alice_client.post("/people/brands/act-as/", {"person": brand.pk, "next": page})
    assert answer.headers["Location"] == page
    assert "bakery@mastodon.social" in alice_client.get(page).content.decode()
    assert "Brandvik Bakery" in alice_client.get("/people/settings/").content.decode()
    alice_client.post("/people/brands/act-as/", {"person": alice.pk})
    assert "bakery@mastodon.social" not in alice_client.get(page).content.decode()
    assert "acting_as" not in alice_client.session


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "١٢", "1 OR 1=1"])
def test_a_number_that_is_none_gives_nothing(number: str, charlie_client: Client) -> None:
    answer = charlie_client.post("/people/brands/act-as/", {"person": number})
    assert answer.status_code == 404


def test_charlie_can_neither_act_as_nor_erase_a_brand_of_somebody_else(
    alice: Person, charlie: Person, charlie_client: Client, client: Client
) -> None:
    brand = brand_of(alice)
    for person in (brand, alice):
        assert (
            charlie_client.post("/people/brands/act-as/", {"person": person.pk}).status_code == 404
        )
        address = f"/people/brands/{person.pk}/erase/"
        assert charlie_client.post(address, {"word": "ERASE"}).status_code == 404 or (
            # A sign-in that is old is asked for again first, whoever it is.
            "reauthenticate" in charlie_client.post(address, {"word": "ERASE"}).headers["Location"]
        )
    assert Person.objects.filter(slug__in=[brand.slug, alice.slug]).count() == 2
    assert client.get("/people/brands/").status_code == 302
    # Not even a number that a session still holds.
    session = charlie_client.session
    session["acting_as"] = brand.pk
    session.save()
    text = charlie_client.get("/people/settings/").content.decode()
    assert "Brandvik" not in text
    assert charlie.name in text


def test_a_brand_that_changed_hands_is_acted_as_no_more(
    alice: Person, bob: Person, alice_client: Client
) -> None:
    brand = brand_of(alice)
    alice_client.post("/people/brands/act-as/", {"person": brand.pk})
    assert "As Brandvik" in alice_client.get("/people/settings/").content.decode()
    Person.objects.filter(pk=brand.pk).update(owner=bob.owner)
    assert "Brandvik" not in alice_client.get("/people/settings/").content.decode()


def test_there_is_a_most(alice: Person, alice_client: Client) -> None:
    for number in range(MOST_BRANDS):
        brand_of(alice, f"Brand {number}")
    answer = alice_client.post("/people/brands/", {"name": "One more", "consent": "on"})
    assert answer.status_code == 400
    assert "that is the most" in answer.content.decode()
    assert Person.objects.filter(kind="brand").count() == MOST_BRANDS


def recently_signed_in(person: Person) -> Client:
    """Return a client that gave its password a moment ago."""
    client = Client()
    client.post(
        "/accounts/login/",
        {"login": f"{person.slug}@example.org", "password": "correct horse battery"},
    )
    return client


def test_erasing_a_brand_leaves_its_owner_and_erasing_everything_takes_both(alice: Person) -> None:
    client = recently_signed_in(alice)
    first, second = brand_of(alice), brand_of(alice, "Second")
    client.post("/people/brands/act-as/", {"person": first.pk})
    address = f"/people/brands/{first.pk}/erase/"
    assert "Erase Brandvik Bakery" in client.get(address).content.decode()
    assert client.post(address, {"word": "no"}).status_code == 400
    assert client.post(address, {"word": "erase"}).status_code == 302
    assert not Person.objects.filter(pk=first.pk).exists()
    assert alice.name in client.get("/people/settings/").content.decode()
    held = client.post("/people/privacy/export/").json()
    assert list(held["brands"]) == ["second"]
    assert client.post("/people/privacy/erase/", {"word": "ERASE"}).status_code == 200
    assert not Person.objects.filter(pk__in=[alice.pk, second.pk]).exists()
    assert not User.objects.filter(email="alice@example.org").exists()


def test_ones_own_person_is_no_brand_to_erase(alice: Person) -> None:
    client = recently_signed_in(alice)
    assert client.get(f"/people/brands/{alice.pk}/erase/").status_code == 404


@pytest.mark.parametrize("name", ["<b>x</b>", "مخبز", "🥖" * 50, "x" * 200])
def test_any_name_of_a_brand_is_only_text(name: str, alice: Person, alice_client: Client) -> None:
    answer = alice_client.post("/people/brands/", {"name": name, "consent": "on"}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>x</b>" not in text
    assert Person.objects.filter(name=name, kind="brand").exists()


def test_two_people_of_one_user_keep_apart(alice: Person) -> None:
    brand = brand_of(alice)
    client = signed_in(alice)
    client.post("/people/brands/act-as/", {"person": brand.pk})
    client.post(
        "/people/settings/",
        {"name": "New name", "slug": "new-name", "kind": "brand", "visibility": "public",
         "time_zone": "UTC"},
    )  # fmt: skip
    alice.refresh_from_db()
    brand.refresh_from_db()
    assert (alice.name, alice.visibility) == ("Alice", "private")
    assert (brand.name, brand.visibility) == ("New name", "public")
