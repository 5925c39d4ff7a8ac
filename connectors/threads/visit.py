"""One fetch of one account of Threads: posts, counts that are due, replies where they moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Gone, NotAllowed
from connectors.fields import moment, optional
from connectors.graph import Graph, NotTold
from connectors.graph.answers import insights_of, rows_of, text_of, words_of
from connectors.graph.reactions import Reactions
from connectors.http import Answer
from connectors.threads.payloads import NETWORK_ID, REPOST, parse_actor, parse_post
from connectors.types import AccountRef, Interaction, Kind, Post, Profile, Record, Removed

# The first sync reads no further back: older posts have moved all that they will.
FIRST_DAYS = 180
# Later ones read the posts whose counts still move, with a day over for the clocks.
AGAIN_DAYS = 31
PER_PAGE, MOST_PAGES = 100, 3
MOST_LISTS = 10
# Threads tells the counts of one post at a time: the older, the more seldom they are asked for
# (younger than so many days, every so many days). Nine in ten reactions come within three days.
RHYTHM = ((3, 1), (10, 3), (AGAIN_DAYS, 7))

_POST = "id,text,permalink,timestamp,media_type,topic_tag,link_attachment_url,has_replies"
_METRICS = "views,likes,replies,reposts,quotes"
_WRITTEN = "id,username,timestamp"


def is_due(post_id: str, created_at: datetime, now: datetime) -> bool:
    """Return whether the counts of a known post are read on this day."""
    age_days = (now - created_at).days
    every = next((step for below, step in RHYTHM if age_days < below), 1)
    # Posts of one week are spread over its days by their ids.
    number = int(post_id) if post_id.isascii() and post_id.isdigit() else len(post_id)
    return (now.toordinal() + number) % every == 0


@dataclass(slots=True)
class Visit:
    """One fetch of one account: what was found so far."""

    graph: Graph
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    seen: set[str] = field(default_factory=set)
    # What this access has been found not to open; it is not asked for again.
    closed: set[str] = field(default_factory=set)
    # Whether the list of posts was read as far back as it is compared with what is stored.
    whole: bool = False
    reactions: Reactions = field(init=False)

    def __post_init__(self) -> None:
        self.reactions = Reactions(frozenset({self.profile.handle.lower()}), self.now)

    @property
    def oldest(self) -> datetime:
        """From when on posts and mentions are read."""
        return self.now - timedelta(days=FIRST_DAYS if self.since is None else AGAIN_DAYS)

    def records(self) -> Iterator[Record]:
        """Yield posts, each followed by its replies, then what went, then who mentioned it."""
        for row, path in self._rows():
            name = text_of(row, "id", path, NETWORK_ID)
            self.seen.add(name)
            at = moment(row, "timestamp", path=path, network=NETWORK_ID)
            if name in self.account.recent_posts and not is_due(name, at, self.now):
                continue
            post = parse_post(row, self._counts(name), path)
            yield post
            has_replies = optional(row, "has_replies", bool, path=path, network=NETWORK_ID)
            yield from self._replies(post, has_replies=bool(has_replies))
        if self.whole:
            gone = (name for name in self.account.recent_posts if name not in self.seen)
            yield from map(Removed, gone)
        yield from self._mentions()

    # --- The account's own posts ------------------------------------------------------------
    def _rows(self) -> Iterator[tuple[dict[str, Any], str]]:
        # Reference: https://developers.facebook.com/documentation/threads/reference/user
        # (read 2026-11)
        for answer in self._pages("me/threads", _POST, most=MOST_PAGES):
            for row in rows_of(answer.data, answer.path, NETWORK_ID):
                known = text_of(row, "id", answer.path, NETWORK_ID) in self.seen
                if not known and words_of(row, "media_type", answer.path, NETWORK_ID) != REPOST:
                    yield row, answer.path
            self.whole = "next" not in (answer.data.get("paging") or {})

    def _counts(self, name: str) -> dict[str, Any]:
        """Return the counts of a post; {} where this access does not open them."""
        if "insights" in self.closed:
            return {}
        # Reference: https://developers.facebook.com/documentation/threads/insights (read 2026-11)
        try:
            answer = self.graph.ask(f"{name}/insights", metric=_METRICS)
        except NotAllowed:
            self.closed.add("insights")
            return {}
        except (Gone, NotTold):
            # Some kinds of posts have none, and one may go before it is asked about.
            return {}
        return insights_of(rows_of(answer.data, answer.path, NETWORK_ID))

    # --- Who acted --------------------------------------------------------------------------
    def _replies(self, post: Post, *, has_replies: bool) -> Iterator[Interaction]:
        count = post.counts["comments"]
        known = self.account.recent_counts.get(post.native_id, {}).get("comments") or 0
        new = PER_PAGE if count is None and has_replies else (count or 0) - known
        if new <= 0 or "replies" in self.closed:
            return
        # Reference: https://developers.facebook.com/documentation/threads/
        # retrieve-and-manage-replies/replies-and-conversations (read 2026-11): the latest first.
        most = min(1 + new // PER_PAGE, MOST_LISTS)
        try:
            for answer in self._pages(f"{post.native_id}/replies", _WRITTEN, most=most, span=False):
                yield from self._written(Kind.COMMENT, answer, post.native_id)
        except NotAllowed:
            self.closed.add("replies")
        except (Gone, NotTold):
            # The post went between the page that listed it and this question.
            return

    def _mentions(self) -> Iterator[Interaction]:
        # Reference: https://developers.facebook.com/documentation/threads/threads-mentions
        # (read 2026-11)
        try:
            for answer in self._pages("me/mentions", _WRITTEN, most=MOST_LISTS):
                yield from self._written(Kind.MENTION, answer, None)
        except (NotAllowed, NotTold):
            return

    def _written(self, kind: Kind, answer: Answer, post_id: str | None) -> Iterator[Interaction]:
        for row in rows_of(answer.data, answer.path, NETWORK_ID):
            name = text_of(row, "id", answer.path, NETWORK_ID)
            if kind is Kind.MENTION and f"comment:{name}" in self.reactions.told:
                # A reply that names the account is a reply.
                continue
            at = moment(row, "timestamp", path=answer.path, network=NETWORK_ID)
            actor = parse_actor(row, answer.path)
            yield from self.reactions.received(kind, actor, name, at, post_id)

    def _pages(self, path: str, fields: str, *, most: int, span: bool = True) -> Iterator[Answer]:
        params: dict[str, Any] = {"fields": fields, "limit": PER_PAGE}
        if span:
            params["since"] = int(self.oldest.timestamp())
        return self.graph.pages(path, most=most, **params)
