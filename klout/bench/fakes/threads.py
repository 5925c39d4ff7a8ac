"""Threads: the token's owner, posts, the counts of each by a question of its own, replies."""

from typing import Any

from klout.bench.fakes import graph, world
from klout.bench.fakes.world import OWN, Fake, Query, Told

PER_PAGE = 100


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Threads tells the owner of an account."""
    about, _, what = path.removeprefix("/").rpartition("/")
    name = about.rpartition("/")[2]
    match what:
        case "me":
            return Told({"id": OWN, "username": f"a{OWN}", "name": "Astrid"})
        case "threads_insights":
            if query["metric"] == ["views"]:
                return Told(graph.by_day(OWN, "views", 120))
            total = {"name": "followers_count", "period": "day", "total_value": {"value": 740}}
            return Told({"data": [{**total, "id": f"{OWN}/insights/followers_count/day"}]})
        case "insights":
            counts = {"views": 500, "likes": 40, "reposts": 2, "quotes": 1}
            replies = {"replies": world.reactions(world.place_of(name))}
            return Told(graph.insights(name, {**counts, **replies}))
        case "replies":
            place = world.place_of(name)
            return Told({"data": [_reply(place, who) for who in range(world.reactions(place))]})
        case "mentions":
            return Told({"data": []})
    return graph.listed(query, f"{origin}{path}", PER_PAGE, _post)


def _post(place: int) -> dict[str, Any]:
    return {
        "id": world.post_id(place),
        "text": world.text(place),
        "permalink": f"https://www.threads.com/@a{OWN}/post/{world.post_id(place)}",
        "timestamp": graph.at(world.posted_at(place)),
        "media_type": "TEXT_POST",
        "topic_tag": "Tides",
        "link_attachment_url": "https://www.example.org/tides",
        "has_replies": world.reactions(place) > 0,
    }


def _reply(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    name, at = f"reader{number}", graph.at(world.acted_at(place, who))
    return {"id": number, "username": name, "timestamp": at}


FAKE = Fake(answer, ("THREADS_GRAPH_URL",))
