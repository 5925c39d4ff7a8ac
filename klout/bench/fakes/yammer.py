"""Viva Engage: the token's owner, messages with who likes them, the threads of the newest."""

from collections.abc import Sequence
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 20
# Of 200 messages a fetch reads so many: so many questions are allowed.
READ = 100
# The newest have an answer and a like each, others that were acted on have likes alone.
ANSWERED = 4


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Viva Engage tells a person of their own account."""
    steps = path.removeprefix("/api/v1/").removesuffix(".json").split("/")
    match steps:
        case ["users", "current"]:
            return Told(_user(OWN))
        case ["groups", *_]:
            names = ("ferries", "coffee")
            return Told([{"type": "group", "id": 8_001, "name": name} for name in names])
        case ["messages", "received"]:
            return _page([], [])
        case ["messages", "in_thread", name]:
            return _page([_reply(world.place_of(name)), _sent(world.place_of(name))], [])
    older_than = query.get("older_than")
    first = world.place_of(older_than[0]) + 1 if older_than else 0
    places = range(first, min(first + PER_PAGE, POSTS))
    threads = [_thread(place) for place in places]
    return _page([_sent(place) for place in places], threads, is_last=places.stop == POSTS)


def _page(messages: Sequence[Any], threads: Sequence[Any], *, is_last: bool = True) -> Told:
    writers = dict.fromkeys(str(message["sender_id"]) for message in messages)
    return Told(
        {
            "threaded_extended": {},
            "messages": messages,
            "references": [*map(_user, writers), *threads],
            "meta": {"older_available": not is_last, "requested_poll_interval": 60},
        }
    )


def _user(number: str) -> dict[str, Any]:
    return {
        "type": "user",
        "id": int(number),
        "network_id": 7_001,
        "state": "active",
        "name": f"a{number}",
        "full_name": "Astrid",
        "job_title": "",
        "url": f"https://www.yammer.com/api/v1/users/{number}",
        "web_url": f"https://www.yammer.com/kart.example.org/users/{number}",
        "stats": {"following": 45, "followers": 120, "updates": POSTS},
        "summary": "Maps.",
    }


def _thread(place: int) -> dict[str, Any]:
    stats = {"updates": 2 if place < ANSWERED else 1, "shares": 0}
    return {"type": "thread", "id": int(world.post_id(place)), "stats": stats}


def _sent(place: int) -> dict[str, Any]:
    likers = range(1 if place < ANSWERED else 0, world.reactions(place))
    names = [
        {"full_name": "Reader", "permalink": f"reader{number}", "user_id": int(number)}
        for number in (world.reactor_number(place, who) for who in likers)
    ]
    return _message(place, world.post_id(place), OWN, world.posted_at(place), names)


def _reply(place: int) -> dict[str, Any]:
    number = world.reactor_number(place, 0)
    message = _message(place, number, number, world.acted_at(place, 0), [])
    return {**message, "replied_to_id": int(world.post_id(place)), "notified_user_ids": [int(OWN)]}


def _message(place: int, name: str, sender: str, at: Any, likers: Sequence[Any]) -> dict[str, Any]:
    words = f"{world.text(place)} #tides"
    return {
        "id": int(name),
        "sender_id": int(sender),
        "replied_to_id": None,
        "created_at": at.strftime("%Y/%m/%d %H:%M:%S +0000"),
        "network_id": 7_001,
        "message_type": "update",
        "sender_type": "user",
        "url": f"https://www.yammer.com/api/v1/messages/{name}",
        "group_id": 8_001,
        "body": {"parsed": words, "plain": words, "rich": words},
        "thread_id": int(world.post_id(place)),
        "system_message": False,
        "direct_message": False,
        "language": "en",
        "notified_user_ids": [],
        "privacy": "public",
        "attachments": [],
        "liked_by": {"count": len(likers), "names": likers},
    }


FAKE = Fake(answer, ("YAMMER_API_URL",), posts=READ)
