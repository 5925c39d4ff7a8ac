"""Reddit: a linked account's links, their votes and who commented; voters are never told.

Reddit approves each application before it may read anything.
Reference: https://www.reddit.com/dev/api/ (read 2026-11).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import BadPayload, NotAllowed
from connectors.http import Answer, Client
from connectors.reddit.payloads import (
    NETWORK_ID,
    actor_named,
    after_of,
    is_shown,
    moment_of,
    parse_handle,
    parse_link,
    parse_me,
    things_of,
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

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Reddit",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT}),
        anonymous=frozenset({Kind.LIKE}),
        dated=frozenset({Kind.COMMENT}),
        sent=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        # What is deleted there, with the name of who wrote it, has to go here: comments of others
        # are asked for while a link is young, and none is kept beyond.
        retention_days=60,
        may_store_reactors=True,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Links, votes and comments come from Reddit.",
        recheck_days=1,
        recheck_most=1_000,
    ),
    # 100 a minute for an application (https://support.reddithelp.com/hc/en-us/articles/
    # 16160319875092-Reddit-Data-API-Wiki, read 2026-11), over ten minutes.
    budget=Budget(requests=800, per_seconds=600, per="network"),
    snapshot_counts=frozenset({"followers", "link_karma", "comment_karma", "award_karma"}),
    post_counts=frozenset({"votes", "comments", "crossposts"}),
    handle_hint="u/name",
    docs_url="https://www.reddit.com/dev/api/",
    # "history" opens what the account wrote, "read" the comments below it.
    scopes=("identity", "history", "read"),
    keys=("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"),
    keys_url="https://www.reddit.com/prefs/apps",
)

PER_PAGE = 100
# The first sync reads a year (listings end at about 1,000); later ones a month and a day.
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_PAGES = 5
# Links whose comments are read in one fetch, newest first, and comments of one.
MAX_ASKED, MOST_COMMENTS = 60, 500


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _me(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then links with who commented, and what was sent."""
    now = datetime.now(UTC)
    profile, counts = _me(client, account)
    yield profile
    yield Snapshot(day=now.date(), counts=counts)
    yield from _Visit(client, account, profile, now, since).records()


