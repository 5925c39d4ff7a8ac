"""Strict reading of Mastodon's entities: accounts, statuses, notifications.

Entities: https://docs.joinmastodon.org/entities/Account/, …/Status/, …/Notification/ (2026-11).
Forks differ in what they leave out, so only what is used is asked for, and a count below zero
(hidden by its owner) is unknown.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from connectors import bios
from connectors.fields import field, moment, objects, optional, optional_moment
from connectors.markup import plain_text
from connectors.types import Actor, Post, Profile, ProfileLink, TextFeatures

NETWORK_ID = "mastodon"
PUBLIC = frozenset({"public", "unlisted"})
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer came from: its path, for errors, and the domain of its local accounts."""

    domain: str
    path: str


def full_handle(acct: str, domain: str) -> str:
    """Return "name@server" in lower case; an acct without a server is local to `domain`."""
    acct = acct.strip().lstrip("@").lower()
    return acct if "@" in acct else f"{acct}@{domain}"


def web_address(text: str | None) -> str:
    """Return the address if it is one that a page may link to, else ""."""
    if not text or len(text) > 500 or not text.lower().startswith(("https://", "http://")):
        return ""
    return text


def text_of(data: object, name: str, source: Source) -> str:
    """Return a text that must be there."""
    return field(data, name, str, path=source.path, network=NETWORK_ID)


def count_of(data: object, name: str, source: Source) -> int | None:
    """Return a count, or None where the server leaves it out or hides it (-1)."""
    count = optional(data, name, int, path=source.path, network=NETWORK_ID)
    return None if count is None or count < 0 else count


def flag_of(data: object, name: str, source: Source) -> bool | None:
    """Return a yes or no, or None where the server does not say."""
    return optional(data, name, bool, path=source.path, network=NETWORK_ID)


def child_of(data: object, name: str, source: Source) -> dict[str, Any]:
    """Return an entity inside an entity, which must be there."""
    return field(data, name, dict, path=source.path, network=NETWORK_ID)


def parse_profile(data: object, source: Source) -> Profile:
    """Return the profile of a local account of `source.domain`."""
    bio = plain_text(optional(data, "note", str, path=source.path, network=NETWORK_ID) or "")[0]
    handle = f"{text_of(data, 'username', source).lower()}@{source.domain}"
    return Profile(
        # The name with its server is how every other server knows the account, and is never given
        # to another; the number is known to its own server only.
        native_id=handle,
        handle=handle,
        name=text_of(data, "display_name", source)[:200],
        url=web_address(text_of(data, "url", source)),
        bio=bio,
        indexable=is_indexable(data, bio, source),
        states_minor=bios.states_minor(bio),
        created_at=optional_moment(data, "created_at", path=source.path, network=NETWORK_ID),
        links=_links_of(data),
    )


_HREF = re.compile(r'<a\s[^>]*href="(https?://[^"\s]+)"', re.IGNORECASE)


def _links_of(data: object) -> tuple[ProfileLink, ...]:
    """Return the links of the profile's fields and text; misshapen ones are left out.

    https://docs.joinmastodon.org/entities/Account/#Field, read 2026-11: `verified_at` says that the
    page links back.
    """
    if not isinstance(data, dict):
        return ()
    fields = data.get("fields")
    found = []
    for row in fields[:10] if isinstance(fields, list) else []:
        value = row.get("value") if isinstance(row, dict) else None
        if isinstance(value, str):
            verified = bool(row.get("verified_at"))
            found += [ProfileLink(unescape(url), verified) for url in _HREF.findall(value)]
    note = data.get("note")
    if isinstance(note, str):
        found += [ProfileLink(unescape(url)) for url in _HREF.findall(note)]
    return tuple(found[:20])


