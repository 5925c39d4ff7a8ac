"""Tumblr: a blog of the token's owner, posts in the Neue Post Format, the notes of each."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import MODEL, OWN, POSTS, Fake, Query, Told

PER_PAGE = 20
NAME = f"a{OWN}"
# What is done to posts, in turns.
KINDS = ("like", "reblog")


def uuid(number: int) -> str:
    """Return the uuid of an account's blog."""
    return f"t:{world.letters(number)}aaaaaaaaaaaaa"


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Tumblr tells the owner of a blog."""
    match path.rpartition("/")[2]:
        case "info":
            owner = {"following": 310, "likes": 606, "default_post_format": "html"}
            blog = {**_blog(), "primary": True, "type": "public", "followers": 740, "admin": True}
            return _said({"user": {"name": NAME, **owner, "blogs": [blog]}})
        case "notes":
            place = world.place_of(query["id"][0])
            # The latest first.
            rows = [_note(place, who) for who in reversed(range(world.reactions(place)))]
            return _said({"notes": rows, "total_notes": len(rows)})
    places, following = world.page(query, "offset", PER_PAGE)
    said: dict[str, Any] = {
        "blog": {**_blog(), "posts": POSTS},
        "posts": [_post(place) for place in places],
        "total_posts": POSTS,
    }
    if following:
        turn = {"limit": str(PER_PAGE), "offset": following}
        link = {"type": "navigation", "method": "GET", "href": f"{path}?offset={following}"}
        said["_links"] = {"next": {**link, "query_params": turn}}
    return _said(said)


def _said(response: dict[str, Any]) -> Told:
    return Told({"meta": {"status": 200, "msg": "OK"}, "response": response})


def _blog() -> dict[str, Any]:
    return {
        "name": NAME,
        "uuid": uuid(MODEL),
        "title": "Astrid",
        "url": f"https://{NAME}.tumblr.com/",
        "description": "<p>Maps &amp; tides</p>",
        "updated": world.seconds(world.posted_at(0)),
    }


def _post(place: int) -> dict[str, Any]:
    words = world.text(place)
    link = {"start": 0, "end": 4, "type": "link", "url": "https://www.example.org/tides"}
    return {
        "object_type": "post",
        "type": "blocks",
        "blog_name": NAME,
        "blog": _blog(),
        "id": int(world.post_id(place)),
        "id_string": world.post_id(place),
        "post_url": f"https://{NAME}.tumblr.com/post/{world.post_id(place)}",
        "timestamp": world.seconds(world.posted_at(place)),
        "state": "published",
        "format": "html",
        "reblog_key": "x",
        "tags": ["tides"],
        "note_count": world.reactions(place),
        "content": [{"type": "text", "text": words, "formatting": [link]}],
        "layout": [],
        "trail": [],
        "is_blocks_post_format": True,
    }


def _note(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    kind = KINDS[who % len(KINDS)]
    parent = {"post_id": f"8{number}", "reblog_parent_blog_name": NAME}
    return {
        "type": kind,
        "timestamp": world.seconds(world.acted_at(place, who)),
        "blog_name": f"reader{number}",
        "blog_uuid": f"t:reader{number}",
        "blog_url": f"https://reader{number}.tumblr.com/",
        "followed": False,
        "avatar_shape": "square",
        **(parent if kind == "reblog" else {}),
    }


FAKE = Fake(answer, ("TUMBLR_API_URL",), native_id=uuid)
