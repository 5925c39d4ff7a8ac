"""Meta's Graph, as Instagram uses it: the token's owner, media with comments inside, tags."""

from collections.abc import Mapping, Sequence
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Told

PER_PAGE = 50


def answer(path: str, query: Mapping[str, Sequence[str]], origin: str) -> Told:
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
    first = int(query.get("after", ["0"])[0])
    last = min(first + PER_PAGE, POSTS)
    data: dict[str, Any] = {"data": [_media(place) for place in range(first, last)]}
    if last < POSTS:
        data["paging"] = {"cursors": {"after": str(last)}, "next": f"{origin}{path}?after={last}"}
    return Told(data)


def _media(place: int) -> dict[str, Any]:
    told = {"views": 500, "reach": 300, "saved": 1, "shares": 2}
    insights = [{"name": name, "values": [{"value": value}]} for name, value in told.items()]
    row: dict[str, Any] = {
        "id": world.post_id(place),
        "caption": f"{world.text(place)} #tides",
        "permalink": f"https://www.instagram.com/p/{world.post_id(place)}/",
        "timestamp": world.posted_at(place).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "like_count": 40,
        "comments_count": world.reactions(place),
        "insights": {"data": insights},
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
        "timestamp": world.acted_at(place, who).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "from": {"id": number, "username": f"reader{number}"},
    }
