"""Two blogs of one person at the fake Tumblr, and who acted on their posts; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, TRUE, Description, choice, count
from tests.fake_web.tokens import Vendor, signing_in

OWN, NAME = "t:astridKart0000000001", "astrid-kart"
SIDE = "t:fogArchive00000000001"
VENDOR = Vendor("tumblr", "basic offline_access", pkce=False, rotating=True, access_seconds=2520)
# Names and limits as in Tumblr's documents (https://www.tumblr.com/docs/en/api/v2, 2026-11).
DESCRIPTION: Description = {
    "GET /tumblr/v2/user/info": {},
    "GET /tumblr/v2/blog/{blog}/info": {"api_key": TEXT},
    "GET /tumblr/v2/blog/{blog}/posts": {
        "api_key": TEXT,
        "limit": count(1, 20),
        "offset": count(0, 10_000),
        "npf": TRUE,
        "reblog_info": TRUE,
        "notes_info": TRUE,
    },
    "GET /tumblr/v2/blog/{blog}/notes": {
        "api_key": TEXT,
        "!id": count(1, 2**63),
        "mode": choice("all", "likes", "conversation", "rollup", "reblogs_with_tags"),
        "before_timestamp": count(1, 2**40),
    },
}
NOTES_A_PAGE = 10


@dataclass
class World:
    """When posts were published, the latest first, and their notes, the latest first."""

    posts: dict[str, datetime] = field(default_factory=dict)
    # Id of a post: (type, number of the person, when).
    notes: dict[str, list[tuple[str, int, datetime]]] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a post in ten days for 300 days, each with 24 notes within its first day."""
        world = cls()
        for n in range(30):
            name, at = f"7{n:017}", now - timedelta(days=1 + 10 * n)
            world.posts[name] = at
            kinds = ("like", "like", "reblog", "reply")
            world.notes[name] = [
                (kinds[k % 4], k, at + timedelta(minutes=50 * (24 - k))) for k in range(24)
            ]
        return world


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody like a post, or delete one."""
    WORLD.posts.pop(what.get("delete", ""), None)
    if "like" in what:
        WORLD.notes[what["like"]].insert(0, ("like", 90, now))


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings neither a token nor our key."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    keyed = request.args.get("api_key") == VENDOR.client_id and "/blog/" in request.path
    if token not in VENDOR.access and not (keyed and not token):
        return _answer([], 401, "Unauthorized"), 401
    return None


pages = Blueprint("tumblr", __name__)
pages.register_blueprint(
    signing_in(VENDOR, authorize="/tumblr/oauth2/authorize", token="/tumblr/v2/oauth2/token")
)


def _answer(told: Any, status: int = 200, word: str = "OK") -> Response:
    return jsonify(meta={"status": status, "msg": word}, response=told)


def _blog(uuid: str, name: str, **more: Any) -> dict[str, Any]:
    url = f"https://{name}.tumblr.com/"
    return {"uuid": uuid, "name": name, "title": name, "url": url, "description": "", **more}


@pages.get("/tumblr/v2/user/info")
def user_info() -> Response:
    """The token's owner and their blogs."""
    blogs = [
        _blog(SIDE, "fog-archive", primary=False, type="public", followers=90),
        _blog(OWN, NAME, primary=True, type="public", followers=310),
    ]
    return _answer({"user": {"name": NAME, "following": 25, "likes": 606, "blogs": blogs}})


@pages.get("/tumblr/v2/blog/<blog>/info")
def info(blog: str) -> tuple[Response, int]:
    """The one public blog."""
    if blog not in {OWN, NAME}:
        return _answer([], 404, "Not Found"), 404
    return _answer({"blog": _blog(OWN, NAME, posts=len(WORLD.posts))}), 200


@pages.get("/tumblr/v2/blog/<blog>/posts")
def posts(blog: str) -> Response:
    """The blog's posts, the latest first; one of them was somebody else's."""
    begin = int(request.args.get("offset", "0"))
    end = begin + int(request.args.get("limit", "20"))
    rows = [_post(name, at) for name, at in WORLD.posts.items()] if blog == OWN else []
    if rows:
        passed = {"reblogged_from_name": "harbour-radio", "reblogged_from_uuid": "t:harbour1"}
        rows[1] = {**rows[1], **passed, "note_count": 51234}
    links = {"next": {"query_params": {"offset": str(end)}}} if end < len(rows) else {}
    told = {"blog": _blog(blog, NAME, posts=len(rows)), "posts": rows[begin:end]}
    return _answer({**told, "_links": links or []})


def _post(name: str, at: datetime) -> dict[str, Any]:
    return {
        "id_string": name,
        "post_url": f"https://{NAME}.tumblr.com/post/{name}",
        "timestamp": int(at.timestamp()),
        "state": "published",
        "tags": ["Fog"],
        "note_count": len(WORLD.notes[name]),
        "content": [{"type": "text", "text": "Fog over the fjord"}],
    }


@pages.get("/tumblr/v2/blog/<blog>/notes")
def notes(blog: str) -> tuple[Response, int]:
    """Who acted on a post, the latest first."""
    name = request.args["id"]
    if name not in WORLD.posts:
        return _answer([], 404, "Not Found"), 404
    before = int(request.args.get("before_timestamp", str(2**40)))
    rows = [
        {
            "type": kind,
            "timestamp": int(at.timestamp()),
            "blog_name": f"reader-{who}",
            "blog_uuid": f"t:reader{who}",
            **({"post_id": f"8{who:03}{name[-5:]}"} if kind == "reblog" else {}),
        }
        for kind, who, at in WORLD.notes[name]
        if int(at.timestamp()) < before
    ]
    told: dict[str, Any] = {"notes": rows[:NOTES_A_PAGE], "total_notes": len(rows)}
    if len(rows) > NOTES_A_PAGE:
        last = str(rows[NOTES_A_PAGE - 1]["timestamp"])
        told["_links"] = {"next": {"query_params": {"before_timestamp": last}}}
    return _answer(told), 200
