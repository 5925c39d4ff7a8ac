"""A channel on the fake YouTube: its videos, and who comments on them; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, TRUE, Description, choice, count, several
from tests.fake_web.tokens import Vendor, signing_in

OWN = f"UC{'A' * 22}"
KEY = "fake-youtube-key"
SCOPE = "https://www.googleapis.com/auth/youtube.readonly"
VENDOR = Vendor(
    "youtube", SCOPE, asked_too={"access_type": "offline", "prompt": "consent"}, rotating=False
)
V3 = "/youtube/v3"
# Names and limits as in Google's discovery document of 2026-11-04.
DESCRIPTION: Description = {
    f"GET {V3}/channels": {
        "!part": several(["snippet", "statistics", "contentDetails"]),
        "mine": TRUE,
        "id": several([]),
        "forHandle": TEXT,
    },
    f"GET {V3}/playlists": {
        "!part": several(["id"]),
        "mine": TRUE,
        "channelId": TEXT,
        "maxResults": count(0, 50),
    },
    f"GET {V3}/subscriptions": {"!part": several(["id"]), "mine": TRUE, "maxResults": count(0, 50)},
    f"GET {V3}/playlistItems": {
        "!part": several(["contentDetails"]),
        "playlistId": TEXT,
        "maxResults": count(0, 50),
        "pageToken": TEXT,
    },
    f"GET {V3}/videos": {
        "!part": several(["snippet", "statistics", "status"]),
        "id": several([]),
        "maxResults": count(1, 50),
    },
    f"GET {V3}/commentThreads": {
        "!part": several(["snippet"]),
        "videoId": TEXT,
        "order": choice("time", "relevance"),
        "maxResults": count(1, 100),
        "textFormat": choice("html", "plainText"),
        "pageToken": TEXT,
    },
}
# What each list needs: commentThreads takes no token of youtube.readonly, but a key.
PUBLIC_ONLY = frozenset({f"{V3}/commentThreads"})
PER_PAGE = 3


def _at(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class World:
    """Everything that the fake YouTube knows."""

    # Id of a video: when it was published.
    videos: dict[str, datetime] = field(default_factory=dict)
    # Id of a video: (id of the comment, number of the person, when), the oldest first.
    comments: dict[str, list[tuple[str, int, datetime]]] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a video in five days, and one of last spring."""
        world = cls()
        for n, days_ago in enumerate([*range(1, 29, 5), 200]):
            name, at = f"video{n:06}", now - timedelta(days=days_ago)
            world.videos[name] = at
            world.comments[name] = [
                (f"Ug{n}-{k}", (n * 7 + k) % 30, at + timedelta(hours=2 + k)) for k in range(2 + n)
            ]
        return world


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no right, or the wrong one."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    key = request.headers.get("X-Goog-Api-Key")
    if token and request.path in PUBLIC_ONLY:
        return _no(403, "insufficientPermissions")
    if token not in VENDOR.access and key != KEY:
        return _no(401, "authError")
    if "mine" in request.args and not token:
        return _no(401, "authorizationRequired")
    return None


def _no(status: int, reason: str) -> tuple[Response, int]:
    errors = [{"message": reason, "domain": "youtube", "reason": reason}]
    return jsonify(error={"code": status, "message": reason, "errors": errors}), status


pages = Blueprint("youtube", __name__)
pages.register_blueprint(
    signing_in(
        VENDOR,
        authorize="/google/o/oauth2/v2/auth",
        token="/google/token",
        revoke="/google/revoke",
    )
)


def _list(kind: str, items: list[Any], total: int, following: str = "") -> Response:
    told: dict[str, Any] = {
        "kind": f"youtube#{kind}ListResponse",
        "pageInfo": {"totalResults": total, "resultsPerPage": len(items)},
    }
    if items:
        told["items"] = items
    if following:
        told["nextPageToken"] = following
    return jsonify(told)


def _page(kind: str, rows: list[Any]) -> Response:
    start, size = int(request.args.get("pageToken", 0)), int(request.args["maxResults"])
    end = start + min(size, PER_PAGE)
    return _list(kind, rows[start:end], len(rows), str(end) if end < len(rows) else "")


@pages.get(f"{V3}/channels")
def channels() -> Response:
    """The one channel."""
    counts = {"viewCount": "90210", "subscriberCount": "1840", "videoCount": "7"}
    snippet = {"title": "Astrid", "description": "", "customUrl": "@astridmaps"}
    row = {
        "id": OWN,
        "snippet": {**snippet, "publishedAt": "2015-03-02T08:00:00Z"},
        "statistics": {**counts, "hiddenSubscriberCount": False},
        "contentDetails": {"relatedPlaylists": {"likes": "LL", "uploads": f"UU{'A' * 22}"}},
    }
    known = request.args.get("forHandle", "@astridmaps") == "@astridmaps"
    return _list("channel", [row] if known else [], int(known))


@pages.get(f"{V3}/playlists")
def playlists() -> Response:
    """Some playlists, of which only the number matters."""
    return _list("playlist", [{"id": "PL1"}], 7)


@pages.get(f"{V3}/subscriptions")
def subscriptions() -> Response:
    """Some subscriptions, of which only the number matters."""
    return _list("subscription", [{"id": "s1"}], 41)


@pages.get(f"{V3}/playlistItems")
def uploads() -> Response:
    """The uploads, newest first."""
    rows = sorted(WORLD.videos.items(), key=lambda row: row[1], reverse=True)
    items = [
        {"contentDetails": {"videoId": name, "videoPublishedAt": _at(when)}} for name, when in rows
    ]
    return _page("playlistItem", items)


@pages.get(f"{V3}/videos")
def videos() -> Response:
    """The videos that are there, of those asked for."""
    names = [name for name in request.args["id"].split(",") if name in WORLD.videos]
    rows = [_video(name) for name in names]
    return _list("video", rows, len(rows))


def _video(name: str) -> dict[str, Any]:
    number = str(len(WORLD.comments[name]))
    return {
        "id": name,
        "snippet": {
            "title": "Weather for the outer skerries",
            "description": "#weather",
            "publishedAt": _at(WORLD.videos[name]),
            "liveBroadcastContent": "none",
        },
        "status": {"privacyStatus": "public"},
        "statistics": {"viewCount": "500", "likeCount": "40", "commentCount": number},
    }


@pages.get(f"{V3}/commentThreads")
def comments() -> Any:
    """Comments on a video, newest first."""
    name = request.args["videoId"]
    if name not in WORLD.videos:
        return _no(404, "videoNotFound")
    return _page("commentThread", [_thread(name, *row) for row in reversed(WORLD.comments[name])])


def _thread(video: str, name: str, who: int, when: datetime) -> dict[str, Any]:
    channel = f"UC{who:022}"
    snippet = {
        "authorDisplayName": f"@reader{who:02}",
        "authorChannelId": {"value": channel},
        "videoId": video,
        "publishedAt": _at(when),
    }
    return {"id": name, "snippet": {"topLevelComment": {"id": name, "snippet": snippet}}}


def change(what: dict[str, Any], now: datetime) -> None:
    """Delete a video, or let somebody comment."""
    if "delete" in what:
        WORLD.videos.pop(what["delete"])
    if "comment" in what:
        rows = WORLD.comments[what["comment"]]
        rows.append((f"Ugnew{len(rows)}", 29, now))
