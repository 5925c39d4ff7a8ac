"""An account of the fake GitHub with two repositories; all invented."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import Description, choice, count
from tests.fake_web.tokens import Vendor, signing_in

OWN, LOGIN = 501, "astridfjord"
VENDOR = Vendor("github", "", refreshing=False, access_seconds=None, soft=True)
_PAGES = {"per_page": count(1, 100), "page": count(1, 400)}
# What is told of others does not change from one answer to the next.
BEGAN = datetime.now(UTC)
_SORTED = {
    "sort": choice("created", "updated"),
    "direction": choice("asc", "desc"),
    **_PAGES,
}
DESCRIPTION: Description = {
    "GET /github/user": {},
    "GET /github/user/{id}": {},
    "GET /github/users/{name}": {},
    "GET /github/users/{name}/repos": {
        "type": choice("all", "owner", "member"),
        "sort": choice("created", "updated", "pushed", "full_name"),
        **_PAGES,
    },
    "GET /github/repos/{owner}/{name}/stargazers": _PAGES,
    "GET /github/repos/{owner}/{name}/forks": {
        "sort": choice("newest", "oldest", "stargazers", "watchers"),
        **_PAGES,
    },
    "GET /github/repos/{owner}/{name}/issues": {
        "state": choice("open", "closed", "all"),
        **_SORTED,
    },
    "GET /github/repos/{owner}/{name}/issues/comments": _SORTED,
    "DELETE /github/applications/{id}/grant": {},
}


def _at(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class World:
    """Who starred what, the oldest first: (number of the person, when)."""

    stars: dict[str, list[tuple[int, datetime]]] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a repository with 120 stars, one a day, and one without."""
        days = range(120, 0, -1)
        return cls({"tiles": [(n, now - timedelta(days=n)) for n in days], "notes": []})


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody star a repository."""
    WORLD.stars[what["star"]].append((200, now))


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings a wrong right, or no version."""
    told = request.headers.get("Authorization", "")
    if request.method == "DELETE":
        word = f"{VENDOR.client_id}:{VENDOR.client_secret}".encode()
        known = told == f"Basic {b64encode(word).decode()}"
        return None if known else (jsonify(message="Bad credentials"), 401)
    token = told.removeprefix("Bearer ")
    if (token and token not in VENDOR.access) or (not token and request.path == "/github/user"):
        return jsonify(message="Bad credentials"), 401
    if request.headers.get("X-GitHub-Api-Version") != "2022-11-28":
        return jsonify(message="No version"), 400
    return None


pages = Blueprint("github", __name__)
pages.register_blueprint(
    signing_in(
        VENDOR, authorize="/github/login/oauth/authorize", token="/github/login/oauth/access_token"
    )
)


def _user(number: int | None) -> dict[str, Any]:
    own = number is None
    return {
        "login": LOGIN if own else f"reader-{number}",
        "id": OWN if own else 10_000 + (number or 0),
        "html_url": f"https://github.com/{LOGIN if own else f'reader-{number}'}",
        "type": "User",
    }


@pages.get("/github/user")
@pages.get("/github/user/<int:number>")
@pages.get("/github/users/<name>")
def profile(number: int = OWN, name: str = LOGIN) -> tuple[Response, int]:
    """The one account."""
    if number != OWN or name != LOGIN:
        return jsonify(message="Not Found"), 404
    counts = {"followers": 310, "following": 25, "public_repos": 2, "public_gists": 1}
    about = {"name": "Astrid Fjord", "bio": None, "created_at": "2015-03-02T08:00:00Z"}
    return jsonify(**_user(None), **about, **counts), 200


@pages.get("/github/users/<name>/repos")
def repositories(name: str) -> Response:
    """The account's repositories."""
    rows = [
        {
            "id": 9000 + n,
            "full_name": f"{LOGIN}/{title}",
            "private": False,
            "fork": False,
            "html_url": f"https://github.com/{LOGIN}/{title}",
            "created_at": "2024-05-01T10:00:00Z",
            "stargazers_count": len(stars),
            "forks_count": 2 if stars else 0,
            "has_issues": bool(stars),
        }
        for n, (title, stars) in enumerate(WORLD.stars.items())
    ]
    return jsonify(rows)


@pages.get("/github/repos/<owner>/<name>/stargazers")
def stargazers(owner: str, name: str) -> Response:
    """Who starred a repository, the oldest first, with dates where they are asked for."""
    size, page = int(request.args["per_page"]), int(request.args["page"])
    rows = WORLD.stars[name][(page - 1) * size : page * size]
    dated = request.headers["Accept"] == "application/vnd.github.star+json"
    return jsonify(
        [{"starred_at": _at(at), "user": _user(who)} if dated else _user(who) for who, at in rows]
    )


@pages.get("/github/repos/<owner>/<name>/forks")
def forks(owner: str, name: str) -> Response:
    """Who forked a repository."""
    now = BEGAN
    rows = [{"id": 9100 + n, "owner": _user(300 + n)} for n in (1, 2)]
    return jsonify([{**row, "created_at": _at(now - timedelta(days=9))} for row in rows])


@pages.get("/github/repos/<owner>/<name>/issues")
@pages.get("/github/repos/<owner>/<name>/issues/comments")
def words(owner: str, name: str) -> Response:
    """Who wrote about a repository."""
    at = BEGAN - timedelta(days=3)
    rows = [{"id": 8000 + n, "user": _user(400 + n), "created_at": _at(at)} for n in (1, 2)]
    return jsonify(rows)


@pages.after_request
def compared(answer: Response) -> Response:
    """Tell an ETag, other with another token; 304 where it is the one that is asked with."""
    told = request.headers.get("Authorization", "")
    if request.method == "GET" and answer.status_code == 200:
        answer.set_etag(sha256(told.encode() + answer.get_data()).hexdigest())
        answer.make_conditional(request)
    return answer


@pages.delete("/github/applications/<name>/grant")
def end(name: str) -> tuple[str, int]:
    """End what a person allowed."""
    VENDOR.forget((request.get_json() or {})["access_token"])
    return "", 204
