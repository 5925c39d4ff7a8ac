"""Proof of a Bluesky account, against a running authorization server that checks every step."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx  # noqa: TID251
import jwt
import pytest
from pytest_django.fixtures import Settings

from connectors import crypto, linking
from connectors.errors import BadPayload, Retry
from connectors.http import Client
from connectors.models import Account, Credential
from connectors.oauth import Begun, LinkRefused, Proof, bluesky, dpop
from people.models import Person
from tests.connectors.fake_atproto import did

REDIRECT = "http://127.0.0.1:8000/networks/bluesky/back/"


@dataclass
class World:
    """The running servers."""

    url: str

    @property
    def other_url(self) -> str:
        """The same process under another name: another server to everybody."""
        return self.url.replace("127.0.0.1", "localhost")

    def control(self, **told: Any) -> Any:
        """Set lies and return what was revoked."""
        return httpx.post(f"{self.url}/control", json=told).json()

    def client(self) -> Client:
        """Return a client whose settings point at these servers."""
        return Client(
            "bluesky",
            contact="ops@example.org",
            spend=lambda requests: None,
            local_origins=[self.url, self.other_url],
            urls={
                "bluesky_appview": self.url,
                "bluesky_plc": f"{self.url}/plc",
                "bluesky_pds": self.url,
            },
            pause=lambda seconds: None,
        )


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.connectors.fake_atproto"],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "the servers did not start"
    yield World(url)
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def world(running: World) -> Iterator[World]:
    running.control(lies={})
    yield running
    running.control(lies={})


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    with world.client() as client:
        yield client


def begun(client: Client, hint: str = "@astrid.test") -> Begun:
    return bluesky.begin(client, redirect_uri=REDIRECT, hint=hint, app=None)


def answered(begun: Begun, **choice: str) -> dict[str, str]:
    """Return the parameters with which the browser comes back."""
    page = httpx.URL(begun.redirect_url).copy_merge_params(choice)
    answer = httpx.get(page)
    assert answer.status_code == 302, answer.text
    back = answer.headers["location"]
    assert back.startswith(REDIRECT)
    return dict(parse_qsl(urlsplit(back).query))


def completed(client: Client, kept: dict[str, str], params: dict[str, str]) -> Proof:
    return bluesky.complete(client, redirect_uri=REDIRECT, kept=kept, params=params, app=None)


@pytest.mark.parametrize("hint", ["@astrid.test", "astrid.test", did("astrid")])
def test_an_account_is_proven_and_no_token_is_kept(world: World, client: Client, hint: str) -> None:
    start = begun(client, hint)
    proof = completed(client, start.kept, answered(start))
    assert proof.profile.native_id == did("astrid")
    assert proof.profile.handle == "astrid.test"
    assert proof.secret == {}
    assert proof.scopes == "atproto"
    told = world.control()
    assert told["revoked"][-1] == f"refresh-{told['tokens'][-1]}"


def test_without_a_hint_any_account_of_the_usual_server_may_be_chosen(client: Client) -> None:
    start = begun(client, "")
    proof = completed(client, start.kept, answered(start, **{"as": did("bjorn")}))
    assert proof.profile.handle == "bjorn.test"


def test_only_the_request_uri_goes_through_the_browser(client: Client) -> None:
    start = begun(client)
    asked = dict(parse_qsl(urlsplit(start.redirect_url).query))
    assert asked.keys() == {"client_id", "request_uri"}
    secret = [start.kept[name] for name in ("verifier", "key", "state")]
    assert not any(text in start.redirect_url for text in secret)
    assert not any(text in repr(start) for text in secret)


def test_a_nonce_that_changed_meanwhile_is_learned(world: World, client: Client) -> None:
    start = begun(client)
    params = answered(start)
    world.control(next_nonce=True)
    assert completed(client, start.kept, params).profile.handle == "astrid.test"


def test_what_is_kept_survives_a_session_as_json(client: Client) -> None:
    start = begun(client)
    kept = json.loads(json.dumps(start.kept))
    assert completed(client, kept, answered(start)).profile.handle == "astrid.test"


@pytest.mark.parametrize("hint", ["@nobody.test", "@stolen.test", did("nobody"), "no handle"])
def test_an_account_that_is_not_there_or_does_not_bear_the_handle(
    client: Client, hint: str
) -> None:
    with pytest.raises(LinkRefused) as refused:
        begun(client, hint)
    assert refused.value.reason == "account"


def test_a_no_is_a_no(client: Client) -> None:
    start = begun(client)
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, answered(start, say="no"))
    assert refused.value.reason == "denied"


@pytest.mark.parametrize("change", [{"state": "another"}, {"state": ""}, {"iss": "https://x.test"}])
def test_an_answer_to_another_question_is_refused(client: Client, change: dict[str, str]) -> None:
    start = begun(client)
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, {**answered(start), **change})
    assert refused.value.reason == "state"


def test_an_answer_without_its_server_is_refused(client: Client) -> None:
    start = begun(client)
    params = answered(start)
    del params["iss"]
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, params)
    assert refused.value.reason == "state"


def test_a_code_is_used_once(client: Client) -> None:
    start = begun(client)
    params = answered(start)
    completed(client, start.kept, params)
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, params)
    assert refused.value.reason == "expired"


@pytest.mark.parametrize("name", ["verifier", "key"])
def test_a_code_without_the_verifier_or_key_of_its_flow_is_worth_nothing(
    client: Client, name: str
) -> None:
    start, other = begun(client), begun(client)
    with pytest.raises(LinkRefused) as refused:
        completed(client, {**start.kept, name: other.kept[name]}, answered(start))
    assert refused.value.reason == "expired"


def test_choosing_another_account_than_asked_for_is_refused_and_revoked(
    world: World, client: Client
) -> None:
    start = begun(client)
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, answered(start, **{"as": did("bjorn")}))
    assert refused.value.reason == "account"
    told = world.control()
    assert told["revoked"][-1] == f"refresh-{told['tokens'][-1]}"


def test_a_server_cannot_name_an_account_that_another_server_keeps(client: Client) -> None:
    start = begun(client, "")
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, answered(start, **{"as": did("elsewhere")}))
    assert refused.value.reason == "account"


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"token": {"sub": did("nobody")}}, "account"),
        ({"token": {"sub": "astrid"}}, "account"),
        ({"token": {"token_type": "Bearer"}}, "app"),
        ({"token": {"scope": "openid"}}, "app"),
        ({"no_profile": True}, "account"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(
    world: World, client: Client, lie: dict[str, Any], reason: str
) -> None:
    start = begun(client, "")
    world.control(lies=lie)
    with pytest.raises(LinkRefused) as refused:
        completed(client, start.kept, answered(start, **{"as": did("astrid")}))
    assert refused.value.reason == reason
    assert refused.value.network == "bluesky"


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://somebody-else.test"},
        {"scopes_supported": ["openid"]},
        {"code_challenge_methods_supported": ["plain"]},
        {"dpop_signing_alg_values_supported": ["RS256"]},
        {"require_pushed_authorization_requests": False},
        {"authorization_response_iss_parameter_supported": None},
    ],
)
def test_an_authorization_server_that_is_not_of_atproto_is_refused(
    world: World, client: Client, lie: dict[str, Any]
) -> None:
    world.control(lies={"metadata": lie})
    with pytest.raises(LinkRefused) as refused:
        begun(client)
    assert refused.value.reason == "app"


@pytest.mark.parametrize(
    "lie",
    [
        {"metadata": {"authorization_endpoint": "javascript:alert(1)"}},
        {"metadata": {"authorization_endpoint": "http://somewhere.test/authorize"}},
        {"metadata": {"pushed_authorization_request_endpoint": "http://127.0.0.1:9/par"}},
        {"pds": "http://169.254.169.254"},
        {"pds": "https://10.0.0.1"},
        {"pds": "https://user:secret@pds.test"},
        {"pds": "https://pds.test/path"},
    ],
)
def test_addresses_that_lead_into_the_house_or_nowhere_are_not_followed(
    world: World, client: Client, lie: dict[str, Any]
) -> None:
    world.control(lies=lie)
    with pytest.raises(BadPayload):
        begun(client)


def test_a_server_that_does_not_answer_is_tried_again_later() -> None:
    silent = Client(
        "bluesky",
        contact="ops@example.org",
        spend=lambda requests: None,
        local_origins=["http://127.0.0.1:9"],
        urls={"bluesky_pds": "http://127.0.0.1:9"},
        pause=lambda seconds: None,
    )
    with silent, pytest.raises(Retry):
        begun(silent, "")


def test_our_client_id_is_our_metadata_or_the_loopback_one() -> None:
    at = "https://klout.example/networks/bluesky/back/"
    assert bluesky.client_id_of(at) == "https://klout.example/oauth/bluesky/client-metadata.json"
    told = bluesky.client_metadata("https://klout.example", at)
    assert told["client_id"] == bluesky.client_id_of(at)
    assert told["redirect_uris"] == [at]
    assert told["scope"] == "atproto"
    assert told["dpop_bound_access_tokens"] is True
    assert bluesky.client_id_of(REDIRECT).startswith("http://localhost?redirect_uri=http%3A")
    for unusable in ("http://localhost:8000/back/", "http://klout.example/back/"):
        with pytest.raises(LinkRefused):
            bluesky.client_id_of(unusable)


def test_each_proof_is_a_new_one_and_never_shows_the_private_key() -> None:
    key = dpop.new_key()
    first, second = (dpop.proof(key, "POST", "https://x.test/token?a=b#c", "n") for _ in range(2))
    assert first != second
    header = jwt.get_unverified_header(first)
    assert header["jwk"].keys() == {"kty", "crv", "x", "y"}
    claims = jwt.decode(first, jwt.PyJWK(header["jwk"]), ["ES256"])
    assert claims["htu"] == "https://x.test/token"
    assert claims["nonce"] == "n"


@pytest.mark.django_db(transaction=True)
def test_a_proven_account_is_linked_without_any_secret(
    world: World, settings: Settings, alice: Person
) -> None:
    settings.BLUESKY_APPVIEW_URL = settings.BLUESKY_PDS_URL = world.url
    settings.BLUESKY_PLC_URL = f"{world.url}/plc"
    settings.LOCAL_ORIGINS = [world.url]
    start = linking.begin("bluesky", hint="@astrid.test", redirect_uri=REDIRECT)
    proof = linking.complete(
        "bluesky", redirect_uri=REDIRECT, kept=start.kept, params=answered(start)
    )
    account = linking.attach(alice, "bluesky", proof)
    assert (account.native_id, account.handle) == (did("astrid"), "astrid.test")
    assert account.status == Account.Status.LINKED
    credential = Credential.objects.get(account=account)
    assert credential.kind == Credential.Kind.NONE
    assert crypto.decrypt_secret(credential.secret) == {}
    linking.unlink(account, erase_history=True)
    assert not Credential.objects.exists()
