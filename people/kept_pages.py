"""The main parts of people's pages, kept in the cache while the rows behind them are the same.

A kept page is found by whose it is, which room it is, and who looks: the owner, somebody signed in,
or a stranger. It is shown only while the version of its rows (people.row_versions), the visitor's
language and time zone, the day and the templates are those it was written with; whether the visitor
may see it at all is asked before, each time. It holds nothing of the visitor: the frame of the page
and the token of its forms are put in when it is shown. What lies in the cache is encrypted, because
posts are (and a broker may write its memory to disk), goes after an hour, and its person's
erasure takes it along. Without the cache pages are written anew each time.
"""

import time
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

import redis
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.erasure import Rows, register_store
from people.models import Person

# People share slots, so that the cache holds so many at most: some 200 MB when all are full.
SLOTS = 4_096
# Time zones beside one another in a slot.
ZONES = 8
MOST_AGE_SECONDS = 3_600
# A page is written sooner than that.
TIMEOUT_SECONDS = 0.25
# The blocks of base.html that pages fill, in the order of layout/parts.html.
PARTS = ("title", "description", "robots", "head", "scripts", "main")
TOKEN = "csrf_token"  # noqa: S105 - the name of a variable


class Viewer(StrEnum):
    """Who looks at a page; what one of them sees is never shown to another."""

    OWNER = "owner"
    SIGNED_IN = "signed-in"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What a kept page is found by, and what it depends on."""

    room: str
    person_id: int
    viewer: Viewer
    # Another text as soon as one of the rows behind the page changes (people.row_versions).
    version: str


@lru_cache
def mark_of(slot: str) -> str:
    """Return what stands for a slot; nobody can guess it, so no text of a person holds it."""
    return salted_hmac("people.kept_pages", slot, algorithm="sha256").hexdigest()


def render_kept(
    request: HttpRequest,
    template: str,
    page: KeptPage,
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Return the page, kept or written anew; `context` is asked for in the second case only.

    The template extends `layout`; its context may hold `kept_until`, the moment from which on it
    would say something else.
    """
    parts = _kept(page)
    if parts is None:
        values = context()
        until: datetime | None = values.pop("kept_until", None)
        marks = {"between": mark_of("part"), TOKEN: mark_of(TOKEN)}
        parts = render_to_string(
            template, values | {"layout": "layout/parts.html"} | marks, request
        )
        _keep(page, parts, until)
    token = get_token(request)
    texts = parts.replace(mark_of(TOKEN), token).split(mark_of("part"))
    # Escaped when they were written.
    found = {
        name: mark_safe(text.strip())  # noqa: S308
        for name, text in zip(PARTS, texts, strict=True)
    }
    return render(request, "layout/kept.html", {"kept": found, TOKEN: token})


def forget(person_id: int) -> int:
    """Take the person's pages out of the cache; return how many there were (of the whole slot)."""
    name = _slot(person_id)
    count: int = _cache().hlen(name)
    _cache().delete(name)
    return count


def drop_soon(person_ids: Iterable[int]) -> None:
    """Take the pages of those people out of the cache once the change at hand is committed.

    Nobody is shown one that is not true any more in any case: this only leaves nothing behind.
    """
    ids = list(person_ids)

    def drop() -> None:
        try:
            for person_id in ids:
                forget(person_id)
        except redis.RedisError:
            # They go by themselves within the hour.
            return

    transaction.on_commit(drop)


# --- The cache ------------------------------------------------------------------------------
@lru_cache(maxsize=4)
def _client(url: str) -> Any:
    # One for all requests, with a pool of connections: making one takes longer than asking it.
    # Typed loosely: the client's stubs know only text, and kept pages are bytes.
    return redis.Redis.from_url(
        url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def _cache() -> Any:
    return _client(settings.REDIS_URL)


@lru_cache(maxsize=4)
def _cipher(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"kept pages:{secret}".encode()).digest()))


def _slot(person_id: int) -> str:
    return f"klout:pages:{person_id % SLOTS}"


