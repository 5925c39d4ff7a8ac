"""TikTok's Display API: the user, and videos by questions that stand in a body; no names."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 20


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what TikTok tells the owner of an account."""
    if path.startswith("/v2/user/info"):
        return _said({"user": _user()})
    places, following = world.page(query, "cursor", PER_PAGE)
    videos = [_video(place) for place in places]
    cursor = int(following or POSTS)
    return _said({"videos": videos, "cursor": cursor, "has_more": bool(following)})


def _said(data: dict[str, Any]) -> Told:
    error = {"code": "ok", "message": "", "log_id": "20261121000000000000000000000001"}
    return Told({"data": data, "error": error})


def _user() -> dict[str, Any]:
    return {
        "open_id": OWN,
        "username": f"a{OWN}",
        "display_name": "Astrid",
        "bio_description": "Maps & tides",
        "follower_count": 740,
        "following_count": 310,
        "likes_count": 8_000,
        "video_count": POSTS,
    }


def _video(place: int) -> dict[str, Any]:
    return {
        "id": world.post_id(place),
        "create_time": world.seconds(world.posted_at(place)),
        "share_url": f"https://www.tiktok.com/@a{OWN}/video/{world.post_id(place)}",
        "video_description": f"{world.text(place)} #tides",
        "like_count": 40,
        "comment_count": 2,
        "share_count": 1,
        "view_count": 500,
    }


# Who liked or commented is told to nobody.
FAKE = Fake(answer, ("TIKTOK_API_URL",), interactions=0)
