"""Mastodon: an account's public posts and who acted on them, asked of the author's own server.

Other servers hold only part of the counts, so nobody else is asked. With the owner's token the
notifications are read too: they date favourites, boosts and follows, which the public lists do not.
Reference: https://docs.joinmastodon.org/methods/ (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.errors import Gone
from connectors.fields import moment, objects
from connectors.http import Answer, Client, next_link
from connectors.mastodon.handles import parse_handle
from connectors.mastodon.payloads import (
    NETWORK_ID,
    Source,
    child_of,
    is_public,
    parse_actor,
    parse_counts,
    parse_post,
    parse_profile,
    quoted_post,
    text_of,
)
from connectors.mastodon.server import base_url, find_account
from connectors.types import (
    AccountRef,
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
    Removed,
    Snapshot,
)

__all__ = ["NETWORK", "base_url", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Mastodon",
    auth=AuthKind.OAUTH,
    provenance=Provenance.OPEN_SERVER,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=False,
        posts=True,
        named=frozenset(
            {Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE, Kind.MENTION, Kind.FOLLOW}
        ),
        # Favourites and boosts carry a date only in the owner's notifications; without it None.
        dated=frozenset(
            {Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE, Kind.MENTION, Kind.FOLLOW}
        ),
        sent=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        text_days=30,
        may_combine=True,
        may_export=True,
        lookup_days=30,
    ),
    # 300 requests in 5 minutes for each address and account, on each server (api/rate-limits).
    budget=Budget(requests=300, per_seconds=300, per="host"),
    snapshot_counts=frozenset({"followers", "following", "posts"}),
    post_counts=frozenset({"likes", "reshares", "comments", "quotes"}),
    federated=True,
    handle_hint="@name@server",
    docs_url="https://docs.joinmastodon.org/client/intro/",
)

# Statuses and people a page: the servers' own limits (methods/accounts, methods/statuses).
STATUSES_PER_PAGE = 40
PEOPLE_PER_PAGE = 80
# The first sync lists a year of posts; later ones a month and a day, since counts of older posts
# hardly move (reactions come within days).
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_STATUS_PAGES = 8
# Pages of people for one post and kind: beyond 400 the count alone tells enough.
MAX_PEOPLE_PAGES = 5
# Requests for "who" in one fetch: with the listing it stays inside one budget of 300, newest posts
# first; posts beyond keep their counts.
MAX_ASKED = 220
# A name and a host that together are longer are no account of a working server.
LONGEST_HANDLE = 255
MAX_NOTIFICATION_PAGES = 12
# Stored posts that the listing no longer holds, asked for one by one; the rest the next day.
MAX_MISSING = 40
FIRST_NOTIFICATION_DAYS = 90
_NOTIFIED = {
    "favourite": Kind.LIKE,
    "reblog": Kind.RESHARE,
    "mention": Kind.MENTION,
    "quote": Kind.QUOTE,
    "follow": Kind.FOLLOW,
}
_DATED_BY_NOTIFICATION = frozenset({Kind.LIKE, Kind.RESHARE})


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request (three where the server lives elsewhere)."""
    _, data, source = find_account(client, account)
    return parse_profile(data, source)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with who acted on them, newest first."""
    now = datetime.now(UTC)
    base, data, source = find_account(client, account)
    profile = parse_profile(data, source)
    yield profile
    yield Snapshot(day=now.date(), counts=parse_counts(data, source))
    if not account.token and not profile.indexable:
        return
    visit = _Visit(
        client=client,
        base=base,
        account=account,
        own_id=text_of(data, "id", source),
        own_handle=profile.handle,
        domain=source.domain,
        now=now,
        since=since,
    )
    if account.token:
        visit.read_notifications()
    yield from visit.posts()
    yield from visit.notified()
    yield from visit.removed()


def _native_id(kind: Kind, about: str, handle: str = "") -> str:
    """Return what identifies an interaction, the same from whichever list it was read."""
    return ":".join(filter(None, (kind.name.lower(), about, handle)))


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what is known of it, and what was asked and yielded so far."""

    client: Client
    base: str
    account: AccountRef
    own_id: str
    own_handle: str
    domain: str
    now: datetime
    since: datetime | None
    asked: int = 0
    notifications: list[tuple[Kind, datetime, dict[str, Any], Source]] = field(default_factory=list)
    # When a favourite or boost happened, by the interaction's native id.
    dates: dict[str, datetime] = field(default_factory=dict)
    # Ids of what was yielded: the notifications and the lists tell the same thing twice.
    posts_told: set[str] = field(default_factory=set)
    interactions_told: set[str] = field(default_factory=set)

    def read_notifications(self) -> None:
        """Read what the owner was notified of: it dates favourites and boosts."""
        # Reference: https://docs.joinmastodon.org/methods/notifications/#get (read 2026-11)
        kinds = "&".join(f"types%5B%5D={kind}" for kind in _NOTIFIED)
        days = FIRST_NOTIFICATION_DAYS if self.since is None else LATER_DAYS
        oldest = self.now - timedelta(days=days)
        if self.since is not None:
            oldest = max(oldest, self.since - timedelta(hours=1))
        done = False
        pages = self.client.pages(
            f"{self.base}/api/v1/notifications?limit={PEOPLE_PER_PAGE}&{kinds}",
            token=self.account.token,
            next_page=lambda answer: None if done else next_link(answer),
            max_pages=MAX_NOTIFICATION_PAGES,
        )
        for answer in pages:
            source = Source(self.domain, answer.path)
            for item in objects(answer.data, path=answer.path, network=NETWORK_ID):
                at = moment(item, "created_at", path=answer.path, network=NETWORK_ID)
                done = done or at < oldest
                # An erased account leaves its notification without an account.
                if not done and item.get("account") is not None:
                    self._keep_notification(item, at, source)

    def _keep_notification(self, item: dict[str, Any], at: datetime, source: Source) -> None:
        kind = _NOTIFIED.get(text_of(item, "type", source))
        if kind is None:
            return
        self.notifications.append((kind, at, item, source))
        if kind in _DATED_BY_NOTIFICATION and item.get("status") is not None:
            about = text_of(child_of(item, "status", source), "id", source)
            handle = parse_actor(child_of(item, "account", source), source).handle
            self.dates[_native_id(kind, about, handle)] = at

    def notified(self) -> Iterator[Record]:
        """Yield what only the notifications told; nothing of private posts."""
        for kind, at, item, source in self.notifications:
            yield from self._notification(kind, at, item, source)

    def _notification(
        self, kind: Kind, at: datetime, item: dict[str, Any], source: Source
    ) -> Iterator[Record]:
        who = child_of(item, "account", source)
        if kind is Kind.FOLLOW:
            yield from self._told(kind, who, source, at=at, about=self.own_handle)
            return
        if item.get("status") is None:
            return
        status = child_of(item, "status", source)
        if not is_public(status, source):
            return
        status_id = text_of(status, "id", source)
        if kind in _DATED_BY_NOTIFICATION:
            post = parse_post(status, source)
            yield from self._post(post)
            yield from self._told(kind, who, source, at=at, post=post)
        elif kind is Kind.MENTION and status.get("in_reply_to_account_id") == self.own_id:
            yield from self._reply(status, source)
        else:
            quoted = quoted_post(status, source) if kind is Kind.QUOTE else None
            yield from self._told(
                kind, who, source, at=at, about=status_id, post_native_id=quoted, written=True
            )

    def posts(self) -> Iterator[Record]:
        """Yield public posts without boosts, each followed by who acted on it."""
        # Reference: https://docs.joinmastodon.org/methods/accounts/#statuses (read 2026-11)
        days = FIRST_DAYS if self.since is None else LATER_DAYS
        oldest = self.now - timedelta(days=days)
        done = False
        pages = self.client.pages(
            f"{self.base}/api/v1/accounts/{quote(self.own_id, safe='')}/statuses",
            params={"exclude_reblogs": "true", "limit": STATUSES_PER_PAGE},
            token=self.account.token,
            next_page=lambda answer: None if done else next_link(answer),
            max_pages=MAX_STATUS_PAGES,
        )
        for answer in pages:
            source = Source(self.domain, answer.path)
            for status in objects(answer.data, path=answer.path, network=NETWORK_ID):
                created = moment(status, "created_at", path=answer.path, network=NETWORK_ID)
                done = done or created < oldest
                if done or status.get("reblog") is not None or not is_public(status, source):
                    continue
                post = parse_post(status, source)
                yield from self._post(post)
                yield from self._reactions(post)

    def removed(self) -> Iterator[Record]:
        """Yield the stored recent posts that are gone, or are public no longer."""
        missing = [name for name in self.account.recent_posts if name not in self.posts_told]
        for native_id in missing[:MAX_MISSING]:
            # Reference: https://docs.joinmastodon.org/methods/statuses/#get (read 2026-11)
            address = f"{self.base}/api/v1/statuses/{quote(native_id, safe='')}"
            try:
                answer = self.client.get(address, token=self.account.token)
            except Gone:
                yield Removed(native_id)
                continue
            if not is_public(answer.data, Source(self.domain, answer.path)):
                yield Removed(native_id)

    def _post(self, post: Post) -> Iterator[Record]:
        """Yield a post once, and the reply that it is, as something sent."""
        if post.native_id in self.posts_told:
            return
        self.posts_told.add(post.native_id)
        yield post
        if post.reply_to is not None:
            yield Interaction(
                kind=Kind.COMMENT,
                direction=Direction.SENT,
                actor=post.reply_to,
                native_id=f"sent:comment:{post.native_id}",
                seen_at=self.now,
                happened_at=min(post.created_at, self.now),
                post_native_id=post.native_id,
            )

    def _reactions(self, post: Post) -> Iterator[Record]:
        """Yield who favourited, boosted and answered, where those counts moved since last time."""
        address = f"{self.base}/api/v1/statuses/{quote(post.native_id, safe='')}"
        # Reference: https://docs.joinmastodon.org/methods/statuses/#favourited_by, #reblogged_by
        # and #context (read 2026-11)
        if self._moved(post, "likes"):
            yield from self._people(f"{address}/favourited_by", Kind.LIKE, post)
        if self._moved(post, "reshares"):
            yield from self._people(f"{address}/reblogged_by", Kind.RESHARE, post)
        if self._moved(post, "comments"):
            yield from self._replies(f"{address}/context", post)

    def _moved(self, post: Post, name: str) -> bool:
        count = post.counts[name]
        before = self.account.recent_counts.get(post.native_id, {})
        return (
            self.asked < MAX_ASKED and count != 0 and (name not in before or before[name] != count)
        )

    def _people(self, address: str, kind: Kind, post: Post) -> Iterator[Record]:
        pages = self.client.pages(
            address,
            params={"limit": PEOPLE_PER_PAGE},
            token=self.account.token,
            next_page=next_link,
            max_pages=min(MAX_PEOPLE_PAGES, MAX_ASKED - self.asked),
        )
        for answer in self._counted(pages):
            source = Source(self.domain, answer.path)
            for person in objects(answer.data, path=answer.path, network=NETWORK_ID):
                yield from self._told(kind, person, source, post=post)

    def _replies(self, address: str, post: Post) -> Iterator[Record]:
        pages = self.client.pages(
            address, token=self.account.token, next_page=lambda _: None, max_pages=1
        )
        for answer in self._counted(pages):
            source = Source(self.domain, answer.path)
            for status in objects(answer.data, "descendants", path=answer.path, network=NETWORK_ID):
                # Answers to answers act on somebody else's post.
                if status.get("in_reply_to_id") == post.native_id and is_public(status, source):
                    yield from self._reply(status, source, post)

    def _reply(
        self, status: dict[str, Any], source: Source, post: Post | None = None
    ) -> Iterator[Record]:
        yield from self._told(
            Kind.COMMENT,
            child_of(status, "account", source),
            source,
            at=moment(status, "created_at", path=source.path, network=NETWORK_ID),
            about=text_of(status, "id", source),
            post=post,
            post_native_id=text_of(status, "in_reply_to_id", source),
            written=True,
        )

    def _counted(self, answers: Iterator[Answer]) -> Iterator[Answer]:
        try:
            for answer in answers:
                self.asked += 1
                yield answer
        except Gone:
            # Deleted between the listing and the question.
            return

    def _told(
        self,
        kind: Kind,
        person: dict[str, Any],
        source: Source,
        *,
        at: datetime | None = None,
        about: str = "",
        post: Post | None = None,
        post_native_id: str | None = None,
        written: bool = False,
    ) -> Iterator[Interaction]:
        """Yield the interaction, unless it is one's own or was told before.

        What is `written` has an id of its own (`about`); the rest is known by post and person.
        """
        actor = parse_actor(person, source)
        if post is not None:
            post_native_id = post.native_id
            about = about or post.native_id
        native_id = _native_id(kind, about, "" if written else actor.handle)
        own = actor.handle == self.own_handle
        if own or native_id in self.interactions_told or len(actor.handle) > LONGEST_HANDLE:
            return
        self.interactions_told.add(native_id)
        at = at or self.dates.get(native_id)
        if at is not None:
            # Servers' clocks differ: nothing happens before its post, or later than now.
            at = min(max(at, post.created_at) if post else at, self.now)
        yield Interaction(
            kind=kind,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=native_id,
            seen_at=self.now,
            happened_at=at,
            post_native_id=post_native_id,
        )
