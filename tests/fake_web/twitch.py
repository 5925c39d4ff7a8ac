"""A channel of the fake Twitch: who follows it, and its videos; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, Description, choice, count
from tests.fake_web.tokens import Vendor, signing_in

OWN, LOGIN = "80010", "astrid_kart"
SCOPES = "moderator:read:followers user:read:follows"


class _Twitch(Vendor):
    """Names scopes in a list, and says no in words of its own."""

    def granted(self, scope: str, *, refresh: bool) -> dict[str, Any]:
        """Return new tokens; each refresh brings a new refresh token."""
        return {**super().granted(scope, refresh=refresh), "scope": scope.split()}

    def forget(self, name: str) -> None:
        """End an access token, and with it the refresh tokens."""
        super().forget(name)
        self.refresh.clear()

    def _no(self, word: str, status: int) -> tuple[Response, int]:
        what = "authorization code" if "code" in request.form else "refresh token"
        message = f"Invalid {what}" if word == "invalid_grant" else "invalid client"
        return jsonify(status=400, message=message), 400


VENDOR = _Twitch("twitch", SCOPES, pkce=False, rotating=True)
_PAGED = {"first": count(1, 100), "after": TEXT}
# Names and limits as in Twitch's reference (https://dev.twitch.tv/docs/api/reference, 2026-11).
DESCRIPTION: Description = {
    "GET /twitch/helix/users": {"id": TEXT, "login": TEXT},
    "GET /twitch/helix/channels/followers": {"!broadcaster_id": TEXT, "user_id": TEXT, **_PAGED},
    "GET /twitch/helix/channels/followed": {"!user_id": TEXT, "broadcaster_id": TEXT, **_PAGED},
    "GET /twitch/helix/videos": {
        "user_id": TEXT,
        "sort": choice("time", "trending", "views"),
        "type": choice("all", "archive", "highlight", "upload"),
        **_PAGED,
    },
    "GET /twitch/helix/clips": {
        "broadcaster_id": TEXT,
        "started_at": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "ended_at": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        **_PAGED,
    },
}


def _at(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class World:
    """Who follows since when, the latest first, and when videos were published."""

    followers: list[tuple[int, datetime]] = field(default_factory=list)
    videos: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a channel with a follower more each day for half a year, and six videos."""
        followers = [(n, now - timedelta(days=n, hours=1)) for n in range(180)]
        videos = {f"23{n:03}": now - timedelta(days=1 + 7 * n) for n in range(6)}
        return cls(followers, videos)


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody follow, or delete a video."""
    if "follow" in what:
        WORLD.followers.insert(0, (what["follow"], now))
    WORLD.videos.pop(what.get("delete", ""), None)


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no token of the application that it names."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in VENDOR.access or request.headers.get("Client-Id") != VENDOR.client_id:
        return jsonify(error="Unauthorized", status=401, message="Invalid OAuth token"), 401
    return None


pages = Blueprint("twitch", __name__)
pages.register_blueprint(
    signing_in(
        VENDOR,
        authorize="/twitch/oauth2/authorize",
        token="/twitch/oauth2/token",
        revoke="/twitch/oauth2/revoke",
    )
)


def _paged(rows: list[dict[str, Any]], **more: Any) -> Response:
    begin = int(request.args.get("after", "0"))
    end = begin + int(request.args.get("first", "20"))
    paging = {"cursor": str(end)} if end < len(rows) else {}
    return jsonify(data=rows[begin:end], pagination=paging, **more)


@pages.get("/twitch/helix/users")
def users() -> Response:
    """The token's owner."""
    user = {"id": OWN, "login": LOGIN, "display_name": "Astrid_Kart", "description": "Maps"}
    return jsonify(
        data=[{**user, "broadcaster_type": "partner", "created_at": "2017-03-02T08:00:00Z"}]
    )


@pages.get("/twitch/helix/channels/followers")
def followers() -> Response:
    """Who follows the channel, the latest first."""
    rows = [
        {"user_id": str(n), "user_login": f"p{n}", "user_name": f"P{n}", "followed_at": _at(at)}
        for n, at in WORLD.followers
    ]
    return _paged(rows, total=len(rows))


@pages.get("/twitch/helix/channels/followed")
def followed() -> Response:
    """Whom the channel follows."""
    at = _at(datetime.now(UTC) - timedelta(days=3))
    names = ("id", "login", "name")
    rows = [{f"broadcaster_{name}": f"b{n}" for name in names} for n in range(2)]
    return _paged([{**row, "followed_at": at} for row in rows], total=2)


@pages.get("/twitch/helix/videos")
def videos() -> Response:
    """The channel's videos, the latest first."""
    return _paged(
        [
            {
                "id": name,
                "title": "On the ferry",
                "description": "",
                "published_at": _at(at),
                "url": f"https://www.twitch.tv/videos/{name}",
                "viewable": "public",
                "view_count": 40,
                "language": "en",
                "type": "archive",
                "duration": "2h0m0s",
            }
            for name, at in WORLD.videos.items()
        ]
    )


@pages.get("/twitch/helix/clips")
def clips() -> Response:
    """Clips of the channel."""
    at = _at(datetime.now(UTC) - timedelta(days=1))
    clip = {"view_count": 10, "video_id": next(iter(WORLD.videos)), "created_at": at}
    return _paged(
        [{**clip, "id": f"C{n}", "creator_id": str(n), "creator_name": f"P{n}"} for n in range(3)]
    )
