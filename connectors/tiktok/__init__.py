"""TikTok: a linked account's counts and videos, by the Display API; nobody who acted is named.

Reference: https://developers.tiktok.com/doc/display-api-overview (read 2026-11).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed, RateLimited, Relink
from connectors.fields import field, objects
from connectors.http import Answer, Client
from connectors.tiktok.payloads import (
    NETWORK_ID,
    child,
    parse_handle,
    parse_user,
    parse_video,
)
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
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
    name="TikTok",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset(),
        anonymous=frozenset({Kind.LIKE, Kind.COMMENT}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=False,
        # What a description is about is kept; the description itself is shown at TikTok.
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Videos and counts come from TikTok.",
    ),
    # 600 a minute for each address (https://developers.tiktok.com/doc/tiktok-api-v2-rate-limit,
    # read 2026-11), for the whole site: three are asked, so half of one's.
    budget=Budget(requests=300, per_seconds=60, per="network"),
    snapshot_counts=frozenset({"followers", "following", "likes_ever", "videos"}),
    post_counts=frozenset({"likes", "comments", "shares", "views"}),
    handle_hint="https://www.tiktok.com/@name",
    docs_url="https://developers.tiktok.com/doc/display-api-overview",
    scopes=("user.info.basic", "user.info.profile", "user.info.stats", "video.list"),
    keys=("TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET"),
    keys_url="https://developers.tiktok.com/apps",
)

_USER_FIELDS = (
    "open_id,username,display_name,bio_description,"
    "follower_count,following_count,likes_count,video_count"
)
_VIDEO_FIELDS = (
    "id,create_time,share_url,video_description,like_count,comment_count,share_count,view_count"
)
# max_count of video/list and video_ids of video/query.
PER_PAGE = 20
# The first sync reads a year; later ones a month and a day, since older counts hardly move.
FIRST_DAYS, LATER_DAYS = 365, 31
MAX_PAGES = 25


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _user(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then videos with their counts, newest first."""
    now = datetime.now(UTC)
    profile, counts = _user(client, account)
    yield profile
    yield Snapshot(day=now.date(), counts=counts)
    told: set[str] = set()
    oldest = now - timedelta(days=FIRST_DAYS if since is None else LATER_DAYS)
    for post in _videos(client, account, oldest):
        if post.native_id not in told:
            told.add(post.native_id)
            yield post
    missing = [name for name in account.recent_posts if name not in told]
    for start in range(0, len(missing), PER_PAGE):
        yield from _again(client, account, missing[start : start + PER_PAGE])


def _user(client: Client, account: AccountRef) -> tuple[Profile, dict[str, int | None]]:
    if not account.token:
        raise NotAllowed("TikTok shows accounts to their owners only.", network=NETWORK_ID)
    # Reference: https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info (read 2026-11)
    answer = _checked(
        client.get(
            f"{client.urls['tiktok']}/v2/user/info/",
            params={"fields": _USER_FIELDS},
            token=account.token,
            accept=(400, 401, 403),
        )
    )
    profile, counts = parse_user(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "tiktok answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts


def _videos(client: Client, account: AccountRef, oldest: datetime) -> Iterator[Post]:
    # Reference: https://developers.tiktok.com/doc/tiktok-api-v2-video-list (read 2026-11)
    asked: dict[str, int] = {"max_count": PER_PAGE}
    for _ in range(MAX_PAGES):
        answer = _asked(client, account, "list", asked)
        told, path = child(answer.data, answer.path), answer.path
        for video in objects(told, "videos", path=path, network=NETWORK_ID):
            post = parse_video(video, path)
            if post.created_at < oldest:
                return
            yield post
        cursor = field(told, "cursor", int, path=path, network=NETWORK_ID)
        more = field(told, "has_more", bool, path=path, network=NETWORK_ID)
        if not more or cursor == asked.get("cursor"):
            return
        asked["cursor"] = cursor


def _again(client: Client, account: AccountRef, names: Sequence[str]) -> Iterator[Post | Removed]:
    """Yield stored videos that the list no longer reached, and those that are not there."""
    # Reference: https://developers.tiktok.com/doc/tiktok-api-v2-video-query (read 2026-11)
    answer = _asked(client, account, "query", {"filters": {"video_ids": list(names)}})
    found: set[str] = set()
    told = child(answer.data, answer.path)
    for video in objects(told, "videos", path=answer.path, network=NETWORK_ID):
        post = parse_video(video, answer.path)
        found.add(post.native_id)
        yield post
    yield from (Removed(name) for name in names if name not in found)


def _asked(client: Client, account: AccountRef, what: str, body: object) -> Answer:
    address = f"{client.urls['tiktok']}/v2/video/{what}/?fields={_VIDEO_FIELDS}"
    return _checked(client.post(address, json=body, token=account.token, accept=(400, 401, 403)))


def _checked(answer: Answer) -> Answer:
    """Return the answer, or raise the word for its "error", which may come with any status."""
    where: dict[str, str] = {"network": NETWORK_ID, "path": answer.path}
    told = answer.data.get("error") if isinstance(answer.data, dict) else None
    code = told.get("code") if isinstance(told, dict) else None
    # Reference: https://developers.tiktok.com/doc/tiktok-api-v2-error-handling (read 2026-11)
    if code == "rate_limit_exceeded":
        raise RateLimited(
            "TikTok asks us to wait.",
            resume_at=datetime.now(UTC) + timedelta(minutes=1),
            **where,
        )
    if code in {"access_token_invalid", "scope_not_authorized", "scope_permission_missed"}:
        raise Relink("The access that you gave has ended.", **where)
    if answer.status in {401, 403}:
        raise Relink(f"tiktok answered {answer.status} at {answer.path}.", **where)
    if answer.status != 200 or code not in {None, "ok"}:
        raise BadPayload(f"tiktok refused the question at {answer.path}.", **where)
    return answer
