"""Foursquare (Swarm): a linked account's check-ins, who liked them and who commented.

The city guide is gone; Swarm lives, and of the API what belongs to its users is free.
Reference: https://docs.foursquare.com/developer/reference/upcoming-changes (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed
from connectors.fields import field as field_of
from connectors.fields import objects
from connectors.foursquare.asking import ask
from connectors.foursquare.payloads import (
    NETWORK_ID,
    comments_of,
    count_of,
    is_shown,
    likers_of,
    parse_checkin,
    parse_handle,
    parse_user,
    response_of,
)
from connectors.http import Client
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
    name="Foursquare (Swarm)",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.COMMENT}),
        dated=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        # https://docs.foursquare.com/developer/reference/usage-guidelines-personalization-apis
        # (read 2026-11): what is told of places may not be kept. Nothing of a place is kept, no
        # text, and what others did for as long as it can move a score.
        retention_days=60,
        may_store_reactors=True,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Check-ins, likes and comments come from Foursquare.",
    ),
    # 500 an hour for each token and group of addresses
    # (https://docs.foursquare.com/developer/reference/v2-rate-limits, read 2026-11).
    budget=Budget(requests=400, per_seconds=3600, per="credential"),
    snapshot_counts=frozenset(
        {
            *("friends", "checkins", "tips", "tips_saved", "tips_liked"),
            *("mayorships", "photos", "lists_made"),
        }
    ),
    post_counts=frozenset({"likes", "comments"}),
    handle_hint="https://foursquare.com/user/…",
    docs_url="https://docs.foursquare.com/developer/reference/personalization-api-overview",
    keys=("FOURSQUARE_CLIENT_ID", "FOURSQUARE_CLIENT_SECRET"),
    keys_url="https://foursquare.com/developers/apps",
)

PER_PAGE = 250
# The first sync reads a year; later ones a month and a day, since older counts hardly move.
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_PAGES = 8
# Later it is asked who acted on what is younger than this: AccountRef.recent_counts goes as far.
ASKED_DAYS = 30
# Check-ins of which it is asked who acted in one fetch, newest first: a question each.
MAX_ASKED = 100


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _user(client, account, datetime.now(UTC))[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then check-ins with who acted where their counts moved."""
    now = datetime.now(UTC)
    profile, counts = _user(client, account, now)
    yield profile
    yield Snapshot(day=now.date(), counts=counts | _of_tips(client, account))
    yield from _Visit(client, account, profile, now, since).records()


def _user(
    client: Client, account: AccountRef, now: datetime
) -> tuple[Profile, dict[str, int | None]]:
    if not account.token:
        raise NotAllowed("Foursquare shows accounts to their owners only.", network=NETWORK_ID)
    # Reference: https://docs.foursquare.com/developer/reference/personalization-api-overview
    # (read 2026-11)
    answer = ask(client, account, "users/self")
    profile, counts = parse_user(answer.data, answer.path, now)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "foursquare answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts


def _of_tips(client: Client, account: AccountRef) -> dict[str, int | None]:
    """Return how often the user's tips were liked and saved; unknown where that is not told.

    The address is older than today's reference: a refusal of it is no failure of the fetch.
    """
    unknown: dict[str, int | None] = {"tips_liked": None, "tips_saved": None}
    answer = ask(client, account, "users/self/tips", limit=500, accept=(400, 403, 404, 410))
    if answer.status != 200:
        return unknown
    tips = field_of(
        response_of(answer.data, answer.path), "tips", dict, path=answer.path, network=NETWORK_ID
    )
    items = objects(tips, "items", path=answer.path, network=NETWORK_ID)
    if (count := tips.get("count")) != len(items) and count is not None:
        # The sum of a part would be told as if it were all.
        return unknown
    return {
        name: _sum([count_of(tip, told, answer.path) for tip in items])
        for name, told in (("tips_liked", "likes"), ("tips_saved", "saves"))
    }


def _sum(counts: list[int | None]) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told or not counts else None


@dataclass(slots=True)
class _Visit:
    """One fetch of one account: what was asked and told so far."""

    client: Client
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    told: set[str] = field(default_factory=set)
    # The list was read to where it ends or to the oldest day that is asked for.
    is_whole: bool = False

    def records(self) -> Iterator[Record]:
        """Yield check-ins, who acted on those whose counts moved, and which are gone."""
        moved: list[str] = []
        for post in self._checkins():
            yield post
            if self._has_moved(post):
                moved.append(post.native_id)
        for name in moved[:MAX_ASKED]:
            yield from self._acts(name)
        if self.is_whole:
            # Deleted there, or taken off the grid: a young check-in is always in the list.
            yield from (Removed(n) for n in self.account.recent_posts if n not in self.told)

    def _checkins(self) -> Iterator[Post]:
        days = FIRST_DAYS if self.since is None else LATER_DAYS
        oldest = self.now - timedelta(days=days)
        for number in range(MAX_PAGES):
            # Reference: https://docs.foursquare.com/developer/reference/personalization-api-overview
            # (read 2026-11)
            answer = ask(
                self.client,
                self.account,
                "users/self/checkins",
                limit=PER_PAGE,
                offset=number * PER_PAGE,
                sort="newestfirst",
                afterTimestamp=int(oldest.timestamp()),
            )
            path = answer.path
            told = field_of(
                response_of(answer.data, path), "checkins", dict, path=path, network=NETWORK_ID
            )
            items = objects(told, "items", path=path, network=NETWORK_ID)
            for item in items:
                if not is_shown(item, path):
                    continue
                post = parse_checkin(item, path)
                if post.created_at < oldest:
                    self.is_whole = True
                    return
                if post.native_id not in self.told:
                    self.told.add(post.native_id)
                    yield post
            if len(items) < PER_PAGE:
                self.is_whole = True
                return

    def _has_moved(self, post: Post) -> bool:
        if self.since is not None and post.created_at <= self.now - timedelta(days=ASKED_DAYS):
            # What was counted before is not handed over of older ones.
            return False
        before = self.account.recent_counts.get(post.native_id, {})
        return any(count and count != before.get(name) for name, count in post.counts.items())

    def _acts(self, name: str) -> Iterator[Interaction]:
        # Reference: https://docs.foursquare.com/developer/reference/get-checkin-details
        # (read 2026-11)
        answer = ask(self.client, self.account, f"checkins/{name}", accept=(400, 403, 404))
        if answer.status != 200:
            # Deleted since the list was read.
            return
        path = answer.path
        checkin = field_of(
            response_of(answer.data, path), "checkin", dict, path=path, network=NETWORK_ID
        )
        for actor in likers_of(checkin, path):
            native_id = f"like:{name}:{actor.native_id}"
            yield from self._act(Kind.LIKE, actor, native_id, None, name)
        for comment, at, actor in comments_of(checkin, path):
            yield from self._act(Kind.COMMENT, actor, f"comment:{comment}", at, name)

    def _act(
        self, kind: Kind, actor: Actor, native_id: str, at: datetime | None, post: str
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
