"""The standard grant of OAuth 2 as declared data: what is asked, what is taken, what is refused."""

import logging
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors.errors import BadPayload, NotAllowed, Relink, Retry
from connectors.http import Client
from connectors.oauth import App, LinkRefused, Proof
from connectors.oauth.code_grant import CodeGrant
from connectors.oauth.pkce import challenge_of
from connectors.types import AccountRef, Profile
from tests.connectors.players import Player
from tests.connectors.records import NETWORK

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BACK = "https://klout.example/networks/testnet/back/"
URLS = {"vendor": "https://vendor.example"}
APP = App("our id", "our+secret")
TOKENS = {"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 3600, "scope": "read me"}


def _profile(client: Client, account: AccountRef) -> Profile:
    answer = client.get("https://vendor.example/me", token=account.token)
    return Profile(native_id=answer.data["id"], handle="astrid", name="Astrid", url="")


GRANT = CodeGrant(
    network=replace(NETWORK, scopes=("read", "me")),
    authorize_url="{vendor}/authorize",
    token_url="{vendor}/token",
    revoke_url="{vendor}/revoke",
    profile=_profile,
    needed=frozenset({"read"}),
)
ME = httpx.Response(200, json={"id": "7"})


def player(token: Any = TOKENS, status: int = 200, me: httpx.Response = ME) -> Player:
    routes = {
        "/token": httpx.Response(status, json=token),
        "/me": me,
        "/revoke": httpx.Response(200),
    }
    return Player("testnet", routes)


def forms(played: Player, path: str) -> list[dict[str, str]]:
    asked = [request for request in played.asked if request.url.path == path]
    return [dict(parse_qsl(request.content.decode())) for request in asked]


def linked(played: Player, grant: CodeGrant = GRANT, **params: str) -> Proof:
    """Go through linking; the vendor's answer comes back with `params`."""
    with time_machine.travel(NOW, tick=False), played.client(URLS) as client:
        begun = grant.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code", **params}
        return grant.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)


