"""YouTube: a channel, its uploads, their counts, who commented."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 50
CHANNEL = f"UC{'A' * 13}{OWN}"


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what YouTube tells the owner of a channel, and of comments everybody."""
    match path.rpartition("/")[2]:
        case "channels":
            return _list("channel", [_channel()], 1)
        case "playlists":
            return _list("playlist", [{"id": "PL1"}], 7)
        case "subscriptions":
            return _list("subscription", [{"id": "s1"}], 41)
        case "videos":
            names = query["id"][0].split(",")
            return _list("video", [_video(world.place_of(name)) for name in names], len(names))
        case "commentThreads":
            place = world.place_of(query["videoId"][0])
            people = range(world.reactions(place))
            return _list("commentThread", [_thread(place, who) for who in people], len(people))
    places, following = world.page(query, "pageToken", PER_PAGE)
    return _list("playlistItem", [_upload(place) for place in places], POSTS, following)


def _list(kind: str, items: list[Any], total: int, following: str = "") -> Told:
    info = {"totalResults": total, "resultsPerPage": len(items)}
    told: dict[str, Any] = {"kind": f"youtube#{kind}ListResponse", "etag": "e", "pageInfo": info}
    return Told({**told, "items": items, **({"nextPageToken": following} if following else {})})


def _channel() -> dict[str, Any]:
    counts = {"viewCount": "90210", "subscriberCount": "1840", "videoCount": str(POSTS)}
    about = {"title": "Astrid", "description": "", "customUrl": f"@a{OWN}"}
    uploads = {"likes": "LL", "uploads": f"UU{'A' * 13}{OWN}"}
    return {
        "kind": "youtube#channel",
        "id": CHANNEL,
        "snippet": {**about, "publishedAt": "2015-03-02T08:00:00Z"},
        "statistics": {**counts, "hiddenSubscriberCount": False},
        "contentDetails": {"relatedPlaylists": uploads},
    }


def _upload(place: int) -> dict[str, Any]:
    at = world.iso(world.posted_at(place))
    details = {"videoId": world.post_id(place), "videoPublishedAt": at}
    return {"kind": "youtube#playlistItem", "etag": "e", "contentDetails": details}


def _video(place: int) -> dict[str, Any]:
    sizes = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
    number = world.post_id(place)
    return {
        "kind": "youtube#video",
        "etag": "e",
        "id": number,
        "snippet": {
            "title": f"Tides, part {place}",
            "description": f"{world.text(place)} #tides https://example.org/tides",
            "publishedAt": world.iso(world.posted_at(place)),
            "channelId": CHANNEL,
            "channelTitle": "Astrid",
            "tags": ["tides", "charts"],
            "categoryId": "28",
            "liveBroadcastContent": "none",
            "defaultAudioLanguage": "en",
            "thumbnails": {
                name: {
                    "url": f"https://i.example.org/vi/{number}/{name}.jpg",
                    "width": w,
                    "height": h,
                }
                for name, (w, h) in sizes.items()
            },
        },
        "status": {"privacyStatus": "public", "uploadStatus": "processed", "embeddable": True},
        "statistics": {
            "viewCount": "500",
            "likeCount": "40",
            "favoriteCount": "0",
            "commentCount": str(world.reactions(place)),
        },
    }


def _thread(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    snippet = {
        "authorDisplayName": f"@reader{number}",
        "authorProfileImageUrl": f"https://i.example.org/{number}.jpg",
        "authorChannelId": {"value": f"UC{'B' * 9}{number}"},
        "videoId": world.post_id(place),
        "textDisplay": "Thank you.",
        "textOriginal": "Thank you.",
        "likeCount": 0,
        "publishedAt": world.iso(world.acted_at(place, who)),
    }
    comment = {"kind": "youtube#comment", "id": f"Ug{number}", "snippet": snippet}
    about = {"videoId": world.post_id(place), "topLevelComment": comment, "totalReplyCount": 0}
    return {"kind": "youtube#commentThread", "id": f"Ug{number}", "snippet": about}


FAKE = Fake(
    answer,
    ("YOUTUBE_API_URL",),
    native_id=lambda number: f"UC{'A' * 13}{world.digits(number)}",
    key="bench-key",
)
