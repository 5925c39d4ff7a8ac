"""Strict reading of Stack Exchange's types: users, questions, answers, comments.

References: https://api.stackexchange.com/docs/types/user, …/question, …/answer, …/comment (read
2026-11), with the fields of the built-in filters "default" and "withbody".
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors import bios
from connectors.fields import epoch, field, optional
from connectors.markup import plain_text
from connectors.types import AccountRef, Actor, Post, Profile, TextFeatures

NETWORK_ID = "stackexchange"
LONGEST_TEXT = 20_000
# The sites with a name of their own; all others stand under stackexchange.com.
_SITES = frozenset(
    {
        "askubuntu.com",
        "mathoverflow.net",
        "serverfault.com",
        "stackapps.com",
        "stackoverflow.com",
        "superuser.com",
    }
)
_SITE = re.compile(
    r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.meta)?\.stackexchange\.com|[a-z]{2}\.stackoverflow\.com"
)
_ID = re.compile(r"[1-9]\d{0,18}")
_HINTS = ("se:", "stackexchange:")


def is_site(host: str) -> bool:
    """Return whether a host is a site of the network."""
    return host in _SITES or bool(_SITE.fullmatch(host))


def parse_handle(text: str) -> AccountRef | None:
    """Return the account that "se:22656@stackoverflow.com" or the address of a user means."""
    text = text.strip()
    number, site = "", ""
    for hint in _HINTS:
        if text.lower().startswith(hint):
            number, _, site = text[len(hint) :].partition("@")
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        steps = parts.path.strip("/").split("/")
        if steps[0] == "users" and len(steps) > 1:
            number, site = steps[1], (parts.hostname or "").removeprefix("www.")
    return reference(number, site.lower())


def reference(number: str, site: str) -> AccountRef | None:
    """Return the account with that number on that site, None where either is none."""
    if not _ID.fullmatch(number) or not is_site(site):
        return None
    name = f"{number}@{site}"
    return AccountRef(native_id=name, handle=name)


def parse_user(data: dict[str, Any], site: str, path: str) -> tuple[Profile, dict[str, int | None]]:
    """Return a user's profile and counts."""
    number = field(data, "user_id", int, path=path, network=NETWORK_ID)
    name = f"{number}@{site}"
    # The field that people fill in as they like; the longer text about them needs a filter made
    # for it by a request of its own.
    place = _text(data, "location", path)
    badges = field(data, "badge_counts", dict, path=path, network=NETWORK_ID)
    profile = Profile(
        native_id=name,
        handle=name,
        name=_text(data, "display_name", path)[:200],
        url=field(data, "link", str, path=path, network=NETWORK_ID),
        bio=place,
        indexable=not bios.asks_to_stay_away(place),
        states_minor=bios.states_minor(place),
        created_at=moment_of(data, "creation_date", path),
    )
    return profile, {
        "reputation": _count(data, "reputation", path),
        # Loses more than it gains in some months.
        "reputation_month": _count(data, "reputation_change_month", path),
        "gold_badges": _count(badges, "gold", path),
        "silver_badges": _count(badges, "silver", path),
        "bronze_badges": _count(badges, "bronze", path),
    }


def parse_owner(data: object, site: str, path: str) -> Actor | None:
    """Return who wrote something; None for an account that was deleted."""
    owner = optional(data, "owner", dict, path=path, network=NETWORK_ID)
    return None if owner is None else parse_actor(owner, site, path)


def parse_actor(user: dict[str, Any], site: str, path: str) -> Actor | None:
    """Return a shallow user as an actor; None where the account does not exist any more."""
    number = optional(user, "user_id", int, path=path, network=NETWORK_ID)
    if number is None or number < 1:
        return None
    name = f"{number}@{site}"
    return Actor(
        native_id=name,
        handle=name,
        name=_text(user, "display_name", path)[:200],
        url=optional(user, "link", str, path=path, network=NETWORK_ID) or "",
    )


def parse_question(data: dict[str, Any], site: str, path: str) -> Post:
    """Return a question; its answers are what others did about it."""
    number = field(data, "question_id", int, path=path, network=NETWORK_ID)
    tags = optional(data, "tags", list, path=path, network=NETWORK_ID) or []
    return _post(
        data,
        str(number),
        f"https://{site}/q/{number}",
        _text(data, "title", path),
        tuple(tag.lower() for tag in tags if isinstance(tag, str)),
        path,
    )


def parse_answer(data: dict[str, Any], site: str, path: str) -> Post:
    """Return an answer."""
    number = field(data, "answer_id", int, path=path, network=NETWORK_ID)
    return _post(data, str(number), f"https://{site}/a/{number}", "", (), path)


def _post(
    data: dict[str, Any], name: str, url: str, title: str, tags: tuple[str, ...], path: str
) -> Post:
    words, hosts = plain_text(optional(data, "body", str, path=path, network=NETWORK_ID) or "")
    text = f"{title}\n{words}".strip()[:LONGEST_TEXT]
    return Post(
        native_id=name,
        created_at=moment_of(data, "creation_date", path),
        url=url,
        text=text,
        features=TextFeatures(hashtags=tags, link_hosts=hosts, length=len(text)),
        counts={
            "votes": _count(data, "score", path),
            # Of a question; how many comments an answer has is not told without a filter.
            "comments": _optional_count(data, "answer_count", path),
        },
    )


def moment_of(data: object, name: str, path: str) -> datetime:
    """Return a time that is told in seconds since 1970."""
    return epoch(data, name, path=path, network=NETWORK_ID)


def _count(data: object, name: str, path: str) -> int:
    # Votes against bring scores below zero, which is told as none.
    return max(field(data, name, int, path=path, network=NETWORK_ID), 0)


def _optional_count(data: object, name: str, path: str) -> int | None:
    count = optional(data, name, int, path=path, network=NETWORK_ID)
    return None if count is None else max(count, 0)


def _text(data: object, name: str, path: str) -> str:
    # Names and titles come as HTML ("Tom &amp; Jerry").
    return plain_text(optional(data, name, str, path=path, network=NETWORK_ID) or "")[0]
