"""Sign-in with the sample network: the happy path and every refusal."""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connectors.samplenet.oauth import allowed_redirect
from connectors.samplenet.state import State
from connectors.samplenet.tokens import Grant, Refused, Tokens
from tests.connectors.samplenet.conftest import SECRET, make_app, make_state

BACK = "http://127.0.0.1:8000/networks/sample/back"
VERIFIER = "v" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


def asked(**changes: str) -> str:
    """Return the address of an authorization request."""
    params = {
        "response_type": "code",
        "client_id": "klout",
        "redirect_uri": BACK,
        "scope": "profile activity",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return f"/oauth/authorize?{urlencode(params)}"


def send(web: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Return the answer to the page's form, filled in."""
    page = web.get(address).get_data(as_text=True)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    return web.post(address, data={"csrf": csrf[1], **fields})


def answered(answer: TestResponse) -> dict[str, str]:
    """Return what the redirect tells the application."""
    assert answer.status_code == 303
    assert answer.location.startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def code_for(web: FlaskClient, handle: str = "vera.lindqvale", **changes: str) -> str:
    """Return the code that the application gets once the person has allowed it."""
    signed_in = send(web, asked(**changes), handle=handle)
    assert "Allow access?" in signed_in.get_data(as_text=True)
    told = answered(send(web, asked(**changes), decision="allow"))
    assert told["state"] == "s1"
    return told["code"]


def exchange(web: FlaskClient, code: str, **changes: str) -> TestResponse:
    """Return the token endpoint's answer to a code."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_id": "klout",
        "client_secret": SECRET,
    } | changes
    return web.post("/oauth/token", data=fields)


def me(web: FlaskClient, token: str) -> TestResponse:
    return web.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_somebody_signs_in_allows_and_is_known_by_the_token(web: FlaskClient) -> None:
    answer = exchange(web, code_for(web))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    row = answer.get_json()
    assert row["token_type"] == "Bearer"
    assert row["scope"] == "profile activity"
    assert me(web, row["access_token"]).get_json()["handle"] == "vera.lindqvale"


def test_the_pages_escape_and_forbid_frames_and_other_forms(web: FlaskClient) -> None:
    answer = send(web, asked(), handle='<script>alert("1")</script>')
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nobody here has that handle." in text
    assert "<script" not in text
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    # The answer leads to the application: without its origin browsers stop the form.
    assert "form-action 'self' http://127.0.0.1:8000" in policy


def test_a_hint_is_typed_already(web: FlaskClient) -> None:
    text = web.get(asked(login_hint="@pia.moreno")).get_data(as_text=True)
    assert 'value="pia.moreno"' in text


def test_denying_tells_the_application_and_signs_out(web: FlaskClient) -> None:
    send(web, asked(), handle="vera.lindqvale")
    told = answered(send(web, asked(), decision="deny"))
    assert told == {"error": "access_denied", "state": "s1"}
    assert "Sign in to the sample network" in web.get(asked()).get_data(as_text=True)


def test_one_can_become_somebody_else_before_deciding(web: FlaskClient) -> None:
    send(web, asked(), handle="vera.lindqvale")
    assert "Sign in" in send(web, asked(), decision="another").get_data(as_text=True)
    assert "Pia Moreno" in send(web, asked(), handle="pia.moreno").get_data(as_text=True)


@pytest.mark.parametrize("handle", ["nobody.here", "user700007", ""])
def test_only_people_with_a_page_of_their_own_sign_in(web: FlaskClient, handle: str) -> None:
    assert send(web, asked(), handle=handle).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://app.example.evil.example/back"},
        {"redirect_uri": ""},
        {"client_id": "somebody-else"},
        {"client_id": "é"},
    ],
)
def test_strangers_are_stopped_and_never_redirected_to(
    web: FlaskClient, changes: dict[str, str]
) -> None:
    answer = web.get(asked(**changes))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "profile post"}, "invalid_scope"),
    ],
)
def test_bad_requests_are_told_to_the_application(
    web: FlaskClient, changes: dict[str, str], error: str
) -> None:
    assert answered(web.get(asked(**changes))) == {"error": error, "state": "s1"}


def test_a_form_from_elsewhere_is_refused(web: FlaskClient, app: Flask) -> None:
    send(web, asked(), handle="vera.lindqvale")
    forged = web.post(asked(), data={"decision": "allow", "csrf": "guessed"})
    assert forged.status_code == 400
    for csrf in ("", "-", "é"):
        without = app.test_client().post(asked(), data={"decision": "allow", "csrf": csrf})
        assert without.status_code == 400


def test_a_code_works_once_and_a_second_use_takes_its_tokens_back(web: FlaskClient) -> None:
    code = code_for(web)
    token = exchange(web, code).get_json()["access_token"]
    assert me(web, token).status_code == 200
    replayed = exchange(web, code)
    assert (replayed.status_code, replayed.get_json()) == (400, {"error": "invalid_grant"})
    assert me(web, token).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": BACK + "2"},
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
    ],
)
def test_a_code_is_bound_to_its_request(web: FlaskClient, changes: dict[str, str]) -> None:
    code = code_for(web)
    answer = exchange(web, code, **changes)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_grant"})
    # A thief's try has used it up.
    assert exchange(web, code).status_code == 400


@pytest.mark.parametrize(
    "changes", [{"client_secret": "wrong"}, {"client_id": "other"}, {"client_secret": ""}]
)
def test_an_application_that_does_not_prove_itself_gets_nothing(
    web: FlaskClient, changes: dict[str, str]
) -> None:
    answer = exchange(web, code_for(web), **changes)
    assert (answer.status_code, answer.get_json()) == (401, {"error": "invalid_client"})


def test_an_application_may_prove_itself_by_basic_authentication(web: FlaskClient) -> None:
    basic = base64.b64encode(f"klout:{SECRET}".encode()).decode()
    answer = web.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": code_for(web),
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        },
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer.status_code == 200
    broken = web.post("/oauth/token", headers={"Authorization": "Basic \xe9"})
    assert broken.status_code == 401


def test_a_refresh_token_brings_a_new_access_token(web: FlaskClient) -> None:
    first = exchange(web, code_for(web)).get_json()
    fields = {"grant_type": "refresh_token", "client_id": "klout", "client_secret": SECRET}
    answer = web.post("/oauth/token", data=fields | {"refresh_token": first["refresh_token"]})
    assert answer.status_code == 200
    token = answer.get_json()["access_token"]
    assert token != first["access_token"]
    assert me(web, token).status_code == 200
    wrong = web.post("/oauth/token", data=fields | {"refresh_token": first["access_token"]})
    assert wrong.get_json() == {"error": "invalid_grant"}
    odd = web.post("/oauth/token", data=fields | {"grant_type": "password"})
    assert odd.get_json() == {"error": "unsupported_grant_type"}


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_taking_back_either_token_ends_both(web: FlaskClient, kind: str) -> None:
    row = exchange(web, code_for(web)).get_json()
    fields = {"client_id": "klout", "client_secret": SECRET, "token": row[kind]}
    assert web.post("/oauth/revoke", data=fields | {"client_secret": "no"}).status_code == 401
    assert me(web, row["access_token"]).status_code == 200
    assert web.post("/oauth/revoke", data=fields).status_code == 200
    assert me(web, row["access_token"]).status_code == 401
    assert web.post("/oauth/revoke", data=fields | {"token": "unknown"}).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b", "é.é", "e30=.AAAA"])
def test_a_made_up_token_is_refused(web: FlaskClient, token: str) -> None:
    assert me(web, token).status_code == 401


def test_tokens_and_revocations_outlive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sample" / "state.json"
    web = make_app(make_state(path=path)).test_client()
    kept, taken = (exchange(web, code_for(web)).get_json() for _ in range(2))
    fields = {"client_id": "klout", "client_secret": SECRET, "token": taken["refresh_token"]}
    assert web.post("/oauth/revoke", data=fields).status_code == 200
    again = make_app(make_state(path=path)).test_client()
    assert me(again, kept["access_token"]).status_code == 200
    assert me(again, taken["access_token"]).status_code == 401
    assert path.stat().st_mode & 0o077 == 0


def test_private_accounts_are_read_by_their_owner_only(web: FlaskClient, app: Flask) -> None:
    number = app.extensions["samplenet"].net.people.number("ida.private")
    address = f"/api/v1/accounts/{number}"
    own = exchange(web, code_for(web, "ida.private")).get_json()["access_token"]
    other = exchange(web, code_for(web)).get_json()["access_token"]
    narrow = exchange(web, code_for(web, "ida.private", scope="profile")).get_json()
    for token, status in ((own, 200), (other, 404), (narrow["access_token"], 404)):
        answer = web.get(f"{address}/posts", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    assert web.get(address).status_code == 404
    assert web.get("/@ida.private").status_code == 404


class _Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _grant(tokens: Tokens) -> Grant:
    code = tokens.new_code("klout", 1, "profile", BACK, CHALLENGE)
    return tokens.exchange(code, "klout", BACK, VERIFIER)


@pytest.fixture
def kept() -> State:
    return make_state()


def test_a_code_ends_after_a_minute(kept: State) -> None:
    clock = _Clock()
    tokens = Tokens(kept, 3_600, clock)
    code = tokens.new_code("klout", 1, "profile", BACK, CHALLENGE)
    clock.now += 61
    with pytest.raises(Refused, match="invalid_grant"):
        tokens.exchange(code, "klout", BACK, VERIFIER)


def test_an_access_token_ends_and_a_refresh_token_does_not(kept: State) -> None:
    clock = _Clock()
    tokens = Tokens(kept, 3_600, clock)
    row = tokens.issue(_grant(tokens))
    clock.now += 3_599
    assert tokens.read(str(row["access_token"]), "access").account == 1
    clock.now += 2
    with pytest.raises(Refused, match="invalid_token"):
        tokens.read(str(row["access_token"]), "access")
    clock.now += 10**8
    assert tokens.read(str(row["refresh_token"]), "refresh").account == 1


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("http://localhost:1/x?y=1", True),
        ("http://[::1]:80/x", True),
        ("https://app.example/back", False),
        ("https://app.example/back/", True),
        ("https://app.example/back/sample", True),
        ("https://app.example/backdoor", False),
        ("https://app.example@evil.example/back/", False),
        ("https://evil.example/https://app.example/back/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://127.0.0.1:99999/", False),
        ("http://127.0.0.1:8000/x#fragment", False),
        ("http://me@127.0.0.1:8000/x", False),
        ("javascript://127.0.0.1/%0aalert(1)", False),
        ("//127.0.0.1/x", False),
        ("http://127.0.0.1\\@evil.example/", False),
    ],
)
def test_answers_go_to_loopback_or_below_a_registered_address(uri: str, allowed: bool) -> None:
    assert allowed_redirect(uri, ("https://app.example/back",)) is allowed
