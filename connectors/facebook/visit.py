"""One fetch of one Page of Facebook: its posts with comments, and the posts that tag it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Gone, NotAllowed
from connectors.facebook.payloads import NETWORK_ID, parse_actor, parse_post
from connectors.fields import moment
from connectors.graph import Graph, NotTold
from connectors.graph.answers import nested, rows_of, text_of
from connectors.graph.reactions import Reactions
from connectors.http import Answer
from connectors.types import AccountRef, Interaction, Kind, Post, Profile, Record, Removed

# The first sync reads no further back: older posts have moved all that they will.
FIRST_DAYS = 180
# Later ones read the posts whose counts still move, with a day over for the clocks.
AGAIN_DAYS = 31
# With comments and insights inside, a post is some kilobytes.
PER_PAGE, MOST_PAGES = 50, 8
# Comments that come along with each post, latest first, answers to comments among them.
INSIDE = 50
PER_LIST, MOST_LISTS = 100, 10

_WRITTEN = "id,from,created_time"
_HOW = ".filter(stream).order(reverse_chronological)"
_POST = (
    "id,created_time,permalink_url,message,shares,attachments{unshimmed_url},"
    "reactions.limit(0).summary(total_count)"
)
_COMMENTS = f"comments.limit({INSIDE}).summary(total_count){_HOW}{{{_WRITTEN}}}"
_INSIGHTS = (
    "insights.metric(post_reactions_by_type_total,post_total_media_view_unique,post_clicks)"
    "{name,values}"
)


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
        self.reactions = Reactions(frozenset({self.profile.native_id}), self.now)

    @property
    def oldest(self) -> datetime:
        """From when on posts are read."""
        return self.now - timedelta(days=FIRST_DAYS if self.since is None else AGAIN_DAYS)

    def records(self) -> Iterator[Record]:
        """Yield posts, each followed by its comments, then what went, then who tagged the Page."""
        for post, row, path in self._posts():
            self.seen.add(post.native_id)
            yield post
            yield from self._comments(post, row, path)
        if self.whole:
            gone = (name for name in self.account.recent_posts if name not in self.seen)
            yield from map(Removed, gone)
        yield from self._mentions()

    # --- The Page's own posts ---------------------------------------------------------------
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
        """Yield pages of posts; without insights where this access does not open them."""
        try:
            yield from self._published(f"{_POST},{_INSIGHTS},{_COMMENTS}")
        except (NotTold, NotAllowed):
            yield from self._published(f"{_POST},{_COMMENTS}")

    def _published(self, fields: str) -> Iterator[Answer]:
        # Reference: https://developers.facebook.com/docs/graph-api/reference/page/feed
        # (read 2026-11): the latest first.
        return self.graph.pages(
            "me/published_posts", most=MOST_PAGES, fields=fields, limit=PER_PAGE
        )

    # --- Who acted --------------------------------------------------------------------------
    def _comments(self, post: Post, row: dict[str, Any], path: str) -> Iterator[Interaction]:
        inside, more = nested(row, "comments", path, NETWORK_ID)
        yield from self._written(Kind.COMMENT, inside, post.native_id, path)
        known = self.account.recent_counts.get(post.native_id, {}).get("comments") or 0
        if not more or (post.counts["comments"] or 0) - known <= len(inside):
            return
        # Reference: https://developers.facebook.com/docs/graph-api/reference/object/comments
        # (read 2026-11)
        try:
            for answer in self.graph.pages(
                f"{post.native_id}/comments",
                most=MOST_LISTS,
                fields=_WRITTEN,
                filter="stream",
                order="reverse_chronological",
                limit=PER_LIST,
            ):
                rows = rows_of(answer.data, answer.path, NETWORK_ID)
                yield from self._written(Kind.COMMENT, rows, post.native_id, answer.path)
        except Gone:
            # The post went between the page that listed it and this question.
            return

    def _mentions(self) -> Iterator[Interaction]:
        """Yield who tagged the Page in a post of theirs, as far back as posts are read."""
        # Reference: https://developers.facebook.com/docs/graph-api/reference/page/tagged
        # (read 2026-11)
        params = {"fields": _WRITTEN, "limit": PER_LIST}
        try:
            for answer in self.graph.pages("me/tagged", most=MOST_LISTS, **params):
                rows = rows_of(answer.data, answer.path, NETWORK_ID)
                fresh = [row for row in rows if self._at(row, answer.path) >= self.oldest]
                yield from self._written(Kind.MENTION, fresh, None, answer.path)
                if len(fresh) < len(rows):
                    return
        except (NotTold, NotAllowed):
            return

    def _written(
        self, kind: Kind, rows: list[dict[str, Any]], post_id: str | None, path: str
    ) -> Iterator[Interaction]:
        for row in rows:
            actor, at = parse_actor(row, path), self._at(row, path)
            name = text_of(row, "id", path, NETWORK_ID)
            yield from self.reactions.received(kind, actor, name, at, post_id)

    def _at(self, row: object, path: str) -> datetime:
        return moment(row, "created_time", path=path, network=NETWORK_ID)
