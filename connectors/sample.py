"""The sample network: invented people on a small server of the project's own.

Reference: docs/sample-network.md; the server is connectors.samplenet.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from connectors import bios
from connectors.errors import BadPayload
from connectors.fields import field, moment, objects, optional
from connectors.http import Answer, Client
from connectors.types import (
    AccountRef,
    Actor,
    AuthKind,
    Budget,
    Capabilities,
    Direction,
    Interaction,
    Kind,
    LookupKind,
    Network,
    Policy,
    Post,
    Profile,
    Provenance,
    Record,
    Snapshot,
    TextFeatures,
)

KINDS = {
    "like": Kind.LIKE,
    "reshare": Kind.RESHARE,
    "comment": Kind.COMMENT,
    "quote": Kind.QUOTE,
    "mention": Kind.MENTION,
    "follow": Kind.FOLLOW,
}
_ALL = frozenset(KINDS.values())
NETWORK = Network(
    id="sample",
    name="Sample network",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=True,
        posts=True,
        named=_ALL,
        anonymous=frozenset({Kind.SAVE}),
        dated=_ALL,
        sent=_ALL,
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        text_days=365,
        may_combine=True,
        may_export=True,
        lookup_days=None,
        attribution="All people of the sample network are invented.",
    ),
    # As the server is started; a run of one's own machine against itself.
    budget=Budget(requests=60_000, per_seconds=60),
    snapshot_counts=frozenset({"followers", "following", "posts", "lists"}),
    post_counts=frozenset({"likes", "reshares", "comments", "quotes", "saves"}),
    handle_hint="@name@sample",
    docs_url="docs/sample-network.md",
)
# Reactions come within four days and the night after: posts of a week can still move.
_MOVING = timedelta(days=7)
_MAX_PAGES = 2_000
_HANDLE = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]{0,79})(?:@sample)?", re.IGNORECASE)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def parse_handle(text: str) -> AccountRef | None:
    """Return the account of "@name@sample", "@name", "name" or an address of the server."""
    text = text.strip()
    if "://" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        path = unquote(parts.path)
        if parts.hostname not in _LOOPBACK or not path.startswith("/@"):
            return None
        text = path[1:].split("/")[0]
    found = _HANDLE.fullmatch(text)
    return AccountRef("", found[1].lower()) if found else None


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request, by its id or else by its handle."""
    if account.native_id:
        answer = client.get(_address(client, account.native_id), token=account.token)
    else:
        answer = client.get(
            f"{client.urls['sample']}/api/v1/accounts/lookup",
            params={"handle": account.handle},
            token=account.token,
        )
    return parse_profile(answer.data, answer.path)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield profile, daily counts, posts, then what was received and sent, newest first.

    With `since`, days and interactions from then on, and posts of the week before as well.
    """
    profile = fetch_profile(client, account)
    yield profile
    base = _address(client, profile.native_id)
    answer = client.get(f"{base}/audience", params=_from(since), token=account.token)
    for row in objects(answer.data, "days", path=answer.path, network=NETWORK.id):
        yield parse_snapshot(row, answer.path)
    moving = since - _MOVING if since else None
    for row, path in _rows(client, f"{base}/posts", "posts", moving, account.token):
        yield parse_post(row, path)
    seen_at = datetime.now(UTC)
    for name, direction in (("interactions", Direction.RECEIVED), ("sent", Direction.SENT)):
        for row, path in _rows(client, f"{base}/{name}", "interactions", since, account.token):
            yield parse_interaction(row, path, direction, seen_at)


def directory(client: Client) -> Iterator[Profile]:
    """Yield the profile of everybody who is listed."""
    address = f"{client.urls['sample']}/api/v1/directory"
    for row, path in _rows(client, address, "accounts", None, ""):
        yield parse_profile(row, path)


def parse_profile(data: object, path: str) -> Profile:
    """Return the profile of an account object."""
    bio = _text(data, "bio", path)
    age = optional(data, "age", int, path=path, network=NETWORK.id)
    indexable = field(data, "indexable", bool, path=path, network=NETWORK.id)
    return Profile(
        native_id=_text(data, "id", path),
        handle=_text(data, "handle", path),
        name=_text(data, "name", path),
        url=_text(data, "url", path),
        bio=bio,
        is_brand=_text(data, "kind", path) == "brand",
        indexable=indexable and not bios.asks_to_stay_away(bio),
        states_minor=(age is not None and age < 18) or bios.states_minor(bio),
        created_at=moment(data, "created_at", path=path, network=NETWORK.id),
    )


def parse_snapshot(data: object, path: str) -> Snapshot:
    """Return the counts of a day."""
    try:
        day = date.fromisoformat(_text(data, "day", path))
    except ValueError:
        raise _bad("day", "is not a date", path) from None
    return Snapshot(day, _counts(data, NETWORK.snapshot_counts, path))


def parse_post(data: object, path: str) -> Post:
    """Return a post with what is kept of its text."""
    text = _text(data, "text", path)
    hashtags = field(data, "hashtags", list, path=path, network=NETWORK.id)
    features = TextFeatures(
        hashtags=tuple(str(tag) for tag in hashtags),
        language=_text(data, "language", path),
        length=len(text),
    )
    counts = field(data, "counts", dict, path=path, network=NETWORK.id)
    return Post(
        native_id=_text(data, "id", path),
        created_at=moment(data, "created_at", path=path, network=NETWORK.id),
        url=_text(data, "url", path),
        text=text,
        features=features,
        counts=_counts(counts, NETWORK.post_counts, path),
    )


def parse_interaction(
    data: object, path: str, direction: Direction, seen_at: datetime
) -> Interaction:
    """Return a received or sent act; the actor is always the other one."""
    word = _text(data, "kind", path)
    if word not in KINDS:
        raise _bad("kind", "is not one that is known", path)
    who = field(data, "actor", dict, path=path, network=NETWORK.id)
    post = optional(data, "post_id", str, path=path, network=NETWORK.id)
    return Interaction(
        kind=KINDS[word],
        direction=direction,
        actor=Actor(
            native_id=_text(who, "id", path),
            handle=_text(who, "handle", path),
            name=_text(who, "name", path),
            url=_text(who, "url", path),
            followers=_count(who, "followers", path),
            following=_count(who, "following", path),
        ),
        native_id=_text(data, "id", path),
        seen_at=seen_at,
        happened_at=moment(data, "created_at", path=path, network=NETWORK.id),
        # What was acted on is the other one's post when sent, and none of this account's.
        post_native_id=post if direction is Direction.RECEIVED else None,
    )


def _address(client: Client, native_id: str) -> str:
    return f"{client.urls['sample']}/api/v1/accounts/{quote(native_id, safe='')}"


def _from(since: datetime | None) -> dict[str, str]:
    return {"since": since.astimezone(UTC).isoformat()} if since else {}


def _rows(
    client: Client, address: str, name: str, since: datetime | None, token: str
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the objects of all pages with the path that they came from."""

    def next_page(answer: Answer) -> dict[str, str] | None:
        cursor = optional(answer.data, "next_cursor", str, path=answer.path, network=NETWORK.id)
        return {"cursor": cursor} if cursor else None

    pages = client.pages(
        address, params=_from(since), token=token, next_page=next_page, max_pages=_MAX_PAGES
    )
    for answer in pages:
        for row in objects(answer.data, name, path=answer.path, network=NETWORK.id):
            yield row, answer.path


def _text(data: object, name: str, path: str) -> str:
    return field(data, name, str, path=path, network=NETWORK.id)


def _count(data: object, name: str, path: str) -> int | None:
    value = optional(data, name, int, path=path, network=NETWORK.id)
    if value is not None and value < 0:
        raise _bad(name, "is below zero", path)
    return value


def _counts(data: object, names: frozenset[str], path: str) -> dict[str, int | None]:
    return {name: _count(data, name, path) for name in sorted(names)}


def _bad(name: str, problem: str, path: str) -> BadPayload:
    return BadPayload(
        f"{NETWORK.id}'s answer at {path}: the field {name} {problem}.",
        network=NETWORK.id,
        path=path,
    )
