"""Tumblr: a blog's own posts, and who liked, reblogged and replied to them, with the time.

Anybody's public blog is read by the site's key; how many follow it is told to its owner alone.
Reference: https://www.tumblr.com/docs/en/api/v2 (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import BadPayload, Gone
from connectors.fields import field as told_field
from connectors.fields import objects
from connectors.http import Client
from connectors.tumblr.asking import NETWORK_ID, Asking, Told
from connectors.tumblr.payloads import (
    count_of,
    following,
    is_primary,
    is_reblog,
    is_shown,
    moment_of,
    name_of,
    own_blogs,
    parse_blog,
    parse_handle,
    parse_note,
    parse_post,
    reblogged,
)
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

__all__ = ["NETWORK", "fetch", "fetch_profile", "linkable", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Tumblr",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NEEDS_KEY,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT}),
        dated=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT}),
        sent=frozenset({Kind.RESHARE}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        # As long as what is deleted there is noticed here.
        text_days=30,
        may_combine=True,
        may_export=True,
        lookup_days=30,
        attribution="Posts and notes come from Tumblr.",
    ),
    # 1,000 an hour and 5,000 a day for an application
    # (https://www.tumblr.com/docs/en/api/v2#rate-limits, read 2026-11): so many keep within both.
    budget=Budget(requests=800, per_seconds=4 * 3600, per="network"),
    snapshot_counts=frozenset({"followers", "following", "posts", "likes_given"}),
    post_counts=frozenset({"notes"}),
    # A blog may be written by several people: having it proves nobody.
    signs_in=False,
    handle_hint="name.tumblr.com",
    docs_url="https://www.tumblr.com/docs/en/api/v2",
    # Without the second, access would end within the hour.
    scopes=("basic", "offline_access"),
    keys=("TUMBLR_CLIENT_ID", "TUMBLR_CLIENT_SECRET"),
    keys_url="https://www.tumblr.com/oauth/apps",
)

PER_PAGE = 20
# The first sync reads a year (300 posts at most); later ones a month and a day.
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_PAGES = 15
# Of notes the first sync reads a quarter of a year: older ones have faded.
NOTE_DAYS = 90
# Posts whose notes are read in one fetch, newest first, and pages of one.
MAX_ASKED, NOTE_PAGES = 40, 5
# A little before the last fetch: what is told twice is stored once.
OVERLAP = timedelta(hours=6)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the blog's profile with one request; the primary blog where none is named."""
    return _blog(Asking(client, account.token), account)[0]


