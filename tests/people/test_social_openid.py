"""Sign-in by OpenID Connect, as with LinkedIn, against a running provider (oidc-provider-mock)."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from pytest_django import Settings

from klout.services.process import tie_to_this_thread
from people.models import Person, User
from tests.people.traces import in_tables

pytestmark = pytest.mark.django_db

CLAIMS = {
    "sub": "782bbtaQ",
    "name": "Astrid Fjord",
    "given_name": "Astrid",
    "picture": "https://media.example/told-once.jpg",
    "email": "astrid@example.org",
    "email_verified": True,
}
FORM = {"name": "Astrid", "email": "astrid@example.org", "born": "1990-12-10", "terms": "on"}


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A running provider that knows one person."""
    process = subprocess.Popen(
        (
            *(sys.executable, "-W", "ignore", "-m", "oidc_provider_mock"),
            *("--port", "0", "--user-claims", json.dumps(CLAIMS)),
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=tie_to_this_thread(signal.SIGTERM),
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        found = re.search(r"http://[\w.]+:(\d+)", line)
        if found and found[1] != "0":
            break
    else:
        raise RuntimeError(f"The OpenID provider did not start: {said!r}")
    yield f"http://127.0.0.1:{found[1]}"
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def linkedin(settings: Settings, provider: str) -> str:
    """The provider, offered under the name of LinkedIn, as the settings would offer it."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "linkedin",
                    "name": "LinkedIn",
                    "client_id": "id",
                    "secret": "secret",
                    "settings": {"server_url": provider},
                }
            ],
            "SCOPE": ["openid", "profile", "email"],
        }
    }
    return provider


def come_back(client: Client, *, says: str = "yes", **changed: str) -> Any:
    """Return the answer to the visitor who comes back from the provider."""
    begun = client.post("/accounts/oidc/linkedin/login/?process=login")
    assert begun.status_code == 302, begun.content
    asked = dict(parse_qsl(urlsplit(begun["Location"]).query))
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    form = {"sub": CLAIMS["sub"]} if says == "yes" else {"action": "deny"}
    request = Request(begun["Location"], data=urlencode(form).encode())
    try:
        build_opener(_Stay).open(request, timeout=10)
    except Exception as redirected:
        back = urlsplit(redirected.headers["Location"])  # type: ignore[attr-defined]
        redirected.close()  # type: ignore[attr-defined]
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    return client.get(back.path, {**query, **changed})


def test_somebody_new_is_asked_for_age_and_terms_and_only_the_name_is_kept(
    client: Client, linkedin: str
) -> None:
    assert "Continue with LinkedIn" in client.get("/accounts/login/").content.decode()
    response = come_back(client)
    assert response["Location"] == "/accounts/3rdparty/signup/"
    assert not User.objects.exists()
    assert 'value="Astrid Fjord"' in client.get(response["Location"]).content.decode()
    assert client.post(response["Location"], FORM)["Location"] == "/score/"
    assert Person.objects.get().name == "Astrid"
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("linkedin", CLAIMS["sub"])
    assert account.extra_data == {"name": "Astrid Fjord"}
    assert not SocialToken.objects.exists()
    assert in_tables("told-once") == set()
    client.logout()
    assert come_back(client)["Location"] == "/score/"
    assert SocialAccount.objects.get().extra_data == {"name": "Astrid Fjord"}
    assert User.objects.count() == 1


def test_a_no_or_a_forged_way_back_signs_nobody_in(client: Client, linkedin: str) -> None:
    for changed in ({"says": "no"}, {"state": "forged"}):
        response = come_back(client, **changed)
        assert response.status_code in {200, 302, 401}
        assert "_auth_user_id" not in client.session
    assert not User.objects.exists()