def _field(page: KeptPage) -> str:
    zone = zlib.crc32(timezone.get_current_timezone_name().encode()) % ZONES
    return f"{page.room}:{page.viewer}:{get_language()}:{zone}"


def _head(page: KeptPage) -> bytes:
    """Return a digest of all that a kept page depends on."""
    now = datetime.now(UTC)
    # A day ends at midnight, and the next update is told anew from the hour after it on.
    today = f"{now.date()}:{now.hour > 0}"
    zone = timezone.get_current_timezone_name()
    facts = (page.person_id, page.version, _field(page), zone, today, _site_version())
    return sha256("\0".join(map(str, facts)).encode()).digest()


def _kept(page: KeptPage) -> str | None:
    """Return the parts of the page; None where they are not kept, or not true any more."""
    try:
        sealed: bytes | None = _cache().hget(_slot(page.person_id), _field(page))
    except redis.RedisError:
        return None
    opened = _opened(sealed) if sealed else None
    if opened is None or opened[0] != _head(page):
        return None
    return zlib.decompress(opened[1]).decode()


def _opened(sealed: bytes) -> tuple[bytes, bytes] | None:
    """Return the digest and the packed parts; None where it is too old or another key's."""
    try:
        plain = _cipher(settings.SECRET_KEY).decrypt(sealed)
    except InvalidToken:
        return None
    until = int.from_bytes(plain[32:40])
    return (plain[:32], plain[48:]) if until > time.time() else None


def _keep(page: KeptPage, parts: str, until: datetime | None) -> None:
    end = time.time() + MOST_AGE_SECONDS
    if until is not None:
        end = min(end, until.timestamp())
    plain = b"".join(
        (
            _head(page),
            int(end).to_bytes(8),
            page.person_id.to_bytes(8),
            zlib.compress(parts.encode(), 1),
        )
    )
    sealed = _cipher(settings.SECRET_KEY).encrypt(plain)
    try:
        name = _slot(page.person_id)
        steps = _cache().pipeline(transaction=True)
        steps.hset(name, _field(page), sealed)
        steps.expire(name, MOST_AGE_SECONDS)
        steps.execute()
    except redis.RedisError:
        return


def _site_version() -> str:
    """Return a text that differs where another deployment or setting makes pages say otherwise."""
    told = (
        settings.SITE_URL,
        settings.SAMPLE_NETWORK,
        settings.NETWORK_APPS,
        settings.NETWORK_KEYS,
        settings.NETWORK_SCOPES,
        settings.NETWORK_AMENDMENTS,
    )
    return f"{_files_version() if settings.DEBUG else _files_version_once()}{told}"


@lru_cache
def _files_version_once() -> str:
    return _files_version()


def _files_version() -> str:
    found = sha256()
    for folder, kind in (("templates", "*.*"), ("locale", "*.mo"), ("dashboard", "*.py")):
        for path in sorted((settings.BASE_DIR / folder).rglob(kind)):
            facts = path.stat()
            found.update(f"{path}:{facts.st_mtime_ns}:{facts.st_size}\n".encode())
    return found.hexdigest()


# --- What is held ---------------------------------------------------------------------------
def register() -> None:
    """Tell people.erasure of the kept pages."""
    register_store(
        "kept pages",
        export=_held,
        erase=lambda person: forget(person.pk),
        what=_("Your pages as they were last written, encrypted, so that they open at once"),
        source=_("written here when somebody opened them"),
        until=_("an hour"),
    )


def _held(person: Person) -> Rows:
    # The pages say what the export holds in numbers and words.
    found: Mapping[bytes, bytes] = _cache().hgetall(_slot(person.pk))
    own = person.pk.to_bytes(8)
    for field, sealed in found.items():
        try:
            plain = _cipher(settings.SECRET_KEY).decrypt(sealed)
        except InvalidToken:
            continue
        if plain[40:48] == own:
            yield {"page": field.decode()}
