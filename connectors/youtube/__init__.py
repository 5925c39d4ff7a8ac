"""YouTube: a channel's videos, their counts and who commented; kept apart by its terms.

Reference: https://developers.google.com/youtube/v3/docs (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.errors import BadPayload, Gone
from connectors.http import Answer, Client
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    Kind,
    LookupKind,
    Network,
    Policy,
    Profile,
    Provenance,
    Record,
    Snapshot,
)
from connectors.youtube.asking import NETWORK_ID, Asking, rows_of, total_of
from connectors.youtube.handles import parse_handle
from connectors.youtube.payloads import parse_audience, parse_profile, uploads_of
from connectors.youtube.visit import Visit

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="YouTube",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NEEDS_KEY,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT}),
        anonymous=frozenset({Kind.LIKE}),
        dated=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        # https://developers.google.com/youtube/terms/developer-policies, III.E.4 (read 2026-11)
        retention_days=30,
        may_store_reactors=True,
        may_store_text=False,
        text_days=0,
        # https://developers.google.com/youtube/terms/derived-metrics-policy (read 2026-11): a score
        # over several platforms is allowed to those who accepted the amendment.
        may_combine=False,
        may_export=True,
        lookup_days=30,
        attribution="Videos and counts come from YouTube, by YouTube API Services.",
        apart_because="YouTube's terms forbid mixing its numbers with those of other networks",
        amendment="YOUTUBE_AMENDMENT",
        recheck_days=14,
        ended_days=30,
    ),
    # Units of a day; each question here costs one, and no other part of this site asks
    # (https://developers.google.com/youtube/v3/determine_quota_cost, read 2026-11).
    budget=Budget(requests=10_000, per_seconds=86_400),
    snapshot_counts=frozenset({"followers", "videos", "views_ever", "playlists", "subscriptions"}),
    post_counts=frozenset({"likes", "comments", "views"}),
    handle_hint="@name",
    docs_url="https://developers.google.com/youtube/v3/docs",
    scopes=("https://www.googleapis.com/auth/youtube.readonly",),
    keys=("YOUTUBE_CLIENT_ID", "YOUTUBE_CLIENT_SECRET", "YOUTUBE_API_KEY"),
    keys_url="https://console.cloud.google.com/apis/credentials",
)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return a channel's profile with one request: the token's owner's, or the one asked for."""
    answer, row = _channel(Asking(client, account.token), account)
    return _profile(answer, row, account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then videos with their counts and who commented."""
    now = datetime.now(UTC)
    asking = Asking(client, account.token)
    answer, row = _channel(asking, account)
    profile = _profile(answer, row, account)
    yield profile
    counts = {**parse_audience(row, answer.path), **_lists(asking, profile)}
    yield Snapshot(day=now.date(), counts=counts)
    uploads = uploads_of(row, answer.path)
    yield from Visit(asking, account, profile, uploads, now, since).records()


def _channel(asking: Asking, account: AccountRef) -> tuple[Answer, dict[str, object]]:
    # Reference: https://developers.google.com/youtube/v3/docs/channels/list (read 2026-11)
    which: dict[str, str] = {"mine": "true"}
    if not asking.is_owner:
        which = (
            {"id": account.native_id} if account.native_id else {"forHandle": f"@{account.handle}"}
        )
    answer = asking.own("channels", part="snippet,statistics,contentDetails", **which)
    rows = rows_of(answer)
    if not rows:
        raise Gone("YouTube knows no such channel.", network=NETWORK_ID, path=answer.path)
    return answer, rows[0]


def _profile(answer: Answer, row: object, account: AccountRef) -> Profile:
    profile = parse_profile(row, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "YouTube answers with another channel.", network=NETWORK_ID, path=answer.path
        )
    return profile


def _lists(asking: Asking, profile: Profile) -> dict[str, int | None]:
    """Return how many playlists the channel has, and, of an owner, how many it subscribes to."""
    # References: https://developers.google.com/youtube/v3/docs/playlists/list and
    # …/subscriptions/list (read 2026-11)
    mine: dict[str, str] = {"mine": "true"} if asking.is_owner else {"channelId": profile.native_id}
    counts = {"playlists": total_of(asking.own("playlists", part="id", maxResults=1, **mine))}
    if asking.is_owner:
        told = asking.own("subscriptions", part="id", maxResults=1, **mine)
        counts["subscriptions"] = total_of(told)
    return counts
