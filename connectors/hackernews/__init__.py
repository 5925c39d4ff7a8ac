"""Hacker News: what an account wrote there and who answered, without a key.

The site's own API tells of the account; its search lists what the account wrote, and gives a whole
thread in one answer, where the site's API would be asked once for each comment.
References: https://github.com/HackerNews/API, https://hn.algolia.com/api (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import BadPayload, Gone
from connectors.hackernews.payloads import (
    NAME,
    NETWORK_ID,
    SITE,
    Hit,
    Node,
    actor_of,
    nodes_of,
    pages_of,
    parse_handle,
    parse_hits,
    parse_user,
)
from connectors.http import Answer, Client
from connectors.types import (
    AccountRef,
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
    TextFeatures,
)

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Hacker News",
    # There is no sign-in for others: a code in the profile's "about" shows whose it is.
    auth=AuthKind.PROOF_CODE,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT}),
        # Who voted is never told.
        anonymous=frozenset({Kind.LIKE}),
        dated=frozenset({Kind.COMMENT}),
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
        attribution="Stories and comments come from Hacker News.",
    ),
    # The site's API has "currently no rate limit", its search takes 10,000 an hour from an address:
    # a third of that, over both.
    budget=Budget(requests=300, per_seconds=300, per="network"),
    snapshot_counts=frozenset({"karma", "posts"}),
    post_counts=frozenset({"votes", "comments"}),
    handle_hint="hn:name",
    proof_place="about",
    proof_url="https://news.ycombinator.com/",
    docs_url="https://github.com/HackerNews/API",
)

# The first sync reads a year; later ones a month and a day, since counts of older stories rest.
FIRST_DAYS, LATER_DAYS = 365, 31
# Hits of a page, and pages: the search shows 1,000 hits at most.
PER_PAGE, MAX_PAGES = 200, 5
# Threads read in one fetch, those last written in first.
MAX_THREADS = 80
# A thread rests after some days: nearly all answers come in the first two.
THREAD_DAYS = 14
# Stored posts that are asked for again because the search no longer lists them.
MAX_MISSING = 30


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request."""
    return _user(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then stories and comments with who answered them."""
    now = datetime.now(UTC)
    profile, counts = _user(client, account)
    yield profile
    yield Snapshot(day=now.date(), counts=counts)
    yield from _Visit(client, account, profile.native_id, now, since).records()


def _user(client: Client, account: AccountRef) -> tuple[Profile, dict[str, int | None]]:
    name = account.native_id or account.handle
    if not NAME.fullmatch(name):
        raise Gone("Hacker News knows no such user.", network=NETWORK_ID)
    # Reference: https://github.com/HackerNews/API#users (read 2026-11)
    answer = client.get(f"{client.urls['hackernews']}/v0/user/{name}.json")
    if answer.empty:
        raise BadPayload("hackernews sends an empty answer.", network=NETWORK_ID, path=answer.path)
    profile, counts = parse_user(answer.data, answer.path)
    if profile.native_id != name:
        raise BadPayload(
            "hackernews answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what was found so far."""

    client: Client
    account: AccountRef
    name: str
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record]:
        """Yield stories, then thread by thread the account's comments and the answers."""
        oldest = self.now - timedelta(days=FIRST_DAYS if self.since is None else LATER_DAYS)
        # Newest first: a thread is asked for once, however often the account wrote in it.
        threads: dict[str, None] = {}
        listed: set[str] = set()
        for hit in self._hits(oldest):
            listed.add(hit.native_id)
            if hit.post is not None:
                self.told.add(hit.native_id)
                yield hit.post
            if self._may_have_moved(hit):
                threads[hit.thread] = None
        for thread in list(threads)[:MAX_THREADS]:
            yield from self._thread(thread)
        missing = [name for name in self.account.recent_posts if name not in listed | self.told]
        for name in missing[:MAX_MISSING]:
            yield from self._missing(name)

    def _hits(self, oldest: datetime) -> Iterator[Hit]:
        # Reference: https://hn.algolia.com/api, "search_by_date" (read 2026-11)
        params: dict[str, str | int] = {
            "tags": f"author_{self.name},(story,poll,comment)",
            "numericFilters": f"created_at_i>{int(oldest.timestamp())}",
            "hitsPerPage": PER_PAGE,
        }
        page = 0

        def following(answer: Answer) -> dict[str, str] | None:
            nonlocal page
            page += 1
            return {"page": str(page)} if page < pages_of(answer.data, answer.path) else None

        seen: set[str] = set()
        for answer in self.client.pages(
            f"{self.client.urls['hackernews_search']}/api/v1/search_by_date",
            params=params,
            next_page=following,
            max_pages=MAX_PAGES,
        ):
            for hit in parse_hits(answer.data, answer.path):
                # Something new moves the rest to the next page while it is read.
                if hit.native_id not in seen and hit.created_at <= self.now:
                    seen.add(hit.native_id)
                    yield hit

    def _may_have_moved(self, hit: Hit) -> bool:
        """Return whether the thread may hold answers that are not stored."""
        if self.since is None:
            return hit.post is None or hit.comments != 0
        if hit.post is None:
            return hit.created_at > self.now - timedelta(days=THREAD_DAYS)
        before = self.account.recent_counts.get(hit.native_id, {})
        return hit.comments != 0 and before.get("comments") != hit.comments

    def _thread(self, thread: str) -> Iterator[Record]:
        # Reference: https://hn.algolia.com/api, "items" (read 2026-11)
        try:
            answer = self.client.get(
                f"{self.client.urls['hackernews_search']}/api/v1/items/{thread}"
            )
        except Gone:
            # Taken away between the page that listed it and this question.
            return
        nodes = {node.native_id: node for node in nodes_of(answer.data, answer.path)}
        own = [n for n in nodes.values() if n.author == self.name and n.created_at <= self.now]
        answers: dict[str, list[Node]] = {node.native_id: [] for node in own}
        for node in nodes.values():
            if node.parent in answers and node.author not in {"", self.name}:
                answers[node.parent].append(node)
        for node in own:
            if node.is_comment:
                yield from self._comment(node, nodes, len(answers[node.native_id]))
            for reply in answers[node.native_id]:
                yield self._answered(reply, node.native_id)

    def _comment(self, node: Node, nodes: dict[str, Node], comments: int) -> Iterator[Record]:
        parent = nodes.get(node.parent or "")
        whom = parent.author if parent is not None and parent.author != self.name else ""
        self.told.add(node.native_id)
        yield Post(
            native_id=node.native_id,
            created_at=node.created_at,
            url=f"{SITE}/item?id={node.native_id}",
            text=node.text,
            features=TextFeatures(link_hosts=node.hosts, length=len(node.text)),
            # The votes of a comment are shown to its author only.
            counts={"votes": None, "comments": comments},
            reply_to=actor_of(whom) if whom else None,
        )
        if whom:
            yield Interaction(
                kind=Kind.COMMENT,
                direction=Direction.SENT,
                actor=actor_of(whom),
                native_id=f"sent:{node.native_id}",
                seen_at=self.now,
                happened_at=node.created_at,
                post_native_id=node.native_id,
            )

    def _answered(self, reply: Node, post_id: str) -> Interaction:
        return Interaction(
            kind=Kind.COMMENT,
            direction=Direction.RECEIVED,
            actor=actor_of(reply.author),
            native_id=f"comment:{reply.native_id}",
            seen_at=self.now,
            happened_at=min(reply.created_at, self.now),
            post_native_id=post_id,
        )

    def _missing(self, name: str) -> Iterator[Removed]:
        """Yield that a stored post was taken away, where the site itself says so."""
        # Reference: https://github.com/HackerNews/API#items (read 2026-11)
        if not name.isdigit():
            return
        answer = self.client.get(f"{self.client.urls['hackernews']}/v0/item/{name}.json")
        item: Any = answer.data
        if item is None or (isinstance(item, dict) and (item.get("deleted") or item.get("dead"))):
            yield Removed(name)
