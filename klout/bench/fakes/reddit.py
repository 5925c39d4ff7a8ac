"""Reddit: the token's owner, their links, who commented below them; voters are never told."""

from collections.abc import Sequence
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, Fake, Query, Told

PER_PAGE = 100
NAME = f"a{OWN}"


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Reddit tells an application that it approved."""
    steps = path.removeprefix("/").split("/")
    if steps[0] == "api":
        return Told(_me())
    if steps[0] == "comments":
        place = world.place_of(steps[1])
        comments = [_comment(place, who) for who in range(world.reactions(place))]
        return Told([_listing([_link(place)], ""), _listing(comments, "")])
    if steps[2] == "comments":
        return Told(_listing([], ""))
    places, following = world.page(query, "after", PER_PAGE)
    return Told(_listing([_link(place) for place in places], following))


def _listing(children: Sequence[Any], after: str) -> dict[str, Any]:
    told = {"after": after or None, "before": None, "dist": len(children)}
    return {"kind": "Listing", "data": {**told, "children": children}}


def _me() -> dict[str, Any]:
    about = {"title": "Astrid", "public_description": "Maps & tides", "subscribers": 740}
    return {
        "id": f"k{OWN}",
        "name": NAME,
        "link_karma": 5_120,
        "comment_karma": 803,
        "created_utc": 1_400_000_000.0,
        "is_employee": False,
        "over_18": False,
        "subreddit": {**about, "display_name": f"u_{NAME}"},
    }


def _link(place: int) -> dict[str, Any]:
    name = world.post_id(place)
    data = {
        "id": name,
        "name": f"t3_{name}",
        "title": f"Tides, part {place}",
        "selftext": world.text(place),
        "author": NAME,
        "subreddit": "maps",
        "permalink": f"/r/maps/comments/{name}/tides/",
        "url": f"https://www.reddit.com/r/maps/comments/{name}/tides/",
        "domain": "self.maps",
        "is_self": True,
        "score": 41,
        "ups": 41,
        "num_comments": world.reactions(place),
        "num_crossposts": 0,
        "created_utc": float(world.seconds(world.posted_at(place))),
        "removed_by_category": None,
    }
    return {"kind": "t3", "data": data}


def _comment(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    data = {
        "id": number,
        "name": f"t1_{number}",
        "author": f"reader{number}",
        "body": "Thank you.",
        "parent_id": f"t3_{world.post_id(place)}",
        "link_id": f"t3_{world.post_id(place)}",
        "score": 2,
        "created_utc": float(world.seconds(world.acted_at(place, who))),
        "distinguished": None,
        "replies": "",
    }
    return {"kind": "t1", "data": data}


FAKE = Fake(
    answer, ("REDDIT_API_URL",), native_id=lambda number: f"a{world.digits(number)}", is_handle=True
)
