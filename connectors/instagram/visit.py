"""One fetch of one account of Instagram: its posts with comments, and the posts that tag it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Gone, NotAllowed
from connectors.fields import moment
from connectors.graph import Graph, NotTold
from connectors.graph.answers import nested, rows_of, text_of
from connectors.graph.reactions import Reactions
from connectors.http import Answer
from connectors.instagram.payloads import NETWORK_ID, parse_actor, parse_post
from connectors.types import (
    AccountRef,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
)

# The first sync reads no further back: older posts have moved all that they will.
FIRST_DAYS = 180
# Later ones read the posts whose counts still move, with a day over for the clocks.
AGAIN_DAYS = 31
# With comments and insights inside, a row of media is some kilobytes.
PER_PAGE, MOST_PAGES = 50, 10
# Comments that come along with each post, latest first, and answers that come with each comment.
INSIDE, ANSWERS = 50, 20
PER_LIST, MOST_LISTS = 100, 10

_COMMENT = f"id,username,timestamp,from,replies.limit({ANSWERS}){{id,username,timestamp,from}}"
_POST = "id,caption,permalink,timestamp,like_count,comments_count"
_INSIGHTS = "insights.metric(views,reach,saved,shares){name,values}"
_TAGGED = "id,username,timestamp"


@dataclass(slots=True)
class Visit:
    """One fetch of one account: what was found so far."""

    graph: Graph
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    seen: set[str] = field(default_factory=set)
    # Whether the list of posts was read as far back as it is compared with what is stored.
    whole: bool = False
    reactions: Reactions = field(init=False)

    def __post_init__(self) -> None:
        self.reactions = Reactions(frozenset({self.profile.handle.lower()}), self.now)

    def records(self) -> Iterator[Record]:
        """Yield posts, each followed by its comments, then what went, then who tagged it."""
        for post, row, path in self._posts():
            self.seen.add(post.native_id)
            yield post
            yield from self._comments(post, row, path)
        if self.whole:
            gone = (name for name in self.account.recent_posts if name not in self.seen)
            yield from map(Removed, gone)
        yield from self._mentions()

    # --- The account's own posts ------------------------------------------------------------
    @property
    def oldest(self) -> datetime:
        """From when on posts are read."""
        return self.now - timedelta(days=FIRST_DAYS if self.since is None else AGAIN_DAYS)

    def _posts(self) -> Iterator[tuple[Post, dict[str, Any], str]]:
        for answer in self._pages():
            for row in rows_of(answer.data, answer.path, NETWORK_ID):
                post = parse_post(row, answer.path)
                if post.created_at < self.oldest:
                    self.whole = True
                    return
                if post.native_id not in self.seen:
                    yield post, row, answer.path
            self.whole = "next" not in (answer.data.get("paging") or {})

    def _pages(self) -> Iterator[Answer]:
        """Yield pages of posts; without insights where one of the posts has none.

        Posts from before the account became a professional one have none, and one of them lets
        the whole page be refused.
        """
        inside = f"comments.limit({INSIDE}){{{_COMMENT}}}"
        try:
            yield from self._media(f"{_POST},{_INSIGHTS},{inside}")
        except NotTold:
            yield from self._media(f"{_POST},{inside}")

    def _media(self, fields: str) -> Iterator[Answer]:
        # Reference: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/
        # reference/ig-user/media (read 2026-11)
        return self.graph.pages(
            "me/media",
            most=MOST_PAGES,
            fields=fields,
            limit=PER_PAGE,
            since=int(self.oldest.timestamp()),
        )

    # --- Who acted --------------------------------------------------------------------------
    def _comments(self, post: Post, row: dict[str, Any], path: str) -> Iterator[Interaction]:
        inside, more = nested(row, "comments", path, NETWORK_ID)
        yield from self._said(inside, post, path)
        known = self.account.recent_counts.get(post.native_id, {}).get("comments") or 0
        if not more or (post.counts["comments"] or 0) - known <= len(inside):
            return
        # Reference: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/
        # reference/ig-media/comments (read 2026-11)
        try:
            for answer in self.graph.pages(
                f"{post.native_id}/comments", most=MOST_LISTS, fields=_COMMENT, limit=PER_LIST
            ):
                rows = rows_of(answer.data, answer.path, NETWORK_ID)
                yield from self._said(rows, post, answer.path)
        except Gone:
            # The post went between the page that listed it and this question.
            return

    def _said(self, rows: list[dict[str, Any]], post: Post, path: str) -> Iterator[Interaction]:
        for row in rows:
            answers, _ = nested(row, "replies", path, NETWORK_ID)
            for said in (row, *answers):
                yield from self._received(Kind.COMMENT, said, post.native_id, path)

    def _mentions(self) -> Iterator[Interaction]:
        """Yield who tagged the account in a post of theirs, back to where the last sync was."""
        back = timedelta(days=FIRST_DAYS if self.since is None else AGAIN_DAYS)
        params = {"fields": _TAGGED, "limit": PER_LIST}
        # Reference: https://developers.facebook.com/docs/graph-api/reference/shadow-ig-user/tags/
        # (read 2026-11); that Instagram Login opens it is not documented.
        try:
            for answer in self.graph.pages("me/tags", most=MOST_LISTS, **params):
                rows = rows_of(answer.data, answer.path, NETWORK_ID)
                fresh = [row for row in rows if self._at(row, answer.path) >= self.now - back]
                for row in fresh:
                    yield from self._received(Kind.MENTION, row, None, answer.path)
                if len(fresh) < len(rows):
                    return
        except (NotTold, NotAllowed):
            return

    def _at(self, row: object, path: str) -> datetime:
        return moment(row, "timestamp", path=path, network=NETWORK_ID)

    def _received(
        self, kind: Kind, row: dict[str, Any], post_id: str | None, path: str
    ) -> Iterator[Interaction]:
        name = text_of(row, "id", path, NETWORK_ID)
        actor, at = parse_actor(row, path), self._at(row, path)
        yield from self.reactions.received(kind, actor, name, at, post_id)
