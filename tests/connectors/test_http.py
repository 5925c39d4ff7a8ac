"""The door to networks, on a real server and on made-up statuses."""

import gzip
import json
import logging
import socket
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore
import httpx  # noqa: TID251
import pytest

from connectors import addresses, http
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Relink, Retry
from connectors.http import Answer, Client, next_link
from tests.connectors.web import reply, serving

TOKEN = "token-that-must-stay-secret"


def client(*origins: str, **options: Any) -> Client:
    values: dict[str, Any] = {"contact": "ops@example.org", "spend": lambda requests: None}
    return Client("testnet", **{**values, "local_origins": origins, **options})


def answering(status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Client:
    """Return a client that gets this answer to everything."""

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body, headers=headers)

    return client(transport=httpx.MockTransport(handle), pause=lambda seconds: None)


# --- On the wire --------------------------------------------------------------------------------
def test_an_answer_comes_back_with_who_we_are_and_the_token_sent() -> None:
    seen: dict[str, str] = {}

    def handle(request: BaseHTTPRequestHandler) -> None:
        seen.update(request.headers, path=request.path)
        reply(request, b'{"ok": true}', headers={"X-Thing": "1"})

    with serving(handle) as origin, client(origin) as network:
        answer = network.get(f"{origin}/a/b", params={"q": "æ &"}, token=TOKEN)
    assert (answer.status, answer.data, answer.path) == (200, {"ok": True}, "/a/b")
    assert answer.headers["x-thing"] == "1"
    assert parse_qs(urlsplit(seen["path"]).query) == {"q": ["æ &"]}
    assert seen["Authorization"] == f"Bearer {TOKEN}"
    assert "ops@example.org" in seen["User-Agent"]


def test_a_form_is_sent_once_even_when_the_network_fails() -> None:
    bodies: list[bytes] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        bodies.append(request.rfile.read(int(request.headers["Content-Length"])))
        reply(request, status=500)

    with serving(handle) as origin, client(origin) as network, pytest.raises(Retry):
        network.post(f"{origin}/token", form={"code": "x"})
    assert bodies == [b"code=x"]


def test_a_passing_fault_is_tried_three_times_in_all() -> None:
    statuses = [500, 502, 200]
    pauses: list[float] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        reply(request, status=statuses.pop(0))

    with serving(handle) as origin, client(origin, pause=pauses.append) as network:
        assert network.get(f"{origin}/x").status == 200
    assert pauses == list(http.PAUSES_SECONDS)


def test_every_request_is_paid_for_retries_and_redirects_too() -> None:
    spent: list[int] = []
    paths = iter([(500, {}), (302, {"Location": "/there"}), (200, {})])

    def handle(request: BaseHTTPRequestHandler) -> None:
        status, headers = next(paths)
        reply(request, status=status, headers=dict(headers))

    with (
        serving(handle) as origin,
        client(origin, spend=spent.append, pause=lambda seconds: None) as network,
    ):
        network.get(f"{origin}/here")
    assert spent == [1, 1, 1]


