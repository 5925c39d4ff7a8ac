"""Linking an account of the sample network through its real pages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import IO
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import pytest

from connectors import sample
from connectors.errors import Relink, Retry
from connectors.http import Client
from connectors.oauth import App, LinkRefused, Proof
from connectors.oauth import sample as linking
from connectors.types import AccountRef, Interaction
from tests.sample_server import CLIENT_SECRET, SampleServer

BACK = "http://127.0.0.1:8000/networks/sample/back/"
APP = App("klout", CLIENT_SECRET)


class _Stay(HTTPRedirectHandler):
    """Keeps a redirect to the application instead of following it."""

    def http_error_303(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object
    ) -> IO[bytes]:
        return fp


class Browser:
    """Fills in the sample network's forms, with cookies."""

    def __init__(self) -> None:
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), _Stay())

    def page(self, address: str, fields: dict[str, str] | None = None) -> tuple[str, str]:
        """Return the text of a page, and where it sends the browser."""
        data = urlencode(fields).encode() if fields else None
        answer = self._opener.open(Request(address, data=data), timeout=30)
        assert isinstance(answer, HTTPResponse)
        with answer:
            return answer.read().decode(), answer.headers.get("Location", "")

    def decide(self, address: str, handle: str, decision: str) -> dict[str, str]:
        """Return what the application is told once the person has decided."""
        location = ""
        for fields in ({"handle": handle}, {"decision": decision}):
            csrf = re.search(r'name="csrf" value="([^"]+)"', self.page(address)[0])
            assert csrf is not None
            _, location = self.page(address, {"csrf": csrf[1], **fields})
        assert location.startswith(BACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@pytest.fixture
def client(sample_server: SampleServer) -> Iterator[Client]:
    with Client(
        "sample",
        contact="tests",
        spend=lambda calls: None,
        local_origins=[sample_server.url],
        urls={"sample": sample_server.url},
        pause=lambda seconds: None,
    ) as client:
        yield client


def linked(client: Client, handle: str) -> Proof:
    """Return the proof that a whole link ends with."""
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, handle, "allow")
    return linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=params, app=APP)


def test_a_link_proves_whose_account_it_is_and_reads_it(client: Client) -> None:
    proof = linked(client, "ida.private")
    assert proof.profile.handle == "ida.private"
    assert proof.scopes == "profile activity"
    assert proof.server == ""
    assert proof.expires_at is not None
    assert proof.expires_at > datetime.now(UTC) + timedelta(days=1)
    account = AccountRef(proof.profile.native_id, "ida.private", token=proof.secret["access"])
    assert any(isinstance(row, Interaction) for row in sample.fetch(client, account, None))


def test_a_proof_does_not_print_its_tokens(client: Client) -> None:
    proof = linked(client, "vera.lindqvale")
    assert proof.secret["access"] not in repr(proof)
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    assert begun.kept["verifier"] not in repr(begun)
    assert begun.kept["verifier"] not in begun.redirect_url
    assert CLIENT_SECRET not in repr(APP)


def test_revoking_ends_the_access(client: Client) -> None:
    proof = linked(client, "vera.lindqvale")
    account = AccountRef(proof.profile.native_id, "vera.lindqvale", token=proof.secret["access"])
    assert sample.fetch_profile(client, account).handle == "vera.lindqvale"
    linking.revoke(client, secret=proof.secret, server="", app=APP)
    with pytest.raises(Relink):
        sample.fetch_profile(client, account)
    linking.revoke(client, secret=proof.secret, server="", app=APP)
    linking.revoke(client, secret={}, server="", app=APP)


def test_a_hint_is_handed_on(client: Client) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="@pia.moreno@sample", app=APP)
    assert parse_qs(urlsplit(begun.redirect_url).query)["login_hint"] == ["pia.moreno"]


def test_each_link_has_a_state_and_verifier_of_its_own(client: Client) -> None:
    first, second = (
        linking.begin(client, redirect_uri=BACK, hint="", app=APP).kept for _ in range(2)
    )
    assert first["state"] != second["state"]
    assert first["verifier"] != second["verifier"]


def _refused(client: Client, kept: dict[str, str], params: dict[str, str], app: App = APP) -> str:
    with pytest.raises(LinkRefused) as caught:
        linking.complete(client, redirect_uri=BACK, kept=kept, params=params, app=app)
    return caught.value.reason


def test_a_denial_is_told_apart(client: Client) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, "vera.lindqvale", "deny")
    assert _refused(client, begun.kept, params) == "denied"


def test_an_answer_to_another_session_is_refused(client: Client) -> None:
    mine = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    theirs = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(theirs.redirect_url, "vera.lindqvale", "allow")
    assert _refused(client, mine.kept, params) == "state"
    assert _refused(client, {}, params) == "state"
    assert _refused(client, mine.kept, {}) == "state"
    assert _refused(client, mine.kept, {"state": mine.kept["state"]}) == "state"


def test_a_code_is_not_taken_twice(client: Client) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, "vera.lindqvale", "allow")
    linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=params, app=APP)
    assert _refused(client, begun.kept, params) == "expired"


def test_a_code_of_another_verifier_is_refused(client: Client) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, "vera.lindqvale", "allow")
    assert _refused(client, begun.kept | {"verifier": "w" * 64}, params) == "expired"


def test_a_wrong_secret_is_the_operators_fault(client: Client) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, "vera.lindqvale", "allow")
    assert _refused(client, begun.kept, params, App("klout", "wrong")) == "app"
    odd = {"state": begun.kept["state"], "error": "invalid_scope"}
    assert _refused(client, begun.kept, odd) == "app"


def test_a_network_that_is_down_is_to_be_tried_again(
    client: Client, sample_server: SampleServer
) -> None:
    begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
    params = Browser().decide(begun.redirect_url, "vera.lindqvale", "allow")
    sample_server.fault("/oauth/token", status=500)
    with pytest.raises(Retry):
        linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=params, app=APP)