def linkable(client: Client, token: str) -> list[Profile]:
    """Return the public blogs of a token's owner, the primary one first. One request."""
    return [profile for _, profile in own_blogs(_user_info(Asking(client, token)))]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts, who acted on them, and whom it reblogged."""
    now = datetime.now(UTC)
    asking = Asking(client, account.token)
    profile, counts = _blog(asking, account)
    yield profile
    yield from _Visit(asking, account, profile, counts, now, since).records()


def _user_info(asking: Asking) -> Told:
    # Reference: https://www.tumblr.com/docs/en/api/v2#userinfo--get-a-users-information
    # (read 2026-11)
    return asking.get("user/info")


def _blog(asking: Asking, account: AccountRef) -> tuple[Profile, dict[str, int | None]]:
    """Return the profile of the account and those of its counts that stand beside it."""
    if not asking.token:
        # Reference: https://www.tumblr.com/docs/en/api/v2#info--retrieve-blog-info (read 2026-11)
        told = asking.get(f"blog/{account.native_id or account.handle}/info")
        blog = told_field(told.data, "blog", dict, path=told.path, network=NETWORK_ID)
        profile = parse_blog(blog, told.path)
        if account.native_id and profile.native_id != account.native_id:
            raise BadPayload(
                "tumblr answers with another account.", network=NETWORK_ID, path=told.path
            )
        counts = {"followers": None, "following": None}
        return profile, {**counts, "likes_given": count_of(blog, "likes", told.path)}
    told = _user_info(asking)
    for blog, profile in own_blogs(told):
        if account.native_id in {"", profile.native_id}:
            return profile, _own_counts(told, blog)
    raise Gone("The blog is not this person's any more.", network=NETWORK_ID, path=told.path)


def _own_counts(told: Told, blog: dict[str, Any]) -> dict[str, int | None]:
    counts = {"followers": count_of(blog, "followers", told.path)}
    # People like and follow by their primary blog.
    user = told.data["user"] if is_primary(blog, told.path) else {}
    return {
        **counts,
        "following": count_of(user, "following", told.path),
        "likes_given": count_of(user, "likes", told.path),
    }


@dataclass(slots=True)
class _Visit:
    """One fetch of one blog: what was asked and found so far."""

    asking: Asking
    account: AccountRef
    profile: Profile
    counts: dict[str, int | None]
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record]:
        """Yield the snapshot, own posts and reblogs, who acted where it moved, what has gone."""
        moved: list[Post] = []
        first, whole = True, False
        oldest = self.now - timedelta(days=FIRST_DAYS if self.since is None else LATER_DAYS)
        for page in self._pages():
            if first:
                blog = told_field(page.data, "blog", dict, path=page.path, network=NETWORK_ID)
                counts = {**self.counts, "posts": count_of(blog, "posts", page.path)}
                yield Snapshot(day=self.now.date(), counts=counts)
            first = False
            at = self.now
            for row in objects(page.data, "posts", path=page.path, network=NETWORK_ID):
                at = moment_of(row, page.path)
                # A post that is pinned stands before all others, however old: it is the last of a
                # page that tells whether what follows is too old.
                if at >= oldest and is_shown(row, page.path):
                    yield from self._posted(row, page.path, moved)
            whole = at < oldest or following(page, "offset") is None
            if whole:
                break
        for post in moved[:MAX_ASKED]:
            yield from self._notes(post.native_id)
        if whole:
            stored = self.account.recent_posts
            yield from (Removed(name) for name in stored if name not in self.told)

    def _pages(self) -> Iterator[Told]:
        # Reference: https://www.tumblr.com/docs/en/api/v2#posts--retrieve-published-posts
        # (read 2026-11)
        offset = 0
        for _ in range(MAX_PAGES):
            page = self.asking.get(
                f"blog/{self.profile.native_id}/posts",
                npf="true",
                reblog_info="true",
                notes_info="true",
                limit=PER_PAGE,
                offset=offset,
            )
            yield page
            further = following(page, "offset")
            if further is None or further <= offset:
                return
            offset = further

    def _posted(self, row: dict[str, Any], path: str, moved: list[Post]) -> Iterator[Record]:
        """Yield an own post, or from whom somebody else's was passed on; each once."""
        name = name_of(row, path)
        if name in self.told:
            return
        self.told.add(name)
        if is_reblog(row, path):
            actor = reblogged(row, path)
            if actor is not None and actor.native_id != self.profile.native_id:
                at = moment_of(row, path)
                yield self._act(Kind.RESHARE, Direction.SENT, actor, f"reblogged:{name}", at, None)
            return
        post = parse_post(row, path)
        yield post
        count = post.counts["notes"]
        before = self.account.recent_counts.get(name, {})
        if count != 0 and before.get("notes") != count:
            moved.append(post)

    def _notes(self, post: str) -> Iterator[Interaction]:
        """Yield who acted on a post since the last fetch, the latest first."""
        # Reference: https://www.tumblr.com/docs/en/api/v2#notes---get-notes-for-a-specific-post
        # (read 2026-11)
        begin = self.now - timedelta(days=NOTE_DAYS)
        if self.since is not None:
            begin = max(begin, self.since - OVERLAP)
        before: int | None = None
        for _ in range(NOTE_PAGES):
            asked: dict[str, str | int] = {"id": post, "mode": "all"}
            if before is not None:
                asked["before_timestamp"] = before
            page = self.asking.get(f"blog/{self.profile.native_id}/notes", may_lack=True, **asked)
            if not page.there:
                # It went between the page that listed it and this question.
                return
            for note in objects(page.data, "notes", path=page.path, network=NETWORK_ID):
                if moment_of(note, page.path) < begin:
                    return
                found = parse_note(note, post, page.path)
                if found is None or found[1].native_id == self.profile.native_id:
                    continue
                kind, actor, name, at = found
                if name not in self.acts:
                    self.acts.add(name)
                    yield self._act(kind, Direction.RECEIVED, actor, name, at, post)
            further = following(page, "before_timestamp")
            if further is None or further == before:
                return
            before = further

    def _act(
        self,
        kind: Kind,
        direction: Direction,
        actor: Actor,
        name: str,
        at: datetime,
        post: str | None,
    ) -> Interaction:
        return Interaction(
            kind=kind,
            direction=direction,
            actor=actor,
            native_id=name,
            seen_at=self.now,
            happened_at=min(at, self.now),
            post_native_id=post,
        )