def test_nothing_is_sent_when_the_budget_says_no() -> None:
    asked: list[str] = []

    def refuse(requests: int) -> None:
        raise RateLimited("Enough.", resume_at=datetime.now(UTC))

    def handle(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        reply(request)

    with (
        serving(handle) as origin,
        client(origin, spend=refuse) as network,
        pytest.raises(RateLimited),
    ):
        network.get(f"{origin}/x")
    assert asked == []


def test_an_answer_larger_than_the_limit_is_not_read_to_its_end() -> None:
    sent: list[int] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(10_000):
                request.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass

    with (
        serving(handle) as origin,
        client(origin, max_bytes=100_000) as network,
        pytest.raises(BadPayload, match="more than 100000 bytes"),
    ):
        network.get(f"{origin}/huge")
    assert sum(sent) < 100_000_000


def test_a_packed_answer_is_measured_unpacked() -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        bomb = gzip.compress(b" " * 5_000_000)
        reply(request, bomb, headers={"Content-Encoding": "gzip"})

    with (
        serving(handle) as origin,
        client(origin, max_bytes=100_000) as network,
        pytest.raises(BadPayload, match="more than"),
    ):
        network.get(f"{origin}/bomb")


def test_a_silent_server_times_out() -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.connection.settimeout(5)
        request.connection.recv(1)

    with (
        serving(handle) as origin,
        client(origin, timeout_seconds=0.1, pause=lambda seconds: None) as network,
        pytest.raises(Retry, match="in time"),
    ):
        network.get(f"{origin}/silent")


def test_a_server_that_drips_is_left_after_the_whole_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "WHOLE_ANSWER_SECONDS", 0.3)

    heard_to_the_end: list[bool] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(200):
                request.wfile.write(b" ")
                request.wfile.flush()
                time.sleep(0.02)
        except OSError:
            return
        heard_to_the_end.append(True)

    with serving(handle) as origin, client(origin, pause=lambda seconds: None) as network:
        with pytest.raises(Retry, match="in time"):
            network.get(f"{origin}/drip")
        assert heard_to_the_end == []


def test_an_unreachable_server_is_a_passing_fault() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{free.getsockname()[1]}"
    with client(origin, pause=lambda seconds: None) as network, pytest.raises(Retry):
        network.get(f"{origin}/x")


# --- Addresses ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        "0.0.0.0",  # noqa: S104
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b:1::1", "2001:db8::1", "2002:7f00:1::", "2001::1", "::7f00:1"),
    ],
)
def test_addresses_that_are_not_of_the_open_internet_are_refused(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_open_internet_pass(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://10.0.0.1"),
        *("http://example.org/", "ftp://example.org/", "file:///etc/passwd", "//x", "x"),
        *("https://user:password@example.org/", "https://[broken/"),
    ],
)
def test_an_address_that_must_not_be_called_is_refused_before_anything_is_sent(url: str) -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    with client(transport=httpx.MockTransport(handle)) as network, pytest.raises(BadPayload):
        network.get(url)
    assert asked == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_other_spellings_of_loopback_are_refused(host: str) -> None:
    with serving(reply) as origin, client() as network:
        port = origin.rpartition(":")[2]
        with pytest.raises(ConnectorError) as refused:
            network.get(f"https://{host}:{port}/x")
    assert isinstance(refused.value, BadPayload)
    assert "public address" in str(refused.value)


def test_only_the_exact_local_origin_may_be_called() -> None:
    with serving(reply) as one, serving(reply) as other, client(one) as network:
        assert network.get(f"{one}/x").status == 200
        for url in (f"{other}/x", one.replace("127.0.0.1", "localhost") + "/x"):
            with pytest.raises(BadPayload):
                network.get(url)


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """A name server that answers a public address first and a private one later gains nothing."""
    asked: list[str] = []
    answers = [["203.0.114.1"], ["127.0.0.1"]]
    connected: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), 2) - 1]

    class Recording(httpcore.SyncBackend):
        def connect_tcp(self, host: str, *args: Any, **options: Any) -> httpcore.NetworkStream:
            connected.append(host)
            raise httpcore.ConnectError("nobody there")

    backend = addresses.GuardedBackend(frozenset(), resolve, inner=Recording())
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("rebinding.example", 443)
    assert (asked, connected) == (["rebinding.example"], ["203.0.114.1"])
    with pytest.raises(addresses.NotPublic):
        backend.connect_tcp("rebinding.example", 443)
    assert connected == ["203.0.114.1"]


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"]])
def test_a_name_that_resolves_to_a_private_address_is_refused(found: list[str]) -> None:
    with (
        client(resolve=lambda host, port: found) as network,
        pytest.raises(BadPayload, match="public address"),
    ):
        network.get("https://innocent.example/x")


