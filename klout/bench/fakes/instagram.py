"""Meta's Graph, as Instagram uses it: the token's owner, media with comments inside, tags."""

from typing import Any

from klout.bench.fakes import graph, world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 50


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Instagram tells the owner of a professional account."""
    match path.rpartition("/")[2]:
        case "me":
            counts = {"followers_count": 740, "follows_count": 310, "media_count": POSTS}
            return Told({"id": OWN, "user_id": OWN, "username": f"a{OWN}", "name": "A", **counts})
        case "insights":
            names = query["metric"][0].split(",")
            rows = [{"name": name, "period": "day", "total_value": {"value": 5}} for name in names]
            return Told({"data": rows})
        case "tags":
            return Told({"data": []})
    return graph.listed(query, f"{origin}{path}", PER_PAGE, _media)


def _media(place: int) -> dict[str, Any]:
    told = {"views": 500, "reach": 300, "saved": 1, "shares": 2}
    row: dict[str, Any] = {
        "id": world.post_id(place),
        "caption": f"{world.text(place)} #tides",
        "permalink": f"https://www.instagram.com/p/{world.post_id(place)}/",
        "timestamp": graph.at(world.posted_at(place)),
        "like_count": 40,
        "comments_count": world.reactions(place),
        "insights": graph.insights(world.post_id(place), told),
    }
    people = range(world.reactions(place))
    if people:
        row["comments"] = {"data": [_comment(place, who) for who in people]}
    return row


def _comment(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    return {
        "id": number,
        "username": f"reader{number}",
        "timestamp": graph.at(world.acted_at(place, who)),
        "from": {"id": number, "username": f"reader{number}"},
    }


FAKE = Fake(answer, ("INSTAGRAM_GRAPH_URL",))
