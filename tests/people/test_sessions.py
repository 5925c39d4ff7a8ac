"""The list of sessions in the settings: where one is signed in, and ending it there."""

import re
from datetime import date

import pytest
from django.test import Client

from people.devices import device_name
from people.models import Person, Session, User
from tests.conftest import signed_in

PAGE = "/people/settings/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", ""),
        ("", ""),
        ("<script>" * 1000, ""),
    ],
)
def test_a_browser_is_told_by_two_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


def used(person: Person, agent: str) -> Client:
    """Return a signed-in client that has opened a page with that browser."""
    client = signed_in(person)
    client.get(PAGE, headers={"User-Agent": agent})
    return client


@pytest.mark.django_db
def test_each_session_is_listed_and_can_be_ended_by_itself(alice: Person, bob: Person) -> None:
    here, there, bobs = used(alice, FIREFOX), used(alice, PHONE), used(bob, PHONE)
    text = here.get(PAGE, headers={"User-Agent": FIREFOX}).content.decode()
    assert text.index("Firefox, Linux") < text.index("this one") < text.index("Safari, iPhone")
    for client in (here, there, bobs):
        assert str(client.session.session_key) not in text
    handles = re.findall(r'name="session" value="(\w+)"', text)
    assert len(handles) == 1
    # Nobody ends somebody else's.
    bobs.post("/people/settings/sign-out-session/", {"session": handles[0]})
    assert there.get(PAGE).status_code == 200
    answer = here.post("/people/settings/sign-out-session/", {"session": handles[0]})
    assert answer["Location"] == f"{PAGE}#sessions"
    assert there.get(PAGE).status_code == 302
    for odd in (handles[0], "", "' OR 1=1"):
        here.post("/people/settings/sign-out-session/", {"session": odd})
    assert here.get(PAGE).status_code == 200
    assert bobs.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_a_session_notes_its_day_once_and_no_address(alice: Person) -> None:
    client = used(alice, FIREFOX)
    row = Session.objects.get(user=User.objects.get(people=alice))
    assert row.device == "Firefox, Linux"
    assert isinstance(row.seen_on, date)
    before = row.session_data
    client.get(PAGE, headers={"User-Agent": PHONE})
    row.refresh_from_db()
    assert (row.session_data, row.device) == (before, "Firefox, Linux")
    assert "127.0.0.1" not in str(client.session.items())