def test_a_name_that_does_not_resolve_is_a_passing_fault() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with client(resolve=resolve, pause=lambda s: None) as network, pytest.raises(Retry):
        network.get("https://nowhere.example/x")


# --- Redirects ----------------------------------------------------------------------------------
def redirecting(*targets: str) -> tuple[Client, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if len(asked) <= len(targets):
            return httpx.Response(302, headers={"Location": targets[len(asked) - 1]})
        return httpx.Response(200, json={})

    return client(transport=httpx.MockTransport(handle)), asked


def test_a_redirect_to_another_host_does_not_take_the_token_along() -> None:
    network, asked = redirecting("/b", "https://other.example/c")
    with network:
        network.get("https://one.example/a", token=TOKEN)
    assert ["Authorization" in request.headers for request in asked] == [True, True, False]


def test_what_has_not_changed_is_told_and_not_paid_for() -> None:
    spent: list[int] = []
    statuses = iter([304, 200, 500, 304, 304])

    def handle(request: httpx.Request) -> httpx.Response:
        assert request.headers.get("if-none-match") == 'W/"1"'
        return httpx.Response(next(statuses), content=b"")

    with client(
        spend=spent.append, transport=httpx.MockTransport(handle), pause=lambda seconds: None
    ) as network:
        answer = network.get("https://one.example/a", etag='W/"1"')
        assert (answer.status, answer.data, spent) == (304, None, [])
        assert network.get("https://one.example/a", etag='W/"1"').status == 200
        assert spent == [1]
        # A fault is paid for, the try after it is not.
        assert network.get("https://one.example/a", etag='W/"1"').status == 304
        assert spent == [1, 1]
        # Nobody who did not ask is told so.
        with pytest.raises(BadPayload):
            network.get("https://one.example/a", headers={"If-None-Match": 'W/"1"'})


def test_what_is_compared_is_meant_for_one_server() -> None:
    network, asked = redirecting("/b", "https://other.example/c")
    with network:
        network.get("https://one.example/a", etag='"1"')
    assert ["If-None-Match" in request.headers for request in asked] == [True, True, False]


@pytest.mark.parametrize(
    "targets",
    [
        ["http://one.example/plain"],
        ["https://127.0.0.1/x"],
        ["https://[::ffff:10.0.0.1]/x"],
        ["file:///etc/passwd"],
        ["/1", "/2", "/3", "/4"],
    ],
)
def test_redirects_are_checked_like_first_addresses_and_end(targets: list[str]) -> None:
    network, _ = redirecting(*targets)
    with network, pytest.raises(BadPayload):
        network.get("https://one.example/a")


def test_a_redirect_into_the_local_network_is_refused_though_that_origin_is_listed() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "http://127.0.0.1:9/x"})

    transport = httpx.MockTransport(handle)
    with client("http://127.0.0.1:9", transport=transport) as network, pytest.raises(BadPayload):
        network.get("https://one.example/a")


def test_a_real_redirect_to_a_private_address_is_refused_on_the_wire() -> None:
    with serving(reply) as inside:

        def handle(request: BaseHTTPRequestHandler) -> None:
            reply(request, status=302, headers={"Location": f"{inside}/secret"})

        with serving(handle) as origin, client(origin) as network, pytest.raises(BadPayload):
            network.get(f"{origin}/x")


# --- Statuses -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, BadPayload),
        (401, Relink),
        (403, Relink),
        (404, Gone),
        (410, Gone),
        (418, BadPayload),
        (422, BadPayload),
        (429, RateLimited),
        (500, Retry),
        (502, Retry),
        (503, Retry),
        (504, Retry),
    ],
)
def test_each_status_has_its_word(status: int, word: type[ConnectorError]) -> None:
    with answering(status) as network, pytest.raises(word) as raised:
        network.get("https://one.example/path?secret=1", token=TOKEN)
    assert type(raised.value) is word
    assert raised.value.network == "testnet"
    assert raised.value.path == "/path"


