"""What one server process holds, and how its requests reach it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from flask import Response, current_app, request

from connectors.samplenet.limits import Buckets, Fault, Faults
from connectors.samplenet.network import SampleNetwork
from connectors.samplenet.tokens import Grant, Refused, Tokens

HUGE_BYTES = 24 * 2**20


@dataclass(frozen=True, slots=True)
class Options:
    """How the server was started."""

    client_id: str
    client_secret: str
    # Beginnings of the addresses that a sign-in may return to, beside loopback ones.
    redirect_uris: tuple[str, ...] = ()
    allow_faults: bool = False
    serve_truth: bool = False
    requests_per_minute: int = 6_000
    access_seconds: int = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Serving:
    """The parts of a running server."""

    options: Options
    net: SampleNetwork
    tokens: Tokens
    buckets: Buckets
    faults: Faults


class ApiError(Exception):
    """A refusal of the API, as JSON with a status."""

    def __init__(self, status: int, word: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.word = word


def serving() -> Serving:
    """Return the server's parts, within a request."""
    return cast(Serving, current_app.extensions["samplenet"])


def base_url() -> str:
    """Return the address that the caller used, without a slash at the end."""
    return request.host_url.rstrip("/")


def bearer() -> Grant | None:
    """Return what the request's token grants; None without one; 401 for a bad one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    try:
        if scheme.lower() != "bearer":
            raise Refused("invalid_token")
        return serving().tokens.read(token.strip(), "access")
    except Refused as refusal:
        raise ApiError(401, str(refusal), "The token is not valid (any more).") from None


def json_text(text: str, status: int = 200) -> Response:
    """Return an answer of ready JSON text."""
    return Response(text, status=status, mimetype="application/json")


def failed(fault: Fault) -> Response:
    """Return the answer of an injected fault."""
    if fault.mode == "broken_json":
        return json_text('{"accounts": [{"id": ')
    if fault.mode == "huge":
        return Response(_huge(), mimetype="application/json")
    if fault.mode == "half":
        answer = json_text('{"accounts": [')
        # The connection closes long before so many bytes.
        answer.headers["Content-Length"] = "4000"
        answer.automatically_set_content_length = False
        return answer
    answer = json_text('{"error": "injected", "message": "A fault for tests."}', fault.status)
    if fault.status in {429, 503}:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _huge() -> Iterator[bytes]:
    yield b'{"filler": "'
    for _ in range(HUGE_BYTES // 2**16):
        yield b"x" * 2**16
    yield b'"}'