def is_indexable(data: object, bio: str, source: Source) -> bool:
    """Return False where the person or their server asks that the account be not found.

    `noindex` asks search engines to stay away, `indexable` speaks of public posts, `discoverable`
    of being suggested: any "no" is a no. Servers before 4.2 do not tell `indexable`.
    """
    return not (
        flag_of(data, "noindex", source) is True
        or flag_of(data, "indexable", source) is False
        or flag_of(data, "discoverable", source) is False
        or flag_of(data, "limited", source) is True
        or flag_of(data, "memorial", source) is True
        or bios.asks_to_stay_away(bio)
    )


def parse_counts(data: object, source: Source) -> dict[str, int | None]:
    """Return an account's counts, by the names of Snapshot."""
    return {
        "followers": count_of(data, "followers_count", source),
        "following": count_of(data, "following_count", source),
        "posts": count_of(data, "statuses_count", source),
    }


def parse_actor(data: object, source: Source) -> Actor:
    """Return who acted, as the author's server knows them."""
    handle = full_handle(text_of(data, "acct", source), source.domain)
    return Actor(
        native_id=handle,
        handle=handle,
        name=(optional(data, "display_name", str, path=source.path, network=NETWORK_ID) or "")[
            :200
        ],
        url=web_address(optional(data, "url", str, path=source.path, network=NETWORK_ID)),
        followers=count_of(data, "followers_count", source),
        following=count_of(data, "following_count", source),
    )


def is_public(status: object, source: Source) -> bool:
    """Return True for what everybody may read; an owner's token also sees what is not."""
    return text_of(status, "visibility", source) in PUBLIC


def parse_post(status: object, source: Source) -> Post:
    """Return a status as a post."""
    text, links = plain_text(text_of(status, "content", source))
    return Post(
        native_id=text_of(status, "id", source),
        created_at=moment(status, "created_at", path=source.path, network=NETWORK_ID),
        url=web_address(optional(status, "url", str, path=source.path, network=NETWORK_ID)),
        text=text[:LONGEST_TEXT],
        features=TextFeatures(
            hashtags=_names(status, "tags", "name", source),
            mentions=tuple(
                full_handle(acct, source.domain)
                for acct in _names(status, "mentions", "acct", source)
            ),
            link_hosts=links,
            language=(
                optional(status, "language", str, path=source.path, network=NETWORK_ID) or ""
            )[:16],
            length=len(text),
        ),
        counts={
            "likes": count_of(status, "favourites_count", source),
            "reshares": count_of(status, "reblogs_count", source),
            "comments": count_of(status, "replies_count", source),
            # From 4.5 on; unknown on older servers.
            "quotes": count_of(status, "quotes_count", source),
        },
        reply_to=_parent_author(status, source),
    )


def _names(status: object, name: str, inner: str, source: Source) -> tuple[str, ...]:
    found = objects(status, name, path=source.path, network=NETWORK_ID)
    return tuple(text_of(item, inner, source).lower() for item in found)


def _parent_author(status: object, source: Source) -> Actor | None:
    """Return whom the status answers, if told: servers give their number and list the mentioned."""
    parent = optional(status, "in_reply_to_account_id", str, path=source.path, network=NETWORK_ID)
    if parent is None or parent == text_of(child_of(status, "account", source), "id", source):
        return None
    for mention in objects(status, "mentions", path=source.path, network=NETWORK_ID):
        if text_of(mention, "id", source) == parent:
            handle = full_handle(text_of(mention, "acct", source), source.domain)
            return Actor(
                native_id=handle,
                handle=handle,
                url=web_address(
                    optional(mention, "url", str, path=source.path, network=NETWORK_ID)
                ),
            )
    return None


def quoted_post(status: dict[str, Any], source: Source) -> str | None:
    """Return the id of the post that a status quotes, where the server shows it (4.5 and later)."""
    quoted = status.get("quote")
    if not isinstance(quoted, dict) or quoted.get("quoted_status") is None:
        return None
    return text_of(child_of(quoted, "quoted_status", source), "id", source)
