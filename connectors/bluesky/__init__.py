"""Bluesky: an account's posts and who acted on them, from the public AppView, without a key.

Reference: https://docs.bsky.app/docs/category/http-reference and the lexicons app.bsky.* (2026-11).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.bluesky.handles import parse_handle
from connectors.bluesky.payloads import (
    DID,
    NETWORK_ID,
    acted_at,
    child_of,
    parent_of,
    parse_actor,
    parse_counts,
    parse_post,
    parse_profile,
    text_of,
    views_of,
    written_at,
)
from connectors.errors import BadPayload, Gone
from connectors.fields import optional
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
    Removed,
    Snapshot,
)

__all__ = ["NETWORK", "AccountRef", "fetch", "fetch_profile", "parse_handle", "query"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Bluesky",
    auth=AuthKind.OAUTH,
    # One well-known service counts what accounts sign themselves in their repositories: a server
    # that stores one can invent accounts, as anyone can on any network, but no act of others.
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE}),
        anonymous=frozenset({Kind.SAVE}),
        # getRepostedBy names people without a date.
        dated=frozenset({Kind.LIKE, Kind.COMMENT, Kind.QUOTE}),
        sent=frozenset({Kind.COMMENT, Kind.RESHARE}),
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
    # The AppView tells no limit ("generous"); a PDS allows 3,000 in 5 minutes an address
    # (docs/advanced-guides/rate-limits). Half of that leaves room for linking.
    budget=Budget(requests=1500, per_seconds=300, per="network"),
    snapshot_counts=frozenset({"followers", "following", "posts"}),
    post_counts=frozenset({"likes", "reshares", "comments", "quotes", "saves"}),
    handle_hint="@name.bsky.social",
    docs_url="https://docs.bsky.app/",
)

PER_PAGE = 100
# actors of getProfiles and uris of getPosts (maxLength in the lexicons).
PER_BATCH = 25
# The first sync lists a year of posts; later ones a month and a day, since counts of older posts
# hardly move.
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_FEED_PAGES = 8
# Pages of people for one post and kind: beyond 500 the count alone tells enough.
MAX_PEOPLE_PAGES = 5
# Requests for "who" in one fetch, newest posts first; posts beyond keep their counts.
MAX_ASKED = 400
# Reactors whose followers are asked in one fetch (in batches of 25); the others' are unknown.
MAX_AUDIENCES = 1500
# Interactions held back until their reactors' followers are known.
HELD_BACK = 500


def query(client: Client, name: str, params: Sequence[tuple[str, str | int]]) -> Answer:
    """Return the AppView's answer to a query; a parameter may be given several times.

    XRPC says 400 for what is not there, too: those become Gone.
    """
    address = f"{client.urls['bluesky_appview']}/xrpc/{name}?{urlencode(params)}"
    answer = client.get(address, accept=(400,))
    if answer.status != 400:
        return answer
    error = optional(answer.data, "error", str, path=answer.path, network=NETWORK_ID) or ""
    message = optional(answer.data, "message", str, path=answer.path, network=NETWORK_ID) or ""
    missing = error in {"NotFound", "AccountTakedown", "AccountDeactivated", "RepoNotFound"}
    if missing or "not found" in message.lower() or "unable to resolve" in message.lower():
        raise Gone("Bluesky does not show it.", network=NETWORK_ID, path=answer.path)
    raise BadPayload(
        f"bluesky refused the question at {answer.path}: {error[:60]}.",
        network=NETWORK_ID,
        path=answer.path,
    )


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request."""
    view, path = _profile_view(client, account)
    return parse_profile(view, path)


