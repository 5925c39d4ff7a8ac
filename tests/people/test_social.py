"""Sign-up and sign-in with a network, against a server that answers as GitHub does."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.test import Client
from pytest_django import Settings

from people.models import Person, Session, User
from tests.people.fake_github import FakeGitHub, running
from tests.people.traces import in_tables

pytestmark = pytest.mark.django_db

FORM = {"name": "Ada", "email": "ada@example.org", "born": "1990-12-10", "terms": "on"}


class _Stay(HTTPRedirectHandler):
    """The test client itself follows the way back."""

    def redirect_request(self, *args: Any) -> None:
        return None


@pytest.fixture
def github(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "github": {
            "APPS": [{"client_id": "id", "secret": "secret", "key": ""}],
            "SCOPE": ["user:email"],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    with running() as server:
        for name, path in {
            "access_token_url": "/login/oauth/access_token",
            "authorize_url": "/login/oauth/authorize",
            "profile_url": "/api/v3/user",
            "emails_url": "/api/v3/user/emails",
        }.items():
            monkeypatch.setattr(GitHubOAuth2Adapter, name, server.url + path)
        yield server


def come_back(client: Client, *, process: str = "login", state: str | None = None) -> Any:
    """Return the answer to the visitor who comes back from the network."""
    begun = client.post(f"/accounts/github/login/?process={process}")
    assert begun.status_code == 302
    try:
        build_opener(_Stay).open(begun["Location"], timeout=10)
    except Exception as redirected:
        back = urlsplit(redirected.headers["Location"])  # type: ignore[attr-defined]
        redirected.close()  # type: ignore[attr-defined]
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    if state is not None:
        query["state"] = state
    return client.get(back.path, query)


def test_without_keys_no_button_is_offered(client: Client) -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "GitHub" not in client.get(path).content.decode()


def test_with_keys_the_button_posts(client: Client, github: FakeGitHub) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Continue with GitHub" in page
    assert 'method="post" action="/accounts/github/login/' in page


def test_somebody_new_is_asked_for_age_and_terms_first(client: Client, github: FakeGitHub) -> None:
    response = come_back(client)
    assert response["Location"] == "/accounts/3rdparty/signup/"
    assert not User.objects.exists()
    page = client.get(response["Location"]).content.decode()
    assert 'value="Ada Lovelace"' in page
    assert 'name="born"' in page
    assert client.post(response["Location"], FORM | {"terms": ""}).status_code == 200
    assert not User.objects.exists()
    assert client.post(response["Location"], FORM)["Location"] == "/score/"
    person = Person.objects.get()
    assert (person.name, person.visibility) == ("Ada", "private")
    assert {event.what for event in person.consent_events.all()} == {"age", "terms"}
    assert client.session["_auth_user_id"] == str(person.owner_id)
    assert "code_verifier" in github.tokens_asked[0]


def test_only_the_name_is_kept_of_the_networks_answer(client: Client, github: FakeGitHub) -> None:
    client.post(come_back(client)["Location"], FORM)
    assert SocialAccount.objects.get().extra_data == {"login": "ada", "name": "Ada Lovelace"}
    assert not SocialToken.objects.exists()
    for told in ("Analytical Engines", "London", "told-once"):
        assert in_tables(told) == set()
    client.logout()
    assert come_back(client)["Location"] == "/score/"
    assert SocialAccount.objects.get().extra_data == {"login": "ada", "name": "Ada Lovelace"}
    assert User.objects.count() == 1


def test_who_is_too_young_leaves_no_trace_of_the_network_either(
    client: Client, github: FakeGitHub
) -> None:
    response = come_back(client)
    assert Session.objects.exists()
    refused = client.post(response["Location"], FORM | {"born": "2024-01-01"})
    assert refused.status_code == 403
    assert not Session.objects.exists()
    assert not User.objects.exists()
    assert client.get("/accounts/3rdparty/signup/")["Location"] == "/accounts/login/"


def test_an_equal_address_at_the_network_opens_nobodys_account(
    client: Client, github: FakeGitHub, alice: Person
) -> None:
    User.objects.filter(people=alice).update(email="ada@example.org")
    response = come_back(client)
    assert response["Location"] == "/accounts/3rdparty/signup/"
    client.post(response["Location"], FORM)
    assert not SocialAccount.objects.filter(user_id=alice.owner_id).exists()
    assert client.session.get("_auth_user_id") != str(alice.owner_id)


def test_a_second_network_is_added_when_signed_in(
    alice: Person, alice_client: Client, github: FakeGitHub
) -> None:
    response = come_back(alice_client, process="connect")
    assert response["Location"] == "/accounts/3rdparty/"
    assert SocialAccount.objects.get().user_id == alice.owner_id
    page = alice_client.get(response["Location"]).content.decode()
    assert "Ada Lovelace" in page or "GitHub" in page


def test_a_way_back_with_another_state_is_refused(client: Client, github: FakeGitHub) -> None:
    response = come_back(client, state="forged")
    assert response.status_code in {200, 401}
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_a_way_back_can_be_walked_once(client: Client, github: FakeGitHub) -> None:
    begun = client.post("/accounts/github/login/?process=login")
    state = parse_qs(urlsplit(begun["Location"]).query)["state"][0]
    back = f"/accounts/github/login/callback/?code=once&state={state}"
    assert client.get(back).status_code == 302
    assert client.get(back).status_code in {200, 401}
    assert len(github.tokens_asked) == 1


def test_another_browser_cannot_use_the_way_back(client: Client, github: FakeGitHub) -> None:
    begun = client.post("/accounts/github/login/?process=login")
    state = parse_qs(urlsplit(begun["Location"]).query)["state"][0]
    Client().get(f"/accounts/github/login/callback/?code=once&state={state}")
    assert github.tokens_asked == []


def test_beginning_by_a_link_only_asks(client: Client, github: FakeGitHub) -> None:
    response = client.get("/accounts/github/login/?process=login")
    assert response.status_code == 200
    assert 'method="post"' in response.content.decode()
