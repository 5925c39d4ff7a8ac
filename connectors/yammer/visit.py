"""One fetch of one account: its messages, who likes them, who replies, who mentions it.

Ten questions about messages in half a minute, and ten others, are all that Viva Engage answers.
A fetch asks no more; what it had no question left for is told as it was known, and asked next time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from connectors.http import Client
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
    TextFeatures,
)
from connectors.yammer.payloads import Message, Page, parse_page, parse_people

# The first sync reads a year; later ones a month and a day, since older counts hardly move.
FIRST_DAYS, LATER_DAYS = 365, 31
# Later it is asked who acted on what is younger than this: AccountRef.recent_counts goes as far.
ASKED_DAYS = 30
# Questions of one fetch about messages, and all others; two of these are asked before.
MESSAGE_QUESTIONS, OTHER_QUESTIONS = 10, 8
# Of the first: pages of own messages, and of those that were received.
OWN_PAGES, RECEIVED_PAGES = 5, 2
# Pages of one message's likes or replies.
MOST_PAGES = 5
_HASHTAG = re.compile(r"(?<!\w)#(\w+)")


@dataclass(slots=True)
class Visit:
    """What was asked and found so far."""

    client: Client
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    questions: dict[Literal["messages", "others"], int] = field(
        default_factory=lambda: {"messages": MESSAGE_QUESTIONS, "others": OTHER_QUESTIONS}
    )
    # Of these, what is left for further pages after each message has its first.
    spare: dict[Literal["messages", "others"], int] = field(
        default_factory=lambda: {"messages": 0, "others": 0}
    )
    people: dict[str, Actor] = field(default_factory=dict)
    replies: dict[str, int] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        """Yield messages with counts, then who acted on them, who mentions the account, and what
        is gone."""
        own, reached = self._own()
        received = list(self._received())
        liked = [m for m in own if self._moved(m, "likes", m.likes) and len(m.likers) < m.likes]
        threads = [m for m in own if self._moved(m, "comments", self._replies_to(m))]
        asked_likes = {m.native_id for m in liked[: self.questions["others"]]}
        asked_threads = {m.native_id for m in threads[: self.questions["messages"]]}
        self.spare["others"] = self.questions["others"] - len(asked_likes)
        self.spare["messages"] = self.questions["messages"] - len(asked_threads)
        waiting = {
            "likes": {m.native_id for m in liked} - asked_likes,
            "comments": {m.native_id for m in threads} - asked_threads,
        }
        for message in own:
            yield self._post(message, {n for n, ids in waiting.items() if message.native_id in ids})
        for message in own:
            yield from self._likes(message, ask=message.native_id in asked_likes)
            if message.native_id in asked_threads:
                yield from self._comments(message)
        yield from self._mentions(received)
        told = {m.native_id for m in own}
        for name in self.account.recent_posts:
            if name not in told and name.isascii() and name.isdigit() and int(name) >= reached:
                yield Removed(name)

    # --- Questions ------------------------------------------------------------------------------
    def _page(self, what: str, older_than: int | None) -> Page:
        self.questions["messages"] -= 1
        answer = self.client.get(
            f"{self.client.urls['yammer']}/api/v1/messages/{what}.json",
            params=None if older_than is None else {"older_than": older_than},
            token=self.account.token,
        )
        page = parse_page(answer.data, answer.path)
        self.people |= page.people
        self.replies |= page.replies
        self.senders |= page.senders
        return page

    def _pages(self, what: str, most: int, oldest: datetime) -> Iterator[Page]:
        """Yield pages of messages, newest first, until one reaches back to `oldest`."""
        older_than: int | None = None
        for _ in range(most):
            if self.questions["messages"] <= 0:
                return
            page = self._page(what, older_than)
            yield page
            if not page.has_older or not page.ids or min(page.ids) == older_than:
                return
            if any(message.created_at < oldest for message in page.messages):
                return
            older_than = min(page.ids)

    def _own(self) -> tuple[list[Message], int]:
        """Return the account's messages, newest first, and the oldest id that the list reached."""
        # Reference: https://learn.microsoft.com/en-us/rest/api/yammer/messagesjson; "sent" is one
        # of its feeds (read 2026-11)
        oldest = self.now - timedelta(days=FIRST_DAYS if self.since is None else LATER_DAYS)
        found: dict[str, Message] = {}
        reached = 0
        for page in self._pages("sent", OWN_PAGES, oldest):
            reached = min(page.ids) if page.has_older and page.ids else 0
            for message in page.messages:
                if message.created_at >= oldest and message.sender_id == self.profile.native_id:
                    found.setdefault(message.native_id, message)
        return list(found.values()), reached

    def _received(self) -> Iterator[Message]:
        # Reference: as above, the feed "received" (read 2026-11)
        oldest = self.now - timedelta(days=LATER_DAYS)
        if self.since is not None:
            oldest = max(oldest, self.since - timedelta(days=1))
        for page in self._pages("received", RECEIVED_PAGES, oldest):
            yield from (message for message in page.messages if message.created_at >= oldest)

    # --- Messages -------------------------------------------------------------------------------
    def _replies_to(self, message: Message) -> int | None:
        """Return how many replies a message that begins a thread has; None for any other."""
        return (
            self.replies.get(message.thread_id) if message.thread_id == message.native_id else None
        )

    def _moved(self, message: Message, name: str, count: int | None) -> bool:
        if self.since is not None and message.created_at <= self.now - timedelta(days=ASKED_DAYS):
            # What was counted before is not handed over of older ones.
            return False
        before = self.account.recent_counts.get(message.native_id, {})
        return bool(count) and count != before.get(name)

    def _post(self, message: Message, waiting: set[str]) -> Post:
        """Return a message as a post, those of its counts that wait as they were known."""
        before = self.account.recent_counts.get(message.native_id, {})
        return Post(
            native_id=message.native_id,
            created_at=message.created_at,
            text=message.text,
            features=TextFeatures(
                hashtags=tuple(
                    dict.fromkeys(tag.lower() for tag in _HASHTAG.findall(message.text))
                ),
                length=len(message.text),
            ),
            counts={
                name: before.get(name) if name in waiting else count
                for name, count in (
                    ("likes", message.likes),
                    ("comments", self._replies_to(message)),
                )
            },
            reply_to=self._answered(message),
        )

    def _answered(self, message: Message) -> Actor | None:
        sender = self.senders.get(message.replied_to, "")
        return self._person(sender) if sender and sender != self.profile.native_id else None

    def _person(self, native_id: str) -> Actor:
        return self.people.get(native_id) or Actor(native_id, native_id)

    # --- Who acted ------------------------------------------------------------------------------
    def _likes(self, message: Message, *, ask: bool) -> Iterator[Interaction]:
        if not self._moved(message, "likes", message.likes):
            return
        likers = {actor.native_id: actor for actor in message.likers}
        if ask:
            likers |= {actor.native_id: actor for actor in self._all_likers(message.native_id)}
        for actor in likers.values():
            yield from self._act(
                Kind.LIKE,
                self.people.get(actor.native_id, actor),
                f"like:{message.native_id}:{actor.native_id}",
                None,
                message.native_id,
            )

    def _all_likers(self, name: str) -> Iterator[Actor]:
        # Reference: https://learn.microsoft.com/en-us/rest/api/yammer/ "users/liked_message"
        # (read 2026-11)
        for number in range(1, MOST_PAGES + 1):
            if not self._may_ask("others", number):
                return
            self.questions["others"] -= 1
            answer = self.client.get(
                f"{self.client.urls['yammer']}/api/v1/users/liked_message/{name}.json",
                params={"page": number},
                token=self.account.token,
                # Taken away since the list was read.
                accept=(404,),
            )
            if answer.status != 200:
                return
            people, more = parse_people(answer.data, answer.path)
            yield from people
            if not more or not people:
                return

    def _comments(self, message: Message) -> Iterator[Interaction]:
        # Reference: https://learn.microsoft.com/en-us/rest/api/yammer/messagesin_threadthreadidjson
        # (read 2026-11)
        older_than: int | None = None
        for number in range(1, MOST_PAGES + 1):
            if not self._may_ask("messages", number):
                return
            page = self._page(f"in_thread/{message.native_id}", older_than)
            for reply in page.messages:
                if reply.native_id != message.native_id:
                    yield from self._act(
                        Kind.COMMENT,
                        self._person(reply.sender_id),
                        f"comment:{reply.native_id}",
                        reply.created_at,
                        message.native_id,
                    )
            if not page.has_older or not page.ids or min(page.ids) == older_than:
                return
            older_than = min(page.ids)

    def _may_ask(self, what: Literal["messages", "others"], number: int) -> bool:
        """Return whether a page may be asked for: the first was counted on, others are spare."""
        if number == 1:
            return True
        self.spare[what] -= 1
        return self.spare[what] >= 0

    def _mentions(self, received: list[Message]) -> Iterator[Interaction]:
        """Yield who mentions the account beside a conversation of its own."""
        for message in received:
            if self.profile.native_id not in message.notified:
                continue
            answered = self.senders.get(message.replied_to)
            begun_by = self.senders.get(message.thread_id)
            if self.profile.native_id in {answered, begun_by}:
                # A reply to it notifies it by itself: that is a comment.
                continue
            yield from self._act(
                Kind.MENTION,
                self._person(message.sender_id),
                f"mention:{message.native_id}",
                message.created_at,
                None,
            )

    def _act(
        self, kind: Kind, actor: Actor, native_id: str, at: datetime | None, post: str | None
    ) -> Iterator[Interaction]:
        if actor.native_id == self.profile.native_id:
            return
        yield Interaction(
            kind=kind,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=native_id,
            seen_at=self.now,
            happened_at=None if at is None else min(at, self.now),
            post_native_id=post,
        )
