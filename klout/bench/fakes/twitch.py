"""Twitch's Helix: a channel, its videos, clips that viewers made of them, who follows whom."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 100
FOLLOWERS, FOLLOWED = 740, 310
# Somebody new follows each day, and a first sync reads so many days back.
DAYS_READ = 90


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Twitch tells the owner of a channel."""
    match path.removeprefix("/helix/"):
        case "users":
            return Told({"data": [_user()]})
        case "channels/followers":
            places, following = world.page(query, "after", PER_PAGE, FOLLOWERS)
            rows = [_follow("user", place, place) for place in places]
            return _list(rows, following, total=FOLLOWERS)
        case "channels/followed":
            places, following = world.page(query, "after", PER_PAGE, FOLLOWED)
            # All of them long ago: the channel has found its own.
            rows = [_follow("broadcaster", place, 400 + place) for place in places]
            return _list(rows, following, total=FOLLOWED)
        case "clips":
            return _list([_clip(place, who) for place, who in world.acts()], "")
    places, following = world.page(query, "after", PER_PAGE, POSTS)
    return _list([_video(place) for place in places], following)


def _list(rows: Sequence[Any], following: str, **more: int) -> Told:
    return Told({**more, "data": rows, "pagination": {"cursor": following} if following else {}})


def _user() -> dict[str, Any]:
    return {
        "id": OWN,
        "login": f"a{OWN}",
        "display_name": f"a{OWN}",
        "type": "",
        "broadcaster_type": "partner",
        "description": "Maps & tides, live",
        "profile_image_url": "https://static.example.org/p.png",
        "offline_image_url": "",
        "view_count": 0,
        "created_at": "2017-03-02T08:00:00Z",
    }


def _follow(who: str, place: int, days: int) -> dict[str, Any]:
    number = f"{OWN}{5_000 + place}"
    at = world.NOW - timedelta(days=days, hours=1)
    return {
        f"{who}_id": number,
        f"{who}_login": f"reader{number}",
        f"{who}_name": f"Reader{number}",
        "followed_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _clip(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    return {
        "id": f"Tide{number}",
        "url": f"https://clips.example.org/Tide{number}",
        "embed_url": "",
        "broadcaster_id": OWN,
        "broadcaster_name": f"a{OWN}",
        "creator_id": number,
        "creator_name": f"Reader{number}",
        "video_id": world.post_id(place),
        "game_id": "509658",
        "language": "en",
        "title": "The ferry!",
        "view_count": 41,
        "created_at": world.iso(world.acted_at(place, who)),
        "thumbnail_url": "",
        "duration": 28,
        "vod_offset": 3600,
        "is_featured": False,
    }


def _video(place: int) -> dict[str, Any]:
    return {
        "id": world.post_id(place),
        "stream_id": f"4{world.post_id(place)}",
        "user_id": OWN,
        "user_login": f"a{OWN}",
        "user_name": f"a{OWN}",
        "title": f"{world.text(place)} #tides",
        "description": "",
        "created_at": world.iso(world.posted_at(place)),
        "published_at": world.iso(world.posted_at(place)),
        "url": f"https://www.twitch.tv/videos/{world.post_id(place)}",
        "thumbnail_url": "",
        "viewable": "public",
        "view_count": 500,
        "language": "en",
        "type": "archive",
        "duration": "1h21m27s",
        "muted_segments": None,
    }


FAKE = Fake(
    answer,
    ("TWITCH_API_URL",),
    interactions=world.REACTIONS + DAYS_READ,
    key="bench-key",
)
