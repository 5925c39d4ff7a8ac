"""Every page of sign-in, settings and privacy: the owner, and Charlie, the stranger."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Person

OPEN_PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "people:privacy",
    "people:opt_out",
]
OWN_PAGES = [
    "account_email",
    "account_change_password",
    "socialaccount_connections",
    "mfa_index",
    "people:settings",
    "people:privacy",
]


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_pages_answer_strangers(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert b"<main" in response.content


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_pages_answer_their_owner(alice_client: Client, name: str) -> None:
    response = alice_client.get(reverse(name))
    assert response.status_code == 200
    assert b"<main" in response.content


@pytest.mark.parametrize("name", [name for name in OWN_PAGES if name != "people:privacy"])
def test_charlie_signed_out_is_asked_to_sign_in(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["export", "erase", "sign_out_others", "show_again"])
def test_writes_are_posted_by_somebody_signed_in(
    client: Client, alice_client: Client, name: str
) -> None:
    address = reverse(f"people:{name}")
    assert client.post(address)["Location"].startswith("/accounts/login/")
    assert alice_client.get(address).status_code == 405


def test_charlie_sees_nothing_of_alice_on_his_pages(alice: Person, charlie_client: Client) -> None:
    Person.objects.filter(pk=alice.pk).update(name="Alice Unmistakable")
    for name in OWN_PAGES:
        page = charlie_client.get(reverse(name)).content.decode()
        assert "Unmistakable" not in page
        assert "alice@example.org" not in page


@pytest.mark.parametrize("name", OPEN_PAGES + OWN_PAGES)
def test_pages_hold_no_inline_code_or_style(
    alice_client: Client, client: Client, name: str
) -> None:
    visitor = client if name in OPEN_PAGES else alice_client
    page = visitor.get(reverse(name)).content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        assert " src=" in script.split(">")[0] or 'type="application/json"' in script.split(">")[0]
