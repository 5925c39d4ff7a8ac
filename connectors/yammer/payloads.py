"""Strict reading of Viva Engage's answers: people, messages, who likes them and who replies.

References: https://learn.microsoft.com/en-us/rest/api/yammer/messagesjson and
…/messagesin_threadthreadidjson (read 2026-11). Messages that not everybody in the network may read
are left out as a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import field as field_of
from connectors.fields import objects, optional
from connectors.types import AccountRef, Actor, Profile

NETWORK_ID = "yammer"
LONGEST_TEXT = 20_000
_NAME = re.compile(r"[\w.-]{1,100}")
_HOSTS = frozenset({"yammer.com", "www.yammer.com"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that the address of a user means; None for anything else."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    steps = parts.path.strip("/").split("/")
    if parts.scheme not in {"http", "https"} or parts.hostname not in _HOSTS or len(steps) != 3:
        return None
    _network, folder, name = steps
    if folder != "users" or not _NAME.fullmatch(name):
        return None
    return AccountRef(name if name.isascii() and name.isdigit() else "", name.lower())


@dataclass(frozen=True, slots=True)
class Message:
    """A message that everybody in the network may read."""

    native_id: str
    thread_id: str
    replied_to: str
    sender_id: str
    created_at: datetime
    text: str
    likes: int
    # Who likes it as far as the message tells: the first few.
    likers: tuple[Actor, ...]
    notified: frozenset[str]


@dataclass(slots=True)
class Page:
    """One page of messages, with what it tells of those who wrote them."""

    messages: list[Message] = field(default_factory=list)
    # Ids of all messages of the page, also of those that are not read.
    ids: list[int] = field(default_factory=list)
    has_older: bool = False
    people: dict[str, Actor] = field(default_factory=dict)
    # Of threads, by id: how many replies.
    replies: dict[str, int] = field(default_factory=dict)
    # Whose message another one answers, by the answered message's id.
    senders: dict[str, str] = field(default_factory=dict)


def parse_user(data: object, path: str) -> tuple[Profile, dict[str, int | None]]:
    """Return the token's owner and their counts; address, mail and telephone are not read."""
    actor = parse_person(data, path)
    summary = _text(data, "summary", path)
    profile = Profile(
        native_id=actor.native_id,
        handle=actor.handle,
        name=(actor.name or actor.handle)[:200],
        # Its address names the employer, and opens for colleagues only.
        url="",
        bio=summary[:LONGEST_TEXT],
        states_minor=bios.states_minor(summary),
    )
    return profile, {
        "followers": actor.followers,
        "following": actor.following,
        "posts": _stat(data, "updates", path),
    }


def parse_person(data: object, path: str) -> Actor:
    """Return somebody who is told as a user."""
    native_id = _id(data, "id", path)
    return Actor(
        native_id=native_id,
        handle=_text(data, "name", path) or native_id,
        name=_text(data, "full_name", path)[:200],
        followers=_stat(data, "followers", path),
        following=_stat(data, "following", path),
    )


def parse_people(data: object, path: str) -> tuple[list[Actor], bool]:
    """Return the people of a page of users, and whether there are more."""
    told = objects(data, "users", path=path, network=NETWORK_ID)
    more = optional(data, "more_available", bool, path=path, network=NETWORK_ID)
    return [parse_person(user, path) for user in told], bool(more)


def parse_page(data: object, path: str) -> Page:
    """Return a page of messages."""
    page = Page()
    for message in objects(data, "messages", path=path, network=NETWORK_ID):
        native_id = _id(message, "id", path)
        page.ids.append(int(native_id))
        if _is_open(message, path):
            page.messages.append(_message(message, native_id, path))
    meta = optional(data, "meta", dict, path=path, network=NETWORK_ID) or {}
    page.has_older = bool(optional(meta, "older_available", bool, path=path, network=NETWORK_ID))
    if isinstance(data, dict) and data.get("references") is not None:
        for reference in objects(data, "references", path=path, network=NETWORK_ID):
            _read_reference(page, reference, path)
    for told in page.messages:
        page.senders.setdefault(told.native_id, told.sender_id)
    return page


