"""An account of the fake Foursquare with a check-in a day; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, Description, choice, count
from tests.fake_web.tokens import Vendor, signing_in

OWN, NAME = "410021", "astridkart"
VENDOR = Vendor("foursquare", "", pkce=False, refreshing=False, access_seconds=None)
_ALWAYS = {"!oauth_token": TEXT, "!v": {"type": "string", "pattern": r"^20\d{6}$"}}
# From docs.foursquare.com/developer/reference, version 2 (2026-11).
DESCRIPTION: Description = {
    "GET /foursquare/v2/users/self": _ALWAYS,
    "GET /foursquare/v2/users/self/tips": {"limit": count(1, 500), **_ALWAYS},
    "GET /foursquare/v2/users/self/checkins": {
        "limit": count(1, 250),
        "offset": count(0, 10_000),
        "sort": choice("newestfirst", "oldestfirst"),
        "afterTimestamp": count(0, 10**10),
        **_ALWAYS,
    },
    "GET /foursquare/v2/checkins/{id}": _ALWAYS,
}


@dataclass
class Checkin:
    """A check-in, who likes it and who commented."""

    at: datetime
    likers: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    private: bool = False


@dataclass
class World:
    """The check-ins by id, the latest first."""

    checkins: dict[str, Checkin] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a check-in a day for 60 days; of every third one somebody thinks something."""
        found = {}
        for n in range(60):
            moved = n % 3 == 0
            found[f"67aa{n:020}"] = Checkin(
                now - timedelta(days=n, hours=1),
                [n % 7, 7 + n % 5] if moved else [],
                [n % 11] if moved else [],
                private=n == 4,
            )
        return cls(found)


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody like a check-in, or delete one."""
    WORLD.checkins.pop(what.get("delete", ""), None)
    if "like" in what:
        WORLD.checkins[what["like"]].likers.append(90)


def _no(status: int, word: str) -> tuple[Response, int]:
    return jsonify(meta={"code": status, "errorType": word}, response={}), status


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no right."""
    if request.args["oauth_token"] not in VENDOR.access:
        return _no(401, "invalid_auth")
    return None


pages = Blueprint("foursquare", __name__)
pages.register_blueprint(
    signing_in(
        VENDOR,
        authorize="/foursquare/oauth2/authenticate",
        token="/foursquare/oauth2/access_token",
    )
)


def _user(number: int | None) -> dict[str, Any]:
    if number is None:
        return {"id": OWN, "firstName": "Astrid", "lastName": "Kart", "handle": NAME}
    return {"id": str(500_000 + number), "firstName": f"Reader {number}"}


def _row(name: str, one: Checkin, *, whole: bool = False) -> dict[str, Any]:
    likes: dict[str, Any] = {"count": len(one.likers), "groups": []}
    comments: dict[str, Any] = {"count": len(one.comments)}
    at = int(one.at.timestamp())
    if whole:
        likes["groups"] = [{"type": "friends", "items": [_user(n) for n in one.likers]}]
        comments["items"] = [
            {"id": f"{name}-{n}", "createdAt": at + 600, "user": _user(n), "text": "Nice"}
            for n in one.comments
        ]
    return {
        "id": name,
        "createdAt": at,
        "type": "checkin",
        "shout": "Fog #bergen",
        "private": one.private,
        "venue": {"id": "v1", "name": "Bryggen Coffee", "location": {"lat": 60.39}},
        "likes": likes,
        "comments": comments,
    }


def _told(**response: Any) -> Response:
    return jsonify(meta={"code": 200}, notifications=[], response=response)


@pages.get("/foursquare/v2/users/self")
def user() -> Response:
    """The token's owner."""
    counts = {"friends": 64, "tips": 1, "mayorships": 2, "photos": 9, "checkins": 812}
    return _told(user={**_user(None), **{name: {"count": n} for name, n in counts.items()}})


@pages.get("/foursquare/v2/users/self/tips")
def tips() -> Response:
    """The owner's tips."""
    tip = {"id": "t1", "likes": {"count": 7}, "saves": {"count": 2}}
    return _told(tips={"count": 1, "items": [tip]})


@pages.get("/foursquare/v2/users/self/checkins")
def checkins() -> Response:
    """The owner's check-ins, the latest first."""
    begin, size = int(request.args["offset"]), int(request.args["limit"])
    after = int(request.args["afterTimestamp"])
    rows = [_row(name, one) for name, one in WORLD.checkins.items() if one.at.timestamp() >= after]
    return _told(checkins={"count": 812, "items": rows[begin : begin + size]})


@pages.get("/foursquare/v2/checkins/<name>")
def checkin(name: str) -> tuple[Response, int] | Response:
    """One check-in with who acted."""
    one = WORLD.checkins.get(name)
    if one is None:
        return _no(400, "param_error")
    return _told(checkin=_row(name, one, whole=True))
