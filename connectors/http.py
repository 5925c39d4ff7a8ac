"""The only door to networks: time-outs, retries, paging, size limits, guarded addresses, redaction.

Knows no Django and no database: what a request costs is told to the `spend` function it is given.
"""

import json as json_module
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, NoReturn, Self
from urllib.parse import urljoin

import httpcore
import httpx

from connectors import addresses, waiting
from connectors.errors import (
    BadPayload,
    ConnectorError,
    Gone,
    NotAllowed,
    RateLimited,
    Relink,
    Retry,
)
from connectors.fields import field, moment, objects, optional, optional_moment
from connectors.meter import FREE, Meter

__all__ = [
    "Answer",
    "Client",
    "field",
    "moment",
    "next_link",
    "objects",
    "optional",
    "optional_moment",
]

log = logging.getLogger(__name__)

Origin = tuple[str, str, int]

MAX_BYTES = 10 * 2**20
MAX_REDIRECTS = 3
# Pauses before the second and third try of one request; anything longer is the task's business.
PAUSES_SECONDS = (0.2, 1.0)
# A server that sends a byte at a time must not hold a worker: the whole answer takes this at most.
WHOLE_ANSWER_SECONDS = 60.0
# As it goes over the wire: a name (international ones in ASCII) or an IPv4 or IPv6 number.
_HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_LINK = re.compile(r"<([^>]*)>([^<]*)")
# What is meant for the server that it was told, and goes to no other by a redirect.
_OF_ONE_SERVER = frozenset({"authorization", "cookie", "dpop", "if-none-match", "x-goog-api-key"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FAULTS = (
    httpx.TransportError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A network's answer: its JSON (None where empty), and headers with lower-case names."""

    status: int
    data: Any
    headers: Mapping[str, str]
    # Path of the address, without the query: what may be shown in an error.
    path: str
    url: str = dataclass_field(default="", repr=False)
    # True where nothing at all was sent: a "null" that was said is an answer of its own.
    empty: bool = False


class Client:
    """Sends one fetch's requests to one network; a context manager."""

    def __init__(
        self,
        network: str,
        *,
        contact: str,
        spend: Callable[[int], None],
        local_origins: Sequence[str] = (),
        transport: httpx.BaseTransport | None = None,
        max_bytes: int = MAX_BYTES,
        timeout_seconds: float = 10,
        urls: Mapping[str, str] | None = None,
        resolve: addresses.Resolve = addresses.resolve,
        pause: Callable[[float], None] = time.sleep,
        meter: Meter = FREE,
        prove: Callable[[str], str] = lambda token: "",
        key: str = "",
    ) -> None:
        self.network = network
        # Returns the proof that a token is used by the application that it was given to, for
        # networks that ask for one; the application's secret is not known here.
        self.prove = prove
        # The site's own key, where a network takes one for what is public.
        self.key = key
        # Paid from by connectors of networks that charge by the row.
        self.meter = meter
        self.urls: Mapping[str, str] = urls or {}
        self._spend = spend
        self._pause = pause
        self._max_bytes = max_bytes
        # Exact origins of development, as they were written.
        self.local_origins = tuple(local_origins)
        self._local_origins = frozenset(_origin(origin) for origin in local_origins)
        self._http = httpx.Client(
            transport=transport or _GuardedTransport(self._local_origins, resolve),
            timeout=timeout_seconds,
            follow_redirects=False,
            # Proxies and .netrc of the environment would go round the guard.
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": f"klout/0.1 (+{contact})",
                "Accept": "application/json",
                "Accept-Encoding": "gzip, deflate",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def is_local(self, origin: str) -> bool:
        """Return True if that exact origin ("http://host:port") is one of development's."""
        return _origin(origin) in self._local_origins

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
        etag: str = "",
    ) -> Answer:
        """Return the JSON answer; statuses in `accept` are returned too instead of raised.

        With an `etag` the network may answer 304, that nothing has changed: for networks that do
        not count such a question, and so it is not counted here either.
        """
        address = self._checked(url)
        if params:
            address = httpx.URL(address, params=dict(params))
        sent = _with_token(headers, token)
        if etag:
            sent["If-None-Match"] = etag
            accept = (*accept, 304)
        for pause in (*PAUSES_SECONDS, None):
            try:
                return self._follow(address, sent, accept)
            except Retry:
                if pause is None:
                    raise
                self._pause(pause)
        raise AssertionError("unreachable")

    def post(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        json: object = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Answer:
        """Return the JSON answer; sent once, since the network may have acted on it already."""
        request = self._http.build_request(
            "POST", self._checked(url), data=form, json=json, headers=_with_token(headers, token)
        )
        answer = self._send(request, accept)
        if answer.status in _REDIRECTS:
            raise self._bad("redirects a form, which is not followed", answer.path)
        return answer

    def delete(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Answer:
        """Return the JSON answer; sent once, like a form."""
        request = self._http.build_request(
            "DELETE",
            self._checked(url),
            params=params,
            json=json,
            headers=_with_token(headers, token),
        )
        answer = self._send(request, accept)
        if answer.status in _REDIRECTS:
            raise self._bad("redirects a deletion, which is not followed", answer.path)
        return answer

    def pages(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        token: str = "",
        next_page: Callable[[Answer], str | Mapping[str, str] | None],
        max_pages: int,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[Answer]:
        """Yield pages until `next_page` says None or repeats itself, or max_pages are read.

        A text is the next page's address (same origin), a mapping its changed parameters.
        """
        seen: set[object] = set()
        for _ in range(max_pages):
            answer = self.get(url, params=params, token=token, headers=headers)
            yield answer
            following = next_page(answer)
            if not following:
                return
            mark = following if isinstance(following, str) else tuple(sorted(following.items()))
            if mark in seen:
                log.warning("paging_repeats_itself network=%s", self.network)
                return
            seen.add(mark)
            if isinstance(following, str):
                # The token goes to the server that it was made for and nowhere else.
                if _origin(urljoin(url, following)) != _origin(url):
                    raise self._bad("sends its next page to another server", answer.path)
                url, params = urljoin(url, following), None
            else:
                params = {**(params or {}), **following}

    def _follow(self, address: httpx.URL, headers: dict[str, str], accept: Sequence[int]) -> Answer:
        """Return the answer after at most three redirects, each checked like a first address."""
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._send(self._http.build_request("GET", address, headers=headers), accept)
            if answer.status not in _REDIRECTS or answer.status in accept:
                return answer
            url = str(address)
            target = urljoin(url, answer.headers.get("location", ""))
            if _origin(target) != _origin(url):
                headers = {
                    name: value
                    for name, value in headers.items()
                    if name.lower() not in _OF_ONE_SERVER
                }
                if url.startswith("https:") and not target.startswith("https:"):
                    raise self._bad("redirects to an unencrypted address", answer.path)
                if (
                    _origin(target) in self._local_origins
                    and _origin(url) not in self._local_origins
                ):
                    raise self._bad("redirects into the local network", answer.path)
            address = self._checked(target)
        raise self._bad("redirects too often", address.path)

    def _checked(self, url: str) -> httpx.URL:
        """Return the address if it may be called; the transport checks what it resolves to."""
        # Read by the same parser that connects: two parsers can see two hosts in one address.
        try:
            parts = httpx.URL(url)
            origin = _origin_of(parts)
        except (httpx.InvalidURL, ValueError):
            raise self._bad("gives an address that cannot be read", "") from None
        if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.raw_host):
            raise self._bad("gives an address that is not a web address", "")
        if parts.userinfo:
            raise self._bad("gives an address with a name or password in it", parts.path)
        if origin not in self._local_origins:
            if parts.scheme != "https":
                raise self._bad("is not reached over an encrypted connection", parts.path)
            try:
                addresses.refuse_literal(parts.host)
            except addresses.NotPublic:
                raise self._bad("is not at a public address", parts.path) from None
        return parts

    def _send(self, request: httpx.Request, accept: Sequence[int]) -> Answer:
        """Return the answer of one request, or raise the word of connectors.errors for it."""
        path = request.url.path
        compared = "if-none-match" in request.headers
        if not compared:
            self._spend(1)
        try:
            response = self._http.send(request, stream=True)
            try:
                body = self._body(response, path)
            finally:
                response.close()
        except addresses.NotPublic:
            raise self._bad("is not at a public address", path) from None
        except (*_FAULTS, OSError) as error:
            # The fault's own text can hold the address with its query: only its kind is told.
            kind = (
                "did not answer in time" if "Timeout" in type(error).__name__ else "is unreachable"
            )
            self._log("request_failed", path, type(error).__name__)
            raise Retry(f"{self.network} {kind}.", network=self.network, path=path) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        status = response.status_code
        if compared and status != 304:
            self._spend(1)
        if status not in _REDIRECTS and not 200 <= status < 300 and status not in accept:
            self._raise_for(status, headers, path)
        data = None
        if status not in _REDIRECTS:
            data = self._parsed(body, path, lenient=status in accept)
        return Answer(status, data, headers, path, str(request.url), not body.strip())

    def _body(self, response: httpx.Response, path: str) -> bytes:
        """Return the body, read no further than the limits of size and time."""
        deadline = time.monotonic() + WHOLE_ANSWER_SECONDS
        chunks: list[bytes] = []
        size = 0
        try:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > self._max_bytes:
                    raise self._bad(f"sends more than {self._max_bytes} bytes", path)
                if time.monotonic() > deadline:
                    raise Retry(
                        f"{self.network} did not answer in time.", network=self.network, path=path
                    )
                chunks.append(chunk)
        except httpx.DecodingError:
            raise self._bad("sends an answer that cannot be unpacked", path) from None
        return b"".join(chunks)

    def _parsed(self, body: bytes, path: str, *, lenient: bool) -> Any:
        if not body.strip():
            return None
        try:
            return json_module.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            if lenient:
                return None
            raise self._bad("sends an answer that is not JSON", path) from None

    def _raise_for(self, status: int, headers: Mapping[str, str], path: str) -> NoReturn:
        self._log("request_refused", path, str(status))
        where: dict[str, str] = {"network": self.network, "path": path}
        if status == 429 or (status == 503 and "retry-after" in headers):
            raise RateLimited(
                f"{self.network} asks us to wait.",
                resume_at=waiting.resume_at(headers, datetime.now(UTC)),
                **where,
            )
        kind: type[ConnectorError] = BadPayload
        if status >= 500 or status in {408, 425}:
            kind = Retry
        elif status == 402:
            kind = NotAllowed
        elif status in {401, 403}:
            kind = Relink
        elif status in {404, 410}:
            kind = Gone
        raise kind(f"{self.network} answered {status} at {path}.", **where)

    def _bad(self, problem: str, path: str) -> BadPayload:
        return BadPayload(f"{self.network} {problem}.", network=self.network, path=path)

    def _log(self, event: str, path: str, what: str) -> None:
        # Neither host nor path: on small servers they name a person.
        log.info("%s network=%s what=%s", event, self.network, what)


def next_link(answer: Answer) -> str | None:
    """Return the address of rel="next" in the answer's Link header (RFC 8288), or None."""
    for target, parameters in _LINK.findall(answer.headers.get("link", "")):
        if "rel=next" in {text.strip(" ,").replace('"', "") for text in parameters.split(";")}:
            return str(target) or None
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _origin(url: str) -> Origin:
    """Return what makes an origin: scheme, host, port."""
    return _origin_of(httpx.URL(url))


def _origin_of(parts: httpx.URL) -> Origin:
    return parts.scheme, parts.host, parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def _with_token(headers: Mapping[str, str] | None, token: str) -> dict[str, str]:
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    return sent


@cache
def _ssl_context() -> ssl.SSLContext:
    """Return whom every connection trusts: read once, since that takes as long as ten requests."""
    return httpx.create_ssl_context(trust_env=False)


class _Body(httpx.SyncByteStream):
    """An answer's bytes as httpx wants them."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _GuardedTransport(httpx.BaseTransport):
    """Connects only to addresses that were checked (connectors.addresses)."""

    def __init__(self, local_origins: frozenset[Origin], resolve: addresses.Resolve) -> None:
        local = frozenset((host, port) for _scheme, host, port in local_origins)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=4,
            keepalive_expiry=5,
            network_backend=addresses.GuardedBackend(local, resolve),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("This client is not for asynchronous requests.")
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()
