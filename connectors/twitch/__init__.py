"""Twitch: a linked channel's followers and who clips it, by name and time, and its videos.

Reference: https://dev.twitch.tv/docs/api/reference (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from connectors.errors import BadPayload, NotAllowed
from connectors.http import Answer, Client
from connectors.twitch.payloads import (
    NETWORK_ID,
    is_public,
    next_page,
    parse_clip,
    parse_follow,
    parse_handle,
    parse_user,
    parse_video,
    rows_of,
    time_on_air,
    total_of,
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
    name="Twitch",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        # Who makes a clip passes on what was on air.
        named=frozenset({Kind.FOLLOW, Kind.RESHARE}),
        dated=frozenset({Kind.FOLLOW, Kind.RESHARE}),
        sent=frozenset({Kind.FOLLOW}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        # What a video is about is kept; its words are shown at Twitch.
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Videos, clips and followers come from Twitch.",
        # Videos that are gone there go here: the list of all of them is read anyway.
        recheck_days=1,
    ),
    # 800 points a minute for each token, one for each of these questions
    # (https://dev.twitch.tv/docs/api/guide#twitch-rate-limits, read 2026-11).
    budget=Budget(requests=400, per_seconds=60, per="credential"),
    snapshot_counts=frozenset(
        {"followers", "following", "videos", "hours_streamed", "clips", "clip_views"}
    ),
    post_counts=frozenset({"views"}),
    handle_hint="https://www.twitch.tv/name",
    docs_url="https://dev.twitch.tv/docs/api/reference",
    scopes=("moderator:read:followers", "user:read:follows"),
    keys=("TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET"),
    keys_url="https://dev.twitch.tv/console/apps",
)

PER_PAGE = 100
# Pages of each list in one fetch: 500 videos and clips, 5,000 who follow, 1,000 who are followed.
MAX_PAGES, FOLLOWER_PAGES, FOLLOWED_PAGES = 5, 50, 10
# Of follows the first sync reads a quarter of a year: older ones have faded.
FIRST_DAYS = 90
# Views of older videos hardly move.
YOUNG_DAYS = 31
# What clips and hours on air are counted over.
MONTH = timedelta(days=28)
# A little before the last fetch: what is told twice is stored once.
OVERLAP = timedelta(hours=6)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _user(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then videos with their views, and who follows whom."""
    now = datetime.now(UTC)
    profile, is_partner = _user(client, account)
    yield profile
    yield from _Visit(client, account, profile, now, since, is_partner=is_partner).records()


def _user(client: Client, account: AccountRef) -> tuple[Profile, bool]:
    if not account.token:
        raise NotAllowed("Twitch shows followers to their channel only.", network=NETWORK_ID)
    # Reference: https://dev.twitch.tv/docs/api/reference#get-users (read 2026-11)
    answer = client.get(
        f"{client.urls['twitch']}/helix/users",
        token=account.token,
        headers={"Client-Id": client.key},
    )
    profile, is_partner = parse_user(answer)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "twitch answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, is_partner


@dataclass(slots=True)
class _Videos:
    """The list of an account's public videos, newest first."""

    posts: list[Post] = field(default_factory=list)
    on_air: timedelta | None = None
    # Whether it was read to its end.
    whole: bool = False


@dataclass(slots=True)
class _Clips:
    """The clips that viewers made of an account's broadcasts."""

    acts: list[Interaction] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    views: int = 0
    # Whether there are no more than were read.
    whole: bool = False

    def counts(self) -> dict[str, int | None]:
        """Return how many there are, and how often they were seen."""
        if not self.whole:
            return {"clips": None, "clip_views": None}
        return {"clips": len(self.told), "clip_views": self.views}