def test_an_accepted_status_comes_back_as_an_answer() -> None:
    with answering(400, b'{"error": "use_dpop_nonce"}') as network:
        answer = network.post("https://one.example/token", form={}, accept=(400,))
    assert (answer.status, answer.data) == (400, {"error": "use_dpop_nonce"})


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html>", b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000),
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_an_answer_that_is_not_json_is_a_bad_payload(body: bytes) -> None:
    with answering(200, body) as network, pytest.raises(BadPayload, match="not JSON"):
        network.get("https://one.example/x")


def test_an_answer_that_cannot_be_unpacked_is_a_bad_payload() -> None:
    headers = {"Content-Encoding": "gzip"}

    def handle(request: BaseHTTPRequestHandler) -> None:
        reply(request, b"not gzip", headers=headers)

    with serving(handle) as origin, client(origin) as network, pytest.raises(BadPayload):
        network.get(f"{origin}/x")


@pytest.mark.parametrize(
    ("headers", "least_seconds", "most_seconds"),
    [
        ({"Retry-After": "120"}, 115, 121),
        ({"Retry-After": "0"}, 0, 2),
        ({"Retry-After": "99999999"}, 86_000, 86_401),
        ({"Retry-After": "rubbish"}, 895, 901),
        ({}, 895, 901),
        ({"X-RateLimit-Reset": "{iso}"}, 55, 61),
        ({"RateLimit-Reset": "{unix}"}, 55, 61),
        ({"Retry-After": "{date}"}, 55, 61),
    ],
)
def test_the_network_says_when_to_come_back(
    headers: dict[str, str], least_seconds: int, most_seconds: int
) -> None:
    now = datetime.now(UTC)
    then = now + timedelta(seconds=60)
    texts = {
        "iso": then.isoformat(),
        "unix": str(int(then.timestamp())),
        "date": then.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }
    told = {name: value.format(**texts) for name, value in headers.items()}
    with answering(429, headers=told) as network, pytest.raises(RateLimited) as raised:
        network.get("https://one.example/x")
    wait = raised.value.resume_at - now
    assert timedelta(seconds=least_seconds) <= wait <= timedelta(seconds=most_seconds + 2)


def test_503_with_a_time_is_a_limit() -> None:
    with answering(503, headers={"Retry-After": "5"}) as network, pytest.raises(RateLimited):
        network.get("https://one.example/x")


# --- Pages --------------------------------------------------------------------------------------
def paging(following: Mapping[str, str]) -> tuple[Client, list[str]]:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor", "")
        asked.append(cursor)
        return httpx.Response(200, json={"next": following.get(cursor)})

    return client(transport=httpx.MockTransport(handle)), asked


def next_cursor(answer: Answer) -> dict[str, str] | None:
    return {"cursor": answer.data["next"]} if answer.data["next"] else None


def test_pages_are_read_to_the_last() -> None:
    network, asked = paging({"": "a", "a": "b"})
    with network:
        pages = network.pages(
            "https://one.example/x", params={"n": 5}, next_page=next_cursor, max_pages=9
        )
        assert len(list(pages)) == 3
    assert asked == ["", "a", "b"]


def test_paging_stops_where_a_token_repeats() -> None:
    network, asked = paging({"": "a", "a": "b", "b": "a"})
    with network:
        list(network.pages("https://one.example/x", next_page=next_cursor, max_pages=99))
    assert asked == ["", "a", "b"]


def test_paging_stops_at_its_limit() -> None:
    network, asked = paging({"": "0", **{str(n): str(n + 1) for n in range(50)}})
    with network:
        list(network.pages("https://one.example/x", next_page=next_cursor, max_pages=4))
    assert len(asked) == 4