def _read_reference(page: Page, reference: dict[str, Any], path: str) -> None:
    kind = _text(reference, "type", path)
    if kind == "user":
        person = parse_person(reference, path)
        page.people[person.native_id] = person
    elif kind == "thread":
        stats = optional(reference, "stats", dict, path=path, network=NETWORK_ID) or {}
        updates = optional(stats, "updates", int, path=path, network=NETWORK_ID)
        if updates is not None:
            # The first message is one of them.
            page.replies[_id(reference, "id", path)] = max(updates - 1, 0)
    elif kind == "message" and reference.get("sender_id") is not None:
        page.senders[_id(reference, "id", path)] = _id(reference, "sender_id", path)


def _is_open(message: dict[str, Any], path: str) -> bool:
    """Return whether a person wrote it and everybody in the network may read it."""
    told: dict[str, str] = {"path": path, "network": NETWORK_ID}
    return (
        _text(message, "privacy", path) == "public"
        and _text(message, "sender_type", path) == "user"
        and not optional(message, "direct_message", bool, **told)
        and not optional(message, "system_message", bool, **told)
        and _text(message, "message_type", path) != "system"
    )


def _message(message: dict[str, Any], native_id: str, path: str) -> Message:
    told: dict[str, Any] = {"path": path, "network": NETWORK_ID}
    body = optional(message, "body", dict, **told) or {}
    likes = 0
    likers: tuple[Actor, ...] = ()
    liked_by = optional(message, "liked_by", dict, **told)
    if liked_by is not None:
        likes = max(optional(liked_by, "count", int, **told) or 0, 0)
        likers = tuple(_liker(row, path) for row in _rows(liked_by, "names", path))
    notified = optional(message, "notified_user_ids", list, **told) or []
    return Message(
        native_id=native_id,
        thread_id=_id(message, "thread_id", path),
        replied_to=""
        if message.get("replied_to_id") is None
        else _id(message, "replied_to_id", path),
        sender_id=_id(message, "sender_id", path),
        created_at=_moment(message, "created_at", path),
        text=_text(body, "plain", path)[:LONGEST_TEXT],
        likes=likes,
        likers=likers,
        notified=frozenset(str(one) for one in notified),
    )


def _liker(row: dict[str, Any], path: str) -> Actor:
    native_id = _id(row, "user_id", path)
    return Actor(
        native_id=native_id,
        handle=_text(row, "permalink", path) or native_id,
        name=_text(row, "full_name", path)[:200],
    )


def _rows(data: dict[str, Any], name: str, path: str) -> Iterator[dict[str, Any]]:
    if data.get(name) is not None:
        yield from objects(data, name, path=path, network=NETWORK_ID)


def _stat(data: object, name: str, path: str) -> int | None:
    stats = optional(data, "stats", dict, path=path, network=NETWORK_ID) or {}
    count = optional(stats, name, int, path=path, network=NETWORK_ID)
    return None if count is None or count < 0 else count


def _id(data: object, name: str, path: str) -> str:
    """Return a number that goes by as a text: they are longer than some readers' numbers."""
    value = data.get(name) if isinstance(data, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return str(int(value))
    return str(field_of(data, name, int, path=path, network=NETWORK_ID))


def _moment(data: object, name: str, path: str) -> datetime:
    """Return a time that is told as "2022/11/11 21:00:20 +0000"."""
    text = field_of(data, name, str, path=path, network=NETWORK_ID)
    try:
        return datetime.strptime(text, "%Y/%m/%d %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(
            f"{NETWORK_ID}'s answer at {path}: the field {name} is not a time.",
            network=NETWORK_ID,
            path=path,
        ) from None


def _text(data: object, name: str, path: str) -> str:
    return optional(data, name, str, path=path, network=NETWORK_ID) or ""