def _me(client: Client, account: AccountRef) -> tuple[Profile, dict[str, int | None]]:
    if not account.token:
        raise NotAllowed("Reddit shows accounts to applications it approved.", network=NETWORK_ID)
    # Reference: https://www.reddit.com/dev/api/#GET_api_v1_me (read 2026-11)
    answer = client.get(
        f"{client.urls['reddit']}/api/v1/me", params={"raw_json": 1}, token=account.token
    )
    profile, counts = parse_me(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "reddit answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what was asked and found so far."""

    client: Client
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record]:
        """Yield own links, who commented where it moved, what was sent, and what has gone."""
        oldest = self.now - timedelta(days=FIRST_DAYS if self.since is None else LATER_DAYS)
        moved: list[str] = []
        gone: list[str] = []
        # Reference: https://www.reddit.com/dev/api/#GET_user_{username}_submitted (read 2026-11)
        for link, path in self._own("submitted", "t3", oldest):
            post = parse_link(link, path)
            if not is_shown(link, path):
                gone.append(post.native_id)
                continue
            if post.native_id in self.told:
                continue
            self.told.add(post.native_id)
            yield post
            if self._has_moved(post):
                moved.append(post.native_id)
        for name in moved[:MAX_ASKED]:
            yield from self._comments(name)
        yield from self._sent(oldest)
        yield from self._gone(gone)

    def _own(self, what: str, kind: str, oldest: datetime) -> Iterator[tuple[dict[str, Any], str]]:
        def following(answer: Answer) -> dict[str, str] | None:
            after = after_of(answer.data, answer.path)
            return {"after": after} if after else None

        for answer in self.client.pages(
            f"{self.client.urls['reddit']}/user/{self.profile.handle}/{what}",
            params={"limit": PER_PAGE, "sort": "new", "raw_json": 1},
            token=self.account.token,
            next_page=following,
            max_pages=MAX_PAGES,
        ):
            for thing in things_of(answer.data, kind, answer.path):
                if moment_of(thing, "created_utc", answer.path) < oldest:
                    return
                yield thing, answer.path

    def _has_moved(self, post: Post) -> bool:
        count = post.counts["comments"]
        before = self.account.recent_counts.get(post.native_id, {})
        return count != 0 and before.get("comments") != count

    def _comments(self, name: str) -> Iterator[Interaction]:
        # Reference: https://www.reddit.com/dev/api/#GET_comments_{article} (read 2026-11)
        answer = self.client.get(
            f"{self.client.urls['reddit']}/comments/{name.removeprefix('t3_')}",
            params={"limit": MOST_COMMENTS, "depth": 1, "sort": "new", "raw_json": 1},
            token=self.account.token,
            # Of a place that was closed meanwhile: the link is its author's, the rest is not.
            accept=(403, 404),
        )
        if answer.status != 200:
            return
        if not isinstance(answer.data, list) or len(answer.data) != 2:
            raise BadPayload(
                f"reddit's answer at {answer.path} is not a link with its comments.",
                network=NETWORK_ID,
                path=answer.path,
            )
        for comment in things_of(answer.data[1], "t1", answer.path):
            actor = actor_named(comment, "author", answer.path)
            if actor is None or actor.native_id == self.profile.native_id:
                continue
            if comment.get("distinguished"):
                # Rules that moderators post below everything.
                continue
            yield self._act(Direction.RECEIVED, actor, "comment", comment, name, answer.path)

    def _sent(self, oldest: datetime) -> Iterator[Interaction]:
        # Reference: https://www.reddit.com/dev/api/#GET_user_{username}_comments (read 2026-11)
        lately = oldest if self.since is None else self.since - timedelta(days=1)
        for comment, path in self._own("comments", "t1", max(oldest, lately)):
            actor = actor_named(comment, "link_author", path)
            if actor is not None and actor.native_id != self.profile.native_id:
                yield self._act(Direction.SENT, actor, "sent", comment, None, path)

    def _act(
        self,
        direction: Direction,
        actor: Actor,
        word: str,
        comment: dict[str, Any],
        post: str | None,
        path: str,
    ) -> Interaction:
        name = comment.get("name")
        if not isinstance(name, str) or not name:
            raise BadPayload(
                f"reddit's answer at {path}: a comment has no name.", network=NETWORK_ID, path=path
            )
        return Interaction(
            kind=Kind.COMMENT,
            direction=direction,
            actor=actor,
            native_id=f"{word}:{name}",
            seen_at=self.now,
            happened_at=min(moment_of(comment, "created_utc", path), self.now),
            post_native_id=post,
        )

    def _gone(self, gone: Sequence[str]) -> Iterator[Removed]:
        """Yield stored links that are not shown any more: those listed so, and those asked for."""
        stored = {*self.account.recent_posts, *self.account.older_posts}
        yield from (Removed(name) for name in gone if name in stored)
        asked = [
            name
            for name in (*self.account.recent_posts, *self.account.older_posts)
            if name not in self.told and name not in gone
        ]
        for start in range(0, len(asked), PER_PAGE):
            names = asked[start : start + PER_PAGE]
            # Reference: https://www.reddit.com/dev/api/#GET_api_info (read 2026-11)
            answer = self.client.get(
                f"{self.client.urls['reddit']}/api/info",
                params={"id": ",".join(names), "raw_json": 1},
                token=self.account.token,
            )
            shown = {
                parse_link(link, answer.path).native_id
                for link in things_of(answer.data, "t3", answer.path)
                if is_shown(link, answer.path)
            }
            yield from (Removed(name) for name in names if name not in shown)