def test_the_next_page_may_not_be_on_another_server() -> None:
    with answering(200) as network, pytest.raises(BadPayload, match="another server"):
        list(
            network.pages(
                "https://one.example/x",
                token=TOKEN,
                next_page=lambda answer: "https://evil.example/x",
                max_pages=3,
            )
        )


def test_the_next_page_is_read_from_the_link_header() -> None:
    link = '<https://x.example/?max_id=1,2>; rel="next", <https://x.example/?min_id=9>; rel="prev"'
    assert next_link(Answer(200, None, {"link": link}, "/")) == "https://x.example/?max_id=1,2"
    assert next_link(Answer(200, None, {"link": '<https://x/>; rel="prev"'}, "/")) is None
    assert next_link(Answer(200, None, {}, "/")) is None


# --- Secrets ------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 429, 500])
def test_no_error_and_no_log_holds_a_token_a_query_or_a_body(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = b"body-that-must-stay-secret"
    with answering(status, body) as network, pytest.raises(ConnectorError) as raised:
        network.get("https://one.example/x?q=query-that-must-stay-secret", token=TOKEN)
    told = f"{raised.value!r} {raised.value} {vars(raised.value)} {caplog.text}"
    chain = raised.value.__cause__
    assert chain is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert "must-stay-secret" not in told


def test_an_unreachable_host_is_told_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}")

    with (
        client(transport=httpx.MockTransport(handle), pause=lambda s: None) as network,
        pytest.raises(Retry) as raised,
    ):
        network.get("https://one.example/x?q=must-stay-secret", token=TOKEN)
    assert "must-stay-secret" not in f"{raised.value} {caplog.text}"


def test_a_client_keeps_no_cookie_between_requests() -> None:
    cookies: list[str | None] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        cookies.append(request.headers.get("Cookie"))
        reply(request, headers={"Set-Cookie": "a=b"})

    with serving(handle) as origin, client(origin) as network:
        network.get(f"{origin}/1")
        network.get(f"{origin}/2")
    assert cookies == [None, None]


# --- Fields -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        ({}, str, "is missing"),
        ({"a": None}, str, "is missing"),
        ([], str, "is missing"),
        ("text", str, "is missing"),
        ({"a": 1}, str, "is not of the kind text"),
        ({"a": True}, int, "is not of the kind whole number"),
        ({"a": 1.0}, int, "is not of the kind whole number"),
        ({"a": "1"}, int, "is not of the kind whole number"),
        ({"a": json.loads("1e999")}, float, "is not of the kind number"),
        ({"a": 1}, bool, "is not of the kind true or false"),
        ({"a": {}}, list, "is not of the kind list"),
    ],
)
def test_a_wrong_field_is_named_with_network_and_path(data: Any, kind: Any, problem: str) -> None:
    with pytest.raises(BadPayload) as raised:
        http.field(data, "a", kind, path="/p", network="testnet")
    assert problem in str(raised.value)
    assert "testnet" in str(raised.value)
    assert "/p" in str(raised.value)
    assert " a " in str(raised.value)


def test_times_need_a_zone() -> None:
    data: dict[str, str] = {
        "good": "2026-01-02T03:04:05+02:00",
        "naive": "2026-01-02T03:04:05",
        "bad": "soon",
    }
    good = http.moment(data, "good", path="/p")
    assert good == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)
    for name in ("naive", "bad", "missing"):
        with pytest.raises(BadPayload):
            http.moment(data, name, path="/p")
    assert http.optional_moment(data, "missing", path="/p") is None


def test_a_list_of_objects_holds_nothing_else() -> None:
    assert http.objects({"rows": [{}]}, "rows", path="/p") == [{}]
    assert http.objects([{}], path="/p") == [{}]
    wrong: list[dict[str, Any]] = [{"rows": [1]}, {"rows": {}}, {}]
    for data in wrong:
        with pytest.raises(BadPayload):
            http.objects(data, "rows", path="/p")
    with pytest.raises(BadPayload):
        http.objects({}, path="/p")