def asked_of(grant: CodeGrant) -> tuple[dict[str, str], Mapping[str, str]]:
    with player().client(URLS) as client:
        begun = grant.begin(client, redirect_uri=BACK, hint="", app=APP)
    parts = urlsplit(begun.redirect_url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://vendor.example/authorize"
    return dict(parse_qsl(parts.query)), begun.kept


# --- Asking ---------------------------------------------------------------------------------------
def test_a_person_is_asked_for_the_scopes_with_a_state_and_a_challenge() -> None:
    asked, kept = asked_of(GRANT)
    assert asked == {
        "response_type": "code",
        "client_id": "our id",
        "redirect_uri": BACK,
        "scope": "read me",
        "state": kept["state"],
        "code_challenge": challenge_of(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    assert asked_of(GRANT)[1]["state"] != kept["state"]


def test_a_vendors_peculiarities_are_declared() -> None:
    grant = replace(
        GRANT, separator=",", id_name="client_key", pkce=False, asked_too={"duration": "permanent"}
    )
    asked, kept = asked_of(grant)
    assert (asked["scope"], asked["client_key"], asked["duration"]) == (
        *("read,me", "our id", "permanent"),
    )
    assert "client_id" not in asked
    assert "code_challenge" not in asked
    played = player()
    linked(played, grant)
    (form,) = forms(played, "/token")
    assert form["client_key"] == "our id"
    assert "code_verifier" not in form
    assert kept["verifier"] == ""


# --- Coming back ----------------------------------------------------------------------------------
def test_a_code_becomes_tokens_and_the_profile_of_their_owner() -> None:
    played = player()
    proof = linked(played)
    assert proof.profile.native_id == "7"
    assert proof.secret == {"access": "at-1", "refresh": "rt-1"}
    assert proof.scopes == "read me"
    assert proof.expires_at == NOW + timedelta(hours=1)
    (form,) = forms(played, "/token")
    assert form.pop("code_verifier")
    assert form == {
        "grant_type": "authorization_code",
        "code": "a-code",
        "redirect_uri": BACK,
        "client_id": "our id",
        "client_secret": "our+secret",
    }
    assert played.asked[-1].headers["authorization"] == "Bearer at-1"


def test_our_secret_may_go_into_the_header_encoded_first() -> None:
    played = player()
    linked(played, replace(GRANT, basic=True))
    request = played.asked[0]
    word = b64encode(b"our+id:our%2Bsecret").decode()
    assert request.headers["authorization"] == f"Basic {word}"
    assert not {"client_id", "client_secret"} & forms(played, "/token")[0].keys()


def test_a_public_application_says_its_id_alone() -> None:
    played = player()
    with played.client(URLS) as client:
        GRANT.refresh(client, secret={"refresh": "rt-0"}, server="", app=App("our id"))
    assert forms(played, "/token") == [
        {"grant_type": "refresh_token", "refresh_token": "rt-0", "client_id": "our id"}
    ]


@pytest.mark.parametrize(
    ("told", "ends_at", "scopes"),
    [
        ({"access_token": "a"}, None, "read me"),
        ({"access_token": "a", "scope": "read,me"}, None, "read me"),
        ({"access_token": "a", "scope": ["read"]}, None, "read"),
        ({"access_token": "a", "expires_in": 60}, NOW + timedelta(minutes=1), "read me"),
    ],
    ids=str,
)
def test_what_an_answer_leaves_out_is_as_it_was_asked(
    told: dict[str, Any], ends_at: datetime | None, scopes: str
) -> None:
    proof = linked(player(told))
    assert (proof.expires_at, proof.scopes) == (ends_at, scopes)
    assert proof.secret == {"access": "a"}
    assert linked(player(told), replace(GRANT, lasts=timedelta(days=1))).expires_at is not None


# --- Refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"state": "another"}, "state"),
        ({"state": ""}, "state"),
        ({"error": "access_denied"}, "denied"),
        ({"error": "server_error"}, "app"),
        ({"code": ""}, "app"),
    ],
    ids=str,
)
def test_an_answer_that_is_no_yes_to_this_question_exchanges_nothing(
    params: dict[str, str], reason: str
) -> None:
    played = player()
    with pytest.raises(LinkRefused) as refused:
        linked(played, GRANT, **params)
    assert refused.value.reason == reason
    assert played.asked == []


@pytest.mark.parametrize(
    ("status", "told", "reason"),
    [
        (400, {"error": "invalid_grant"}, "expired"),
        # Some say no in a 200.
        (200, {"error": "invalid_grant", "error_description": "used"}, "expired"),
        (401, {"error": "invalid_client"}, "app"),
        (400, {"error": "unsupported_grant_type"}, "app"),
        (403, ["no"], "app"),
        (400, {"error": {"message": "no"}}, "app"),
    ],
    ids=str,
)
def test_a_refused_code_says_whose_fault_it_is(status: int, told: Any, reason: str) -> None:
    played = player(told, status)
    with pytest.raises(LinkRefused) as refused:
        linked(played)
    assert refused.value.reason == reason
    assert [request.url.path for request in played.asked] == ["/token"]


OWN_WORDS = replace(
    GRANT,
    word_name="message",
    used=frozenset({"invalid code"}),
    used_statuses=frozenset({401}),
)


@pytest.mark.parametrize(
    ("status", "told", "reason"),
    [
        (400, {"message": "Invalid code"}, "expired"),
        (400, {"message": "invalid client", "error": "Bad Request"}, "app"),
        (401, {"message": "Unauthorized"}, "expired"),
        (401, {"message": "invalid_client"}, "app"),
        (401, {}, "expired"),
    ],
    ids=str,
)
def test_a_vendor_may_refuse_in_words_of_its_own_or_by_the_status(
    status: int, told: Any, reason: str
) -> None:
    with pytest.raises(LinkRefused) as refused:
        linked(player(told, status), OWN_WORDS)
    assert refused.value.reason == reason
    word = Relink if reason == "expired" else NotAllowed
    with player(told, status).client(URLS) as client, pytest.raises(word):
        OWN_WORDS.refresh(client, secret={"refresh": "rt-0"}, server="", app=APP)


def test_a_scope_that_was_left_out_links_nothing_and_gives_the_access_back() -> None:
    played = player({**TOKENS, "scope": "me"})
    with pytest.raises(LinkRefused) as refused:
        linked(played)
    assert refused.value.reason == "denied"
    assert [form["token"] for form in forms(played, "/revoke")] == ["rt-1", "at-1"]


def test_a_profile_that_cannot_be_read_gives_the_access_back() -> None:
    played = player(me=httpx.Response(500))
    with pytest.raises(Retry):
        linked(played)
    hints = [form["token_type_hint"] for form in forms(played, "/revoke")]
    assert hints == ["refresh_token", "access_token"]


@pytest.mark.parametrize("told", [{}, [], {"access_token": 7}, {**TOKENS, "expires_in": -5}])
def test_an_answer_that_is_no_token_is_named_as_such(told: Any) -> None:
    with pytest.raises(BadPayload):
        linked(player(told))


@pytest.mark.parametrize(
    ("status", "told", "word"),
    [
        (400, {"error": "invalid_grant"}, Relink),
        (200, {"error": "invalid_grant"}, Relink),
        (401, {"error": "invalid_client"}, NotAllowed),
        (403, {}, NotAllowed),
        (503, {}, Retry),
    ],
    ids=str,
)
def test_a_refused_refresh_has_its_word(status: int, told: Any, word: type[Exception]) -> None:
    with player(told, status).client(URLS) as client, pytest.raises(word):
        GRANT.refresh(client, secret={"refresh": "rt-0"}, server="", app=APP)


def test_without_our_registration_nothing_is_asked() -> None:
    played = player()
    with played.client(URLS) as client, pytest.raises(NotAllowed):
        GRANT.begin(client, redirect_uri=BACK, hint="", app=None)
    assert played.asked == []


# --- Giving back ----------------------------------------------------------------------------------
def test_a_vendor_may_end_access_in_a_way_of_its_own_or_not_at_all() -> None:
    ended: list[str] = []
    own = replace(
        GRANT,
        revoke_url="",
        take_back=lambda client, secret, app: ended.append(secret["access"]),
    )
    played = player()
    with played.client(URLS) as client:
        own.revoke(client, secret={"access": "at-1"}, server="", app=APP)
        replace(GRANT, revoke_url="").revoke(client, secret={"access": "a"}, server="", app=None)
    assert (ended, played.asked) == (["at-1"], [])


def test_a_token_that_the_vendor_has_forgotten_is_no_error() -> None:
    played = Player("testnet", {"/revoke": httpx.Response(400, json={"error": "invalid_token"})})
    with played.client(URLS) as client:
        GRANT.revoke(client, secret={"access": "at-1"}, server="", app=APP)
    assert parse_qs(played.asked[0].content.decode())["token"] == ["at-1"]


def test_no_secret_is_in_a_log_or_a_word(caplog: pytest.LogCaptureFixture) -> None:
    told = {"error": "invalid_grant", "error_description": "The code a-code of our+secret."}
    with caplog.at_level(logging.DEBUG), pytest.raises(LinkRefused) as refused:
        linked(player(told, 400))
    with caplog.at_level(logging.DEBUG), pytest.raises(Retry) as retry:
        linked(player(TOKENS, 500))
    proof = linked(player())
    words = f"{caplog.text} {refused.value!r} {retry.value!r} {proof!r}"
    for secret in ("a-code", "our+secret", "our%2Bsecret", "at-1", "rt-1"):
        assert secret not in words
    assert "request_refused" in caplog.text
