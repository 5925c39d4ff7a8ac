"""Hacker News: a user of its own API, what they wrote by its search, the threads it stands in."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

NAME = f"a{OWN}"
# Every fourth thing that the user writes is a comment below somebody else's story.
COMMENT_EVERY = 4


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Hacker News and its search tell everybody; a page holds 200 hits."""
    *_, what, name = path.split("/")
    if what == "user":
        submitted = [int(world.post_id(place)) for place in range(POSTS)]
        about = "Maps &amp; tides.<p>Bergen"
        user = {"id": NAME, "created": 1_500_000_000, "karma": 812, "about": about}
        return Told({**user, "submitted": submitted})
    if what == "items":
        return Told(_thread(name))
    hits = [_hit(place) for place in range(POSTS)]
    pages = {"page": 0, "nbHits": POSTS, "nbPages": 1, "hitsPerPage": POSTS}
    return Told({"hits": hits, **pages})


def _is_comment(place: int) -> bool:
    return place % COMMENT_EVERY == COMMENT_EVERY - 1


def _thread_of(place: int) -> int:
    """Return the story below which a comment stands; its last figures are the comment's place."""
    return int(f"{OWN}1{place:03d}") if _is_comment(place) else int(world.post_id(place))


def _hit(place: int) -> dict[str, Any]:
    at, kind = world.posted_at(place), "comment" if _is_comment(place) else "story"
    hit = {
        "objectID": world.post_id(place),
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_at_i": world.seconds(at),
        "author": NAME,
        "story_id": _thread_of(place),
        "_tags": [kind, f"author_{NAME}", f"story_{_thread_of(place)}"],
    }
    if _is_comment(place):
        told = {"comment_text": world.text(place), "parent_id": _thread_of(place)}
        return {**hit, **told, "story_title": "Tides"}
    return {
        **hit,
        "title": f"Tides, part {place}",
        "story_text": f"{world.text(place)}<p>Corrections are welcome.",
        "url": f"https://www.example.org/tides/{place}",
        "points": 41,
        "num_comments": world.reactions(place),
    }


def _thread(name: str) -> dict[str, Any]:
    number = int(name[-4:])
    if number >= 5_000:
        return _written(world.place_of(name), None)
    place = number - 1_000
    own = _written(place, int(name))
    writer, at = f"writer{OWN}", world.seconds(world.posted_at(place)) - 600
    return {**_node(int(name), writer, at, "story", None), "title": "Tides", "children": [own]}


def _written(place: int, parent: int | None) -> dict[str, Any]:
    """Return what the user wrote, with the answers to it."""
    number, at = int(world.post_id(place)), world.seconds(world.posted_at(place))
    node = _node(number, NAME, at, "comment" if parent else "story", parent)
    return {
        **node,
        "text": world.text(place) if parent else None,
        "children": [_reply(place, who) for who in range(world.reactions(place))],
    }


def _reply(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    at = world.seconds(world.acted_at(place, who))
    reply = _node(int(number), f"reader{number}", at, "comment", int(world.post_id(place)))
    return {**reply, "text": "<p>Thank you."}


def _node(number: int, author: str, at: int, kind: str, parent: int | None) -> dict[str, Any]:
    told: dict[str, Any] = {"title": None, "url": None, "text": None, "points": None}
    node = {"id": number, "created_at_i": at, "type": kind, "author": author, "parent_id": parent}
    return {**node, **told, "story_id": None, "children": [], "options": []}


# A comment is an act of the user's own, too.
FAKE = Fake(
    answer,
    ("HACKERNEWS_URL", "HACKERNEWS_SEARCH_URL"),
    interactions=world.REACTIONS + POSTS // COMMENT_EVERY,
    native_id=lambda number: f"a{world.digits(number)}",
    is_handle=True,
    is_open=True,
)
