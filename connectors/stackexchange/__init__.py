"""Stack Exchange: questions and answers on one of its sites, and who answered or commented.

An account is a number on a site: "22656@stackoverflow.com". Up to a hundred posts are asked about
in one request, since 300 a day are all that an address without a key may send.
Reference: https://api.stackexchange.com/docs (version 2.3, read 2026-11).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import BadPayload, Gone
from connectors.http import Client
from connectors.stackexchange.asking import Asking
from connectors.stackexchange.payloads import (
    NETWORK_ID,
    moment_of,
    parse_actor,
    parse_answer,
    parse_handle,
    parse_owner,
    parse_question,
    parse_user,
    reference,
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
    name="Stack Exchange",
    # Its sign-in tells who somebody is on all sites at once; a code asks for one account alone.
    auth=AuthKind.PROOF_CODE,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT, Kind.MENTION}),
        # Who voted is never told.
        anonymous=frozenset({Kind.LIKE}),
        dated=frozenset({Kind.COMMENT, Kind.MENTION}),
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
        attribution="Questions, answers and comments come from Stack Exchange (CC BY-SA).",
    ),
    # 300 a day for an address, 10,000 with a key (https://api.stackexchange.com/docs/throttle,
    # read 2026-11). The budget is the one without a key; with one the site's own is asked for.
    budget=Budget(requests=300, per_seconds=86_400, per="network"),
    budget_with_key=Budget(requests=9_000, per_seconds=86_400, per="network"),
    snapshot_counts=frozenset(
        {"reputation", "reputation_month", "gold_badges", "silver_badges", "bronze_badges"}
    ),
    post_counts=frozenset({"votes", "comments"}),
    handle_hint="se:22656@stackoverflow.com",
    docs_url="https://api.stackexchange.com/docs",
    proof_place="Location",
    proof_url="https://stackoverflow.com/users/edit/current",
)

# The first sync reads a year; later ones a month and a day.
FIRST_DAYS, LATER_DAYS = 365, 31
# ids of one request, and rows of a page (both 100 at most).
PER_BATCH = 100
# Pages of own questions and of own answers, and of what others wrote about a hundred posts.
OWN_PAGES, OTHERS_PAGES = 3, 5
# What is new since the last sync is asked for from a day before it: edits and clocks.
OVERLAP = timedelta(days=1)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request."""
    asking, number = _asking(client, account)
    return _user(asking, number)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then questions and answers with who wrote about them."""
    now = datetime.now(UTC)
    asking, number = _asking(client, account)
    profile, counts = _user(asking, number)
    yield profile
    yield Snapshot(day=now.date(), counts=counts)
    yield from _Visit(asking, account, number, profile.native_id, now, since).records()


def _asking(client: Client, account: AccountRef) -> tuple[Asking, str]:
    number, _, site = (account.native_id or account.handle).partition("@")
    if reference(number, site) is None:
        raise Gone("Stack Exchange knows no such account.", network=NETWORK_ID)
    return Asking(client, site), number


def _user(asking: Asking, number: str) -> tuple[Profile, dict[str, int | None]]:
    # Reference: https://api.stackexchange.com/docs/users-by-ids (read 2026-11)
    rows, path = asking.ask(f"users/{number}", {})
    if not rows:
        raise Gone("Stack Exchange knows no such account.", network=NETWORK_ID, path=path)
    profile, counts = parse_user(rows[0], asking.site, path)
    if profile.native_id != f"{number}@{asking.site}":
        raise BadPayload(
            "stackexchange answers with another account.", network=NETWORK_ID, path=path
        )
    return profile, counts


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what was asked and found so far."""

    asking: Asking
    account: AccountRef
    number: str
    name: str
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)
    # Comments by their number: one that names the author under an own post is told once.
    heard: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record]:
        """Yield own posts, then who answered, commented and mentioned, and what was sent."""
        questions, answers = [], []
        for post in self._own("questions"):
            questions.append(post.native_id)
            yield post
        for post in self._own("answers"):
            answers.append(post.native_id)
            yield post
        for batch in _batches(questions):
            yield from self._answered(batch)
        for batch in _batches([*questions, *answers]):
            yield from self._commented(batch)
        yield from self._mentioned()
        yield from self._sent()
        missing = [name for name in self.account.recent_posts if name not in self.told]
        for batch in _batches([name for name in missing if name.isdigit()]):
            yield from self._again(batch)

    def _own(self, what: str) -> Iterator[Post]:
        # References: https://api.stackexchange.com/docs/questions-on-users, …/answers-on-users
        # (read 2026-11)
        days = FIRST_DAYS if self.since is None else LATER_DAYS
        params = _newest(self.now - timedelta(days=days)) | {"filter": "withbody"}
        parse = parse_question if what == "questions" else parse_answer
        for row, path in self.asking.rows(f"users/{self.number}/{what}", params, OWN_PAGES):
            post = parse(row, self.asking.site, path)
            if post.native_id not in self.told:
                self.told.add(post.native_id)
                yield post

    def _answered(self, questions: Sequence[str]) -> Iterator[Interaction]:
        # Reference: https://api.stackexchange.com/docs/answers-on-questions (read 2026-11)
        asked = f"questions/{';'.join(questions)}/answers"
        for row, path in self.asking.rows(asked, self._lately(), OTHERS_PAGES):
            number = _number(row, "answer_id", path)
            post = _number(row, "question_id", path)
            yield from self._received(Kind.COMMENT, f"answer:{number}", row, post, path)

    def _commented(self, posts: Sequence[str]) -> Iterator[Interaction]:
        # Reference: https://api.stackexchange.com/docs/comments-on-posts (read 2026-11)
        asked = f"posts/{';'.join(posts)}/comments"
        for row, path in self.asking.rows(asked, self._lately(), OTHERS_PAGES):
            number = _number(row, "comment_id", path)
            self.heard.add(number)
            post = _number(row, "post_id", path)
            yield from self._received(Kind.COMMENT, f"comment:{number}", row, post, path)

    def _mentioned(self) -> Iterator[Interaction]:
        # Reference: https://api.stackexchange.com/docs/mentions-on-users (read 2026-11)
        asked = f"users/{self.number}/mentioned"
        for row, path in self.asking.rows(asked, self._lately(), OWN_PAGES):
            number = _number(row, "comment_id", path)
            if number not in self.heard and _number(row, "post_id", path) not in self.told:
                yield from self._received(Kind.MENTION, f"mention:{number}", row, None, path)

    def _received(
        self, kind: Kind, name: str, row: dict[str, Any], post: str | None, path: str
    ) -> Iterator[Interaction]:
        actor = parse_owner(row, self.asking.site, path)
        if actor is None or actor.native_id == self.name:
            return
        yield self._act(kind, Direction.RECEIVED, actor, name, row, post, path)

    def _sent(self) -> Iterator[Interaction]:
        # Reference: https://api.stackexchange.com/docs/comments-on-users (read 2026-11)
        asked = f"users/{self.number}/comments"
        for row, path in self.asking.rows(asked, self._lately(), OWN_PAGES):
            # Only a comment that answers somebody by name tells whom.
            whom = row.get("reply_to_user")
            actor = parse_actor(whom, self.asking.site, path) if isinstance(whom, dict) else None
            if actor is not None and actor.native_id != self.name:
                name = f"sent:{_number(row, 'comment_id', path)}"
                yield self._act(Kind.COMMENT, Direction.SENT, actor, name, row, None, path)

    def _act(
        self,
        kind: Kind,
        direction: Direction,
        actor: Actor,
        name: str,
        row: dict[str, Any],
        post: str | None,
        path: str,
    ) -> Interaction:
        return Interaction(
            kind=kind,
            direction=direction,
            actor=actor,
            native_id=name,
            seen_at=self.now,
            happened_at=min(moment_of(row, "creation_date", path), self.now),
            post_native_id=post,
        )

    def _again(self, posts: Sequence[str]) -> Iterator[Removed]:
        """Yield stored posts that are not shown any more."""
        # Reference: https://api.stackexchange.com/docs/posts-by-ids (read 2026-11)
        rows, path = self.asking.ask(f"posts/{';'.join(posts)}", {"pagesize": PER_BATCH})
        there = {_number(row, "post_id", path) for row in rows}
        yield from (Removed(name) for name in posts if name not in there)

    def _lately(self) -> dict[str, str | int]:
        first = self.now - timedelta(days=FIRST_DAYS)
        return _newest(first if self.since is None else self.since - OVERLAP)


def _newest(first: datetime) -> dict[str, str | int]:
    return {
        "sort": "creation",
        "order": "desc",
        "fromdate": int(first.timestamp()),
        "pagesize": PER_BATCH,
    }


def _number(row: dict[str, Any], name: str, path: str) -> str:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadPayload(
            f"stackexchange's answer at {path}: the field {name} is not a number.",
            network=NETWORK_ID,
            path=path,
        )
    return str(value)


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), PER_BATCH):
        yield list(names[start : start + PER_BATCH])
