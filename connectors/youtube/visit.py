"""One fetch of one channel: uploads, counts by the fifty, and who commented where it moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.errors import Gone
from connectors.fields import moment, optional_moment
from connectors.types import (
    AccountRef,
    Direction,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
)
from connectors.youtube.asking import NETWORK_ID, Asking, next_page, rows_of
from connectors.youtube.payloads import is_public, parse_author, parse_post, part_of, text_of

# Rows of a page: the most that playlistItems, videos (ids) and commentThreads give.
PER_PAGE, PER_COMMENTS = 50, 100
# Pages of uploads: the first sync reads 200 videos, later ones what is new.
FIRST_PAGES, LATER_PAGES = 4, 2
# Videos whose comments are asked for in one fetch, and pages of each: 60 units at most.
MOST_ASKED, COMMENT_PAGES = 20, 3
# Comments that YouTube's terms would let us keep no longer are not read.
COMMENT_DAYS = 30
# A video may appear in the list a while after the time that it carries.
LATE = timedelta(days=2)


@dataclass(slots=True)
class Visit:
    """One fetch of one channel: what was asked and told so far."""

    asking: Asking
    account: AccountRef
    profile: Profile
    uploads: str | None
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record]:
        """Yield videos with their counts, newest first, and the comments on those that moved."""
        known = (*self.account.recent_posts, *self.account.older_posts)
        names = list(dict.fromkeys([*self._uploaded(), *known]))
        posts: list[Post] = []
        for start in range(0, len(names), PER_PAGE):
            for record in self._videos(names[start : start + PER_PAGE], frozenset(known)):
                if isinstance(record, Post):
                    posts.append(record)
                yield record
        if not self.asking.has_key:
            return
        moved = [post for post in posts if self._moved(post)]
        moved.sort(key=lambda post: post.created_at, reverse=True)
        for post in moved[:MOST_ASKED]:
            yield from self._comments(post)

    def _uploaded(self) -> Iterator[str]:
        """Yield the ids of new videos; all of the last 200 in a first fetch."""
        # Reference: https://developers.google.com/youtube/v3/docs/playlistItems/list (read 2026-11)
        if self.uploads is None:
            return
        params: dict[str, str | int] = {
            "part": "contentDetails",
            "playlistId": self.uploads,
            "maxResults": PER_PAGE,
        }
        for _ in range(FIRST_PAGES if self.since is None else LATER_PAGES):
            try:
                answer = self.asking.own("playlistItems", **params)
            except Gone:
                # A channel that never published anything has no such list.
                return
            old = False
            for row in rows_of(answer):
                details = part_of(row, "contentDetails", answer.path)
                at = optional_moment(
                    details, "videoPublishedAt", path=answer.path, network=NETWORK_ID
                )
                if at is None:
                    # Private, or deleted meanwhile.
                    continue
                old = self.since is not None and at < self.since - LATE
                if not old:
                    yield text_of(details, "videoId", answer.path)
            following = next_page(answer)
            if old or not following or following == params.get("pageToken"):
                return
            params["pageToken"] = following

    def _videos(self, names: Sequence[str], known: frozenset[str]) -> Iterator[Record]:
        # Reference: https://developers.google.com/youtube/v3/docs/videos/list (read 2026-11)
        answer = self.asking.own(
            "videos", part="snippet,statistics,status", id=",".join(names), maxResults=PER_PAGE
        )
        shown = set()
        for row in rows_of(answer):
            if is_public(row, answer.path):
                post = parse_post(row, answer.path)
                shown.add(post.native_id)
                yield post
        # What was deleted or made private is left out of the answer, and nothing else is.
        yield from (Removed(name) for name in names if name in known and name not in shown)

    def _moved(self, post: Post) -> bool:
        """Return whether somebody commented since the video was last counted."""
        before = self.account.recent_counts.get(post.native_id, {}).get("comments") or 0
        return (post.counts["comments"] or 0) > before

    def _comments(self, post: Post) -> Iterator[Interaction]:
        # Reference: https://developers.google.com/youtube/v3/docs/commentThreads/list (read
        # 2026-11)
        first = self.now - timedelta(days=COMMENT_DAYS)
        begin = first if self.since is None else max(first, self.since - LATE)
        params: dict[str, str | int] = {
            "part": "snippet",
            "videoId": post.native_id,
            "order": "time",
            "maxResults": PER_COMMENTS,
            "textFormat": "plainText",
        }
        for _ in range(COMMENT_PAGES):
            try:
                answer = self.asking.public("commentThreads", **params)
            except Gone:
                # Its owner let nobody comment any more, or it went meanwhile.
                return
            at = self.now
            for row in rows_of(answer):
                thread = part_of(row, "snippet", answer.path)
                comment = part_of(thread, "topLevelComment", answer.path)
                snippet = part_of(comment, "snippet", answer.path)
                at = moment(snippet, "publishedAt", path=answer.path, network=NETWORK_ID)
                if at >= begin:
                    name = text_of(comment, "id", answer.path)
                    yield from self._comment(name, snippet, at, post, answer.path)
            following = next_page(answer)
            if at < begin or not following or following == params.get("pageToken"):
                return
            params["pageToken"] = following

    def _comment(
        self, name: str, snippet: object, at: datetime, post: Post, path: str
    ) -> Iterator[Interaction]:
        actor = parse_author(snippet, path)
        if actor is None or actor.native_id == self.profile.native_id or name in self.told:
            return
        self.told.add(name)
        yield Interaction(
            kind=Kind.COMMENT,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=f"comment:{name}",
            seen_at=self.now,
            happened_at=min(at, self.now),
            post_native_id=post.native_id,
        )