def _profile_view(client: Client, account: AccountRef) -> tuple[dict[str, Any], str]:
    # Reference: app.bsky.actor.getProfile (read 2026-11)
    actor = account.native_id or account.handle
    answer = query(client, "app.bsky.actor.getProfile", [("actor", actor)])
    did = text_of(answer.data, "did", answer.path)
    if not DID.fullmatch(did) or (account.native_id and did != account.native_id):
        raise BadPayload(
            "bluesky answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return answer.data, answer.path


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with who acted on them, newest first."""
    now = datetime.now(UTC)
    view, path = _profile_view(client, account)
    profile = parse_profile(view, path)
    yield profile
    yield Snapshot(day=now.date(), counts=parse_counts(view, path))
    visit = _Visit(client, account, profile.native_id, now, since)
    yield from visit.posts()


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what was asked and found so far."""

    client: Client
    account: AccountRef
    did: str
    now: datetime
    since: datetime | None
    asked: int = 0
    posts_told: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    held: list[Interaction] = field(default_factory=list)
    # followers, following by DID; None where the AppView did not say.
    audiences: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def posts(self) -> Iterator[Record]:
        """Yield the account's posts, and who acted on them once their followers are known."""
        for item, path in self._feed():
            view = child_of(item, "post", path)
            if item.get("reason") is not None:
                self._hold_repost(item, view, path)
            elif text_of(child_of(view, "author", path), "did", path) == self.did:
                yield from self._post(view, parent_of(item, self.did, path), path)
            yield from self._release(HELD_BACK)
        # Recent posts that the feed no longer reached.
        missing = [uri for uri in self.account.recent_posts if uri not in self.posts_told]
        for batch in _batches(missing):
            # Reference: app.bsky.feed.getPosts (read 2026-11)
            answer = query(self.client, "app.bsky.feed.getPosts", [("uris", uri) for uri in batch])
            for view in views_of(answer.data, "posts", answer.path):
                parent = parent_of({"post": view}, self.did, answer.path)
                yield from self._post(view, parent, answer.path)
            # getPosts leaves out what was deleted, or is not for everybody any more.
            yield from (Removed(uri) for uri in batch if uri not in self.posts_told)
        yield from self._release(0)

    def _feed(self) -> Iterator[tuple[dict[str, Any], str]]:
        # Reference: app.bsky.feed.getAuthorFeed (read 2026-11)
        oldest = self.now - timedelta(days=FIRST_DAYS if self.since is None else LATER_DAYS)
        params = {"actor": self.did, "filter": "posts_with_replies"}
        for answer in self._pages("app.bsky.feed.getAuthorFeed", params, "feed", MAX_FEED_PAGES):
            for item in views_of(answer.data, "feed", answer.path):
                view = child_of(item, "post", answer.path)
                # A repost stands in the feed by its own date, not by its post's.
                reason = item.get("reason")
                dated = reason if isinstance(reason, dict) and "indexedAt" in reason else view
                stated = None if dated is reason else view.get("record")
                if written_at(dated, stated, answer.path) < oldest:
                    return
                yield item, answer.path

    def _post(self, view: dict[str, Any], parent: Actor | None, path: str) -> Iterator[Record]:
        post = parse_post(view, parent, path)
        if post.native_id in self.posts_told:
            return
        self.posts_told.add(post.native_id)
        yield post
        if parent is not None:
            self._hold_sent(Kind.COMMENT, parent, f"sent:{post.native_id}", post.created_at, post)
        # References: app.bsky.feed.getLikes, getRepostedBy, getQuotes, getPostThread (read 2026-11)
        if self._moved(post, "likes"):
            self._hold_likes(post)
        if self._moved(post, "reshares"):
            self._hold_reposters(post)
        if self._moved(post, "quotes"):
            self._hold_quotes(post)
        if self._moved(post, "comments"):
            self._hold_replies(post)

    def _moved(self, post: Post, name: str) -> bool:
        count = post.counts[name]
        before = self.account.recent_counts.get(post.native_id, {})
        return (
            self.asked < MAX_ASKED and count != 0 and (name not in before or before[name] != count)
        )

    def _pages(
        self, name: str, params: dict[str, str], items: str, max_pages: int
    ) -> Iterator[Answer]:
        def following(answer: Answer) -> dict[str, str] | None:
            cursor = optional(answer.data, "cursor", str, path=answer.path, network=NETWORK_ID)
            # The last page may carry a cursor to nothing.
            found = views_of(answer.data, items, answer.path)
            return {"cursor": cursor} if cursor and found else None

        yield from self.client.pages(
            f"{self.client.urls['bluesky_appview']}/xrpc/{name}",
            params={**params, "limit": PER_PAGE},
            next_page=following,
            max_pages=max_pages,
        )

    def _people(self, name: str, post: Post, items: str) -> Iterator[tuple[dict[str, Any], str]]:
        pages = min(MAX_PEOPLE_PAGES, MAX_ASKED - self.asked)
        for answer in self._pages(name, {"uri": post.native_id}, items, pages):
            self.asked += 1
            for view in views_of(answer.data, items, answer.path):
                yield view, answer.path

    def _hold_likes(self, post: Post) -> None:
        for like, path in self._people("app.bsky.feed.getLikes", post, "likes"):
            at = acted_at(like, like, path, earliest=post.created_at)
            self._hold(Kind.LIKE, child_of(like, "actor", path), path, post, at)

    def _hold_reposters(self, post: Post) -> None:
        for view, path in self._people("app.bsky.feed.getRepostedBy", post, "repostedBy"):
            self._hold(Kind.RESHARE, view, path, post, None)

    def _hold_quotes(self, post: Post) -> None:
        for view, path in self._people("app.bsky.feed.getQuotes", post, "posts"):
            self._hold_written(Kind.QUOTE, view, path, post)

    def _hold_replies(self, post: Post) -> None:
        params: list[tuple[str, str | int]] = [("uri", post.native_id)]
        params += [("depth", 1), ("parentHeight", 0)]
        self.asked += 1
        try:
            answer = query(self.client, "app.bsky.feed.getPostThread", params)
        except Gone:
            return
        thread = child_of(answer.data, "thread", answer.path)
        if "post" not in thread:
            # notFoundPost or blockedPost: deleted between the feed and the question.
            return
        for reply in thread.get("replies") or []:
            if isinstance(reply, dict) and "post" in reply:
                view = child_of(reply, "post", answer.path)
                self._hold_written(Kind.COMMENT, view, answer.path, post)

    def _hold_written(self, kind: Kind, view: dict[str, Any], path: str, post: Post) -> None:
        """Hold back a reply or quote: a post of somebody else's, with an address of its own."""
        at = acted_at(view, view.get("record"), path, earliest=post.created_at)
        uri = text_of(view, "uri", path)
        self._hold(kind, child_of(view, "author", path), path, post, at, uri)

    def _hold(
        self,
        kind: Kind,
        person: dict[str, Any],
        path: str,
        post: Post,
        at: datetime | None,
        uri: str = "",
    ) -> None:
        actor = parse_actor(person, path)
        native_id = f"{kind.name.lower()}:{uri or f'{post.native_id}:{actor.native_id}'}"
        if actor.native_id == self.did or native_id in self.told:
            return
        self.told.add(native_id)
        self.held.append(
            Interaction(
                kind=kind,
                direction=Direction.RECEIVED,
                actor=actor,
                native_id=native_id,
                seen_at=self.now,
                happened_at=None if at is None else min(at, self.now),
                post_native_id=post.native_id,
            )
        )

    def _hold_repost(self, item: dict[str, Any], view: dict[str, Any], path: str) -> None:
        """Hold back that the account reposted somebody: something sent, no post of its own."""
        reason = child_of(item, "reason", path)
        actor = parse_actor(child_of(view, "author", path), path)
        if "indexedAt" in reason and actor.native_id != self.did:
            at = written_at(reason, None, path)
            uri = text_of(view, "uri", path)
            self._hold_sent(Kind.RESHARE, actor, f"sent:reshare:{uri}", at, None)

    def _hold_sent(
        self, kind: Kind, actor: Actor, native_id: str, at: datetime, post: Post | None
    ) -> None:
        if native_id in self.told:
            return
        self.told.add(native_id)
        self.held.append(
            Interaction(
                kind=kind,
                direction=Direction.SENT,
                actor=actor,
                native_id=native_id,
                seen_at=self.now,
                happened_at=min(at, self.now),
                post_native_id=post.native_id if post else None,
            )
        )

    def _release(self, above: int) -> Iterator[Interaction]:
        """Yield what was held back, with its actors' followers, once it is more than `above`."""
        if len(self.held) <= above:
            return
        held, self.held = self.held, []
        self._learn_audiences(held)
        for interaction in held:
            if interaction.actor.native_id in self.audiences:
                followers, following = self.audiences[interaction.actor.native_id]
                actor = interaction.actor._replace(followers=followers, following=following)
                interaction = replace(interaction, actor=actor)
            yield interaction

    def _learn_audiences(self, held: list[Interaction]) -> None:
        # Reference: app.bsky.actor.getProfiles (read 2026-11)
        wanted = dict.fromkeys(
            interaction.actor.native_id
            for interaction in held
            if interaction.direction is Direction.RECEIVED
            and interaction.actor.native_id not in self.audiences
        )
        for batch in _batches(list(wanted)[: MAX_AUDIENCES - len(self.audiences)]):
            self.audiences.update(dict.fromkeys(batch, (None, None)))
            actors = [("actors", did) for did in batch]
            answer = query(self.client, "app.bsky.actor.getProfiles", actors)
            for view in views_of(answer.data, "profiles", answer.path):
                actor = parse_actor(view, answer.path)
                self.audiences[actor.native_id] = (actor.followers, actor.following)


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), PER_BATCH):
        yield items[start : start + PER_BATCH]