@dataclass(slots=True)
class _Visit:
    """One fetch of one account."""

    client: Client
    account: AccountRef
    profile: Profile
    now: datetime
    since: datetime | None
    is_partner: bool

    def records(self) -> Iterator[Record]:
        """Yield the snapshot, videos, what has gone, then followers and the followed."""
        # References: …/reference#get-channel-followers and …#get-followed-channels (read 2026-11),
        # both with the latest first.
        received = self._pages(
            "channels/followers", FOLLOWER_PAGES, broadcaster_id=self.profile.native_id
        )
        sent = self._pages("channels/followed", FOLLOWED_PAGES, user_id=self.profile.native_id)
        first_received, first_sent = next(received), next(sent)
        videos, clips = self._videos(), self._clips()
        counts: dict[str, int | None] = {
            "followers": total_of(first_received),
            "following": total_of(first_sent),
            "videos": len(videos.posts) if videos.whole else None,
            "hours_streamed": self._hours(videos),
            **clips.counts(),
        }
        yield Snapshot(day=self.now.date(), counts=counts)
        yield from self._posts(videos)
        yield from clips.acts
        yield from self._follows(chain([first_received], received), Direction.RECEIVED)
        yield from self._follows(chain([first_sent], sent), Direction.SENT)

    # --- Videos and clips -----------------------------------------------------------------------
    def _videos(self) -> _Videos:
        # Reference: https://dev.twitch.tv/docs/api/reference#get-videos (read 2026-11)
        found, told = _Videos(), set[str]()
        for answer in self._pages("videos", MAX_PAGES, user_id=self.profile.native_id, sort="time"):
            for video in rows_of(answer):
                post = parse_video(video, answer.path)
                if post.native_id in told or not is_public(video, answer.path):
                    continue
                told.add(post.native_id)
                found.posts.append(post)
                lasted = time_on_air(video, answer.path)
                if lasted is not None and post.created_at >= self.now - MONTH:
                    found.on_air = (found.on_air or timedelta()) + lasted
            found.whole = next_page(answer) is None
        return found

    def _hours(self, videos: _Videos) -> int | None:
        """Return for how many hours of the last 28 days the channel was on air.

        Broadcasts are kept for so long for partners alone, and where they want it: nothing is
        zero by that (https://help.twitch.tv/s/article/video-on-demand, read 2026-11).
        """
        if not self.is_partner or videos.on_air is None:
            return None
        return round(videos.on_air / timedelta(hours=1))

    def _clips(self) -> _Clips:
        """Return the clips that viewers made in 28 days, those seen most first."""
        # Reference: https://dev.twitch.tv/docs/api/reference#get-clips (read 2026-11)
        found, begin = _Clips(), self._begin(MONTH)
        for answer in self._pages(
            "clips",
            MAX_PAGES,
            broadcaster_id=self.profile.native_id,
            started_at=_told(self.now - MONTH),
            ended_at=_told(self.now),
        ):
            for row in rows_of(answer):
                clip = parse_clip(row, answer.path)
                if clip.native_id in found.told or clip.by.native_id == self.profile.native_id:
                    continue
                found.told.add(clip.native_id)
                found.views += clip.views
                if clip.at >= begin and clip.by.native_id:
                    name = f"clip:{clip.native_id}"
                    found.acts.append(
                        self._act(Kind.RESHARE, clip.by, name, clip.at, post=clip.video_id)
                    )
            found.whole = next_page(answer) is None
        return found

    def _posts(self, videos: _Videos) -> Iterator[Post | Removed]:
        """Yield all videos at first, later those that are young or due, then what has gone."""
        oldest = self.now - timedelta(days=YOUNG_DAYS)
        due = frozenset(self.account.older_posts)
        listed = {post.native_id for post in videos.posts}
        for post in videos.posts:
            if self.since is None or post.created_at >= oldest or post.native_id in due:
                yield post
        if videos.whole:
            stored = (*self.account.recent_posts, *self.account.older_posts)
            yield from (Removed(name) for name in stored if name not in listed)

    # --- Who acted ------------------------------------------------------------------------------
    def _follows(self, pages: Iterator[Answer], direction: Direction) -> Iterator[Interaction]:
        begin = self._begin(timedelta(days=FIRST_DAYS))
        prefix, word = "user", "follow"
        if direction is Direction.SENT:
            prefix, word = "broadcaster", "followed"
        told: set[str] = set()
        for answer in pages:
            for row in rows_of(answer):
                actor, at = parse_follow(row, prefix, answer.path)
                if at < begin:
                    return
                # Who follows while pages are read pushes others onto the next one.
                if actor.native_id not in told:
                    told.add(actor.native_id)
                    name = f"{word}:{actor.native_id}"
                    yield self._act(Kind.FOLLOW, actor, name, at, direction=direction)

    def _begin(self, first: timedelta) -> datetime:
        """Return from when on is told who acted: in the first sync from so long ago."""
        begin = self.now - first
        return begin if self.since is None else max(begin, self.since - OVERLAP)

    def _act(
        self,
        kind: Kind,
        actor: Actor,
        name: str,
        at: datetime,
        *,
        direction: Direction = Direction.RECEIVED,
        post: str | None = None,
    ) -> Interaction:
        return Interaction(
            kind=kind,
            direction=direction,
            actor=actor,
            native_id=name,
            seen_at=self.now,
            happened_at=min(at, self.now),
            post_native_id=post,
        )

    def _pages(self, what: str, most: int, **asked: Any) -> Iterator[Answer]:
        return self.client.pages(
            f"{self.client.urls['twitch']}/helix/{what}",
            params={**asked, "first": PER_PAGE},
            token=self.account.token,
            headers={"Client-Id": self.client.key},
            next_page=next_page,
            max_pages=most,
        )


def _told(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
