"""One fetch of one account of X: what is asked, in the order of what it is worth and costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import Gone, NotAllowed
from connectors.fields import moment
from connectors.http import Answer
from connectors.types import (
    AccountRef,
    Actor,
    Direction,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
)
from connectors.x.asking import Asking
from connectors.x.payloads import (
    authors_of,
    kind_of_mention,
    next_token,
    parse_actor,
    parse_post,
    posted_at,
    rows_of,
    text_of,
    withheld,
)

PER_PAGE = 100
# ids of GET /2/tweets (maxItems in the specification).
PER_BATCH = 100
# Pages of own posts: the first is always read, each further one only if it can be spared.
FIRST_PAGES, LATER_PAGES = 2, 4
# The first sync reads no further back: older posts have moved all that they will.
FIRST_DAYS = 180
# Posts a page of mentions; a page is paid for with its authors.
MENTIONS = 50
# Questions of each kind of "who" in one fetch: X allows 75 in 15 minutes.
MOST_ASKED = 60
# X names at most 100 likers of a post, ever; of reposters a page is enough.
MOST_NAMED = 100
LEAST_QUOTES = 10
# Asked beyond what the counts say is new: some take their like back, others give one meanwhile.
MARGIN = 5
# Of what may be spared, one part in so many goes into asking whether stored posts are still shown:
# who acted matters more, and the money has to last a month.
RECHECK_PARTS = 4
# Of a stranger: posts and mentions of this many days, a page of each.
STRANGERS_DAYS, STRANGERS_POSTS, STRANGERS_MENTIONS = 30, 50, 20
# How often a post's counts are read: (younger than so many days, every so many days). Nine in
# ten reactions come within three days; each reading of a post is charged.
RHYTHM = ((3, 1), (10, 3), (31, 7))

_POST_FIELDS = ["created_at", "public_metrics", "entities", "lang", "in_reply_to_user_id"]
_OTHERS_FIELDS = ["created_at", "author_id", "in_reply_to_user_id", "referenced_tweets"]
_WHO_FIELDS = ["public_metrics"]


def is_due(post_id: str, now: datetime) -> bool:
    """Return whether the counts of a post are read on this day: the older, the more seldom."""
    at = posted_at(post_id)
    if at is None:
        return True
    age_days = (now - at).days
    every = next((step for below, step in RHYTHM if age_days < below), 1)
    # Posts of one week are spread over its days by their ids.
    return (now.toordinal() + int(post_id)) % every == 0


@dataclass(slots=True)
class Visit:
    """One fetch of one account: what was asked and found so far."""

    asking: Asking
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        """Yield new posts, due counts, mentions and replies, then who acted where it moved."""
        posts = list(self._new_posts())
        yield from self._sent(posts)
        counted: list[Post] = []
        for record in self._counts_again():
            if isinstance(record, Post):
                counted.append(record)
            yield record
        since = self.now - timedelta(days=FIRST_DAYS) if self.since is None else self.since
        yield from self._mentions(since, pages=LATER_PAGES, size=MENTIONS)
        for post in sorted((*posts, *counted), key=lambda post: post.created_at, reverse=True):
            yield from self._quotes(post)
            yield from self._people(Kind.RESHARE, "get_retweeters", "reshares", post)
            yield from self._people(Kind.LIKE, "get_liking_users", "likes", post)
        yield from self._still_shown()

    def of_a_stranger(self) -> Iterator[Record]:
        """Yield a page of posts with their counts, and one of mentions and replies, once."""
        # Reference: https://docs.x.com/x-api/users/get-posts (read 2026-11)
        params: dict[str, Any] = {
            "exclude": ["retweets"],
            "tweet_fields": _POST_FIELDS,
            "start_time": self.now - timedelta(days=STRANGERS_DAYS),
        }
        at_most = {"post": STRANGERS_POSTS}
        answer = self._page("get_users_tweets", at_most, STRANGERS_POSTS, params)
        rows = rows_of(answer.data, answer.path)
        yield from self._sent([parse_post(row, self.profile, answer.path) for row in rows])
        since = self.now - timedelta(days=STRANGERS_DAYS)
        yield from self._mentions(since, pages=1, size=STRANGERS_MENTIONS)

    # --- The account's own posts ------------------------------------------------------------
    def _new_posts(self) -> Iterator[Post]:
        # Reference: https://docs.x.com/x-api/users/get-posts (read 2026-11)
        params: dict[str, Any] = {"exclude": ["retweets"], "tweet_fields": _POST_FIELDS}
        pages = FIRST_PAGES if self.since is None else LATER_PAGES
        if self.account.recent_posts:
            params["since_id"] = self.account.recent_posts[0]
        else:
            params["start_time"] = (
                self.now - timedelta(days=FIRST_DAYS) if self.since is None else self.since
            )
        for page in range(pages):
            if page and not self.asking.can_spare(post=PER_PAGE):
                return
            answer = self._page("get_users_tweets", {"post": PER_PAGE}, PER_PAGE, params)
            for row in rows_of(answer.data, answer.path):
                post = parse_post(row, self.profile, answer.path)
                if post.native_id not in self.told:
                    self.told.add(post.native_id)
                    yield post
            if not self._turned(answer, params):
                return

    def _counts_again(self) -> Iterator[Post | Removed]:
        due = [
            name
            for name in self.account.recent_posts
            if name not in self.told and is_due(name, self.now)
        ]
        for start in range(0, len(due), PER_BATCH):
            yield from self._by_ids(due[start : start + PER_BATCH])

    def _still_shown(self) -> Iterator[Record]:
        """Yield what became of the stored posts that were not read yet.

        X wants all of them asked for each day. By the hundred, the longest unasked first, as far
        as a part of the money goes; the next fetch goes on there.
        """
        stored = (*self.account.older_posts, *self.account.recent_posts)
        names = [name for name in dict.fromkeys(stored) if name not in self.told]
        names = names[: self._affordable(len(names))]
        for start in range(0, len(names), PER_BATCH):
            yield from self._by_ids(names[start : start + PER_BATCH])

    def _affordable(self, most: int) -> int:
        """Return how many posts, `most` at most, may be asked for again in this fetch."""
        least = 0
        while least < most:
            middle = (least + most + 1) // 2
            if self.asking.can_spare(post=middle * RECHECK_PARTS):
                least = middle
            else:
                most = middle - 1
        return least

    def _by_ids(self, names: Sequence[str]) -> Iterator[Post | Removed]:
        # Reference: https://docs.x.com/x-api/posts/get-posts-by-ids (read 2026-11)
        answer = self.asking.ask(
            "get_tweets", {"post": len(names)}, list(names), tweet_fields=_POST_FIELDS
        )
        for row in rows_of(answer.data, answer.path):
            post = parse_post(row, self.profile, answer.path)
            self.told.add(post.native_id)
            yield post
        gone = withheld(answer.data, answer.path) - self.told
        yield from (Removed(name) for name in names if name in gone)

    def _sent(self, posts: Sequence[Post]) -> Iterator[Record]:
        """Yield new posts, each with the answer that it is to somebody."""
        for post in posts:
            yield post
            if post.reply_to is not None:
                yield Interaction(
                    kind=Kind.COMMENT,
                    direction=Direction.SENT,
                    actor=post.reply_to,
                    native_id=f"sent:{post.native_id}",
                    seen_at=self.now,
                    happened_at=min(post.created_at, self.now),
                    post_native_id=post.native_id,
                )

    # --- Who acted --------------------------------------------------------------------------
    def _mentions(self, since: datetime, *, pages: int, size: int) -> Iterator[Interaction]:
        # Reference: https://docs.x.com/x-api/users/get-mentions (read 2026-11)
        params: dict[str, Any] = {
            "start_time": since,
            "tweet_fields": _OTHERS_FIELDS,
            "expansions": ["author_id"],
            "user_fields": _WHO_FIELDS,
        }
        for _ in range(pages):
            if not self.asking.can_spare(post=size, user=size):
                return
            at_most = {"post": size, "user": size}
            answer = self._page("get_users_mentions", at_most, size, params)
            authors = authors_of(answer.data, answer.path)
            for row in rows_of(answer.data, answer.path):
                acted = kind_of_mention(row, self.profile.native_id, answer.path)
                if acted is not None:
                    kind, post_id = acted
                    yield from self._written(kind, row, authors, post_id, answer.path)
            if not self._turned(answer, params):
                return

    def _quotes(self, post: Post) -> Iterator[Interaction]:
        new = self._new(post, "quotes")
        size = min(MOST_NAMED, max(LEAST_QUOTES, new + MARGIN))
        if not new or not self._may_ask("quotes", post=size, user=size):
            return
        # Reference: https://docs.x.com/x-api/posts/get-quoted-posts (read 2026-11)
        answer = self._who(
            "quotes",
            "get_quote_tweets",
            {"post": size, "user": size},
            post.native_id,
            max_results=size,
            tweet_fields=_OTHERS_FIELDS[:2],
            expansions=["author_id"],
            user_fields=_WHO_FIELDS,
        )
        if answer is None:
            return
        authors = authors_of(answer.data, answer.path)
        for row in rows_of(answer.data, answer.path):
            yield from self._written(Kind.QUOTE, row, authors, post.native_id, answer.path)

    def _people(self, kind: Kind, method: str, count: str, post: Post) -> Iterator[Interaction]:
        # References: https://docs.x.com/x-api/posts/get-liking-users, …/get-reposted-by
        # (read 2026-11). That the latest come first is not documented.
        new = self._new(post, count)
        size = min(MOST_NAMED, new + MARGIN)
        if not new or not self._may_ask(count, user=size):
            return
        answer = self._who(
            count, method, {"user": size}, post.native_id, max_results=size, user_fields=_WHO_FIELDS
        )
        if answer is None:
            return
        for user in rows_of(answer.data, answer.path):
            actor = parse_actor(user, answer.path)
            name = f"{kind.name.lower()}:{post.native_id}:{actor.native_id}"
            yield from self._received(kind, actor, name, None, post.native_id)

    def _who(
        self, what: str, method: str, at_most: dict[str, int], post_id: str, **params: Any
    ) -> Answer | None:
        """Return who acted on a post; None where X does not tell."""
        try:
            return self.asking.ask(method, at_most, post_id, **params)
        except Gone:
            # The post went between the page that listed it and this question.
            return None
        except NotAllowed:
            # Not in the operator's plan: of this kind the counts alone are known.
            self.asked[what] = MOST_ASKED
            return None

    def _new(self, post: Post, name: str) -> int:
        """Return how many acted since the post was last counted; 0 where nobody need be asked."""
        count = post.counts[name] or 0
        before = self.account.recent_counts.get(post.native_id, {}).get(name) or 0
        if name == "likes" and before >= MOST_NAMED:
            return 0
        return max(count - before, 0)

    def _may_ask(self, what: str, **rows: int) -> bool:
        if self.asked.get(what, 0) >= MOST_ASKED or not self.asking.can_spare(**rows):
            return False
        self.asked[what] = self.asked.get(what, 0) + 1
        return True

    def _written(
        self, kind: Kind, row: object, authors: dict[str, Actor], post_id: str | None, path: str
    ) -> Iterator[Interaction]:
        """Yield a reply, quote or mention: a post of somebody else's, dated by X."""
        author, name = text_of(row, "author_id", path), text_of(row, "id", path)
        # A suspended author is not among the users of the answer.
        actor = authors.get(author) or Actor(native_id=author, handle=author)
        at = moment(row, "created_at", path=path, network="x")
        yield from self._received(kind, actor, f"{kind.name.lower()}:{name}", at, post_id)

    def _received(
        self, kind: Kind, actor: Actor, native_id: str, at: datetime | None, post_id: str | None
    ) -> Iterator[Interaction]:
        if actor.native_id == self.profile.native_id or native_id in self.told:
            return
        self.told.add(native_id)
        yield Interaction(
            kind=kind,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=native_id,
            seen_at=self.now,
            happened_at=None if at is None else min(at, self.now),
            post_native_id=post_id,
        )

    # --- Pages ------------------------------------------------------------------------------
    def _page(
        self, method: str, at_most: dict[str, int], size: int, params: dict[str, Any]
    ) -> Answer:
        return self.asking.ask(method, at_most, self.profile.native_id, max_results=size, **params)

    def _turned(self, answer: Answer, params: dict[str, Any]) -> bool:
        """Return whether there is a further page, and let `params` ask for it."""
        following = next_token(answer.data, answer.path)
        if not following or following == params.get("pagination_token"):
            return False
        params["pagination_token"] = following
        return True
