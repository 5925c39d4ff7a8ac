"""A member of the fake Viva Engage with a message in two days; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import Description, count
from tests.fake_web.tokens import Vendor, signing_in

OWN, NAME = 36_000_000_001, "astrid.kart"
SCOPE = "https://www.yammer.com/access_as_user"
VENDOR = Vendor("yammer", SCOPE, rotating=True)
_OLDER = {"older_than": count(1, 10**18)}
# From learn.microsoft.com/en-us/rest/api/yammer (2026-11).
DESCRIPTION: Description = {
    "GET /yammer/api/v1/users/current.json": {},
    "GET /yammer/api/v1/groups/for_user/{id}": {},
    "GET /yammer/api/v1/messages/sent.json": _OLDER,
    "GET /yammer/api/v1/messages/received.json": _OLDER,
    "GET /yammer/api/v1/messages/in_thread/{id}": _OLDER,
    "GET /yammer/api/v1/users/liked_message/{id}": {"page": count(1, 1000)},
}
PER_PAGE = 20


@dataclass
class Message:
    """A message of the owner's, who likes it and who replied."""

    at: datetime
    likers: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)


@dataclass
class World:
    """The messages by id, the latest first."""

    messages: dict[int, Message] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a message in two days for 100 days; only the latest ones are liked by many."""
        found = {}
        for n in range(50):
            found[9_000_000 - n * 1000] = Message(
                now - timedelta(days=2 * n, hours=1),
                list(range(5)) if n < 3 else [n % 4],
                [n, n + 1] if n < 4 else [],
            )
        return cls(found)


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody like a message, or take one away."""
    WORLD.messages.pop(int(what.get("delete", 0)), None)
    if "like" in what:
        WORLD.messages[int(what["like"])].likers.append(77)


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no right."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in VENDOR.access:
        return jsonify(response={"message": "Token not found.", "code": 16, "stat": "fail"}), 401
    return None


pages = Blueprint("yammer", __name__)
pages.register_blueprint(
    signing_in(VENDOR, authorize="/yammer/oauth2/v2.0/authorize", token="/yammer/oauth2/v2.0/token")
)


def _person(number: int | None) -> dict[str, Any]:
    own = number is None
    return {
        "type": "user",
        "id": OWN if own else OWN + 1 + (number or 0),
        "name": NAME if own else f"reader.{number}",
        "full_name": "Astrid Kart" if own else f"Reader {number}",
        "web_url": "https://www.yammer.com/kart.example/users/1",
        "stats": {"followers": 120 if own else 10, "following": 45, "updates": 310},
    }


def _row(name: int, at: datetime, sender: int, thread: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "sender_id": sender,
        "replied_to_id": None if name == thread else thread,
        "created_at": at.strftime("%Y/%m/%d %H:%M:%S +0000"),
        "message_type": "update",
        "sender_type": "user",
        "thread_id": thread,
        "system_message": False,
        "direct_message": False,
        "privacy": "public",
        "notified_user_ids": [],
        "body": {"plain": "The map is out. #ferries"},
        "liked_by": {"count": 0, "names": []},
        **more,
    }


def _own(name: int, one: Message) -> dict[str, Any]:
    names = [
        {"user_id": OWN + 1 + n, "permalink": f"reader.{n}", "full_name": f"Reader {n}"}
        for n in one.likers[:2]
    ]
    likes = {"count": len(one.likers), "names": names}
    return _row(name, one.at, OWN, name, liked_by=likes)


def _page(rows: list[dict[str, Any]], references: list[dict[str, Any]]) -> Response:
    older = int(request.args.get("older_than", 10**18))
    left = [row for row in rows if row["id"] < older]
    meta = {"older_available": len(left) > PER_PAGE}
    return jsonify(messages=left[:PER_PAGE], references=references, meta=meta)


@pages.get("/yammer/api/v1/users/current.json")
def current() -> Response:
    """The token's owner."""
    return jsonify(_person(None))


@pages.get("/yammer/api/v1/groups/for_user/<name>")
def groups(name: str) -> Response:
    """The communities that the owner joined."""
    return jsonify([{"type": "group", "id": n} for n in (1, 2)])


@pages.get("/yammer/api/v1/messages/sent.json")
def sent() -> Response:
    """The owner's messages, with how many replies their threads have."""
    threads = [
        {"type": "thread", "id": name, "stats": {"updates": 1 + len(one.replies)}}
        for name, one in WORLD.messages.items()
    ]
    rows = [_own(name, one) for name, one in WORLD.messages.items()]
    return _page(rows, [_person(None), *threads])


@pages.get("/yammer/api/v1/messages/received.json")
def received() -> Response:
    """A message of somebody's that names the owner."""
    at = datetime.now(UTC) - timedelta(days=1)
    row = _row(9_500_000, at, OWN + 9, 9_500_000, notified_user_ids=[OWN])
    return _page([row], [_person(8)])


@pages.get("/yammer/api/v1/messages/in_thread/<name>")
def in_thread(name: str) -> Response:
    """A message with its replies."""
    number = int(name.removesuffix(".json"))
    one = WORLD.messages[number]
    replies = [
        _row(number + 1 + n, one.at + timedelta(hours=1), OWN + 1 + n, number) for n in one.replies
    ]
    return _page([*replies, _own(number, one)], [_person(n) for n in one.replies])


@pages.get("/yammer/api/v1/users/liked_message/<name>")
def liked(name: str) -> Response:
    """Who likes a message."""
    one = WORLD.messages[int(name.removesuffix(".json"))]
    return jsonify(users=[_person(n) for n in one.likers], more_available=False)
