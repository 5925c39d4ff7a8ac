"""Meta's Graph, as Facebook uses it: the token's Page, posts with insights and comments inside."""

from typing import Any

from klout.bench.fakes import graph, world
from klout.bench.fakes.world import OWN, Fake, Query, Told

PER_PAGE = 50
# Of each post, as one field beside three others.
KINDS = {"like": 30, "love": 8, "haha": 2}


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Facebook tells who runs a Page."""
    match path.rpartition("/")[2]:
        case "me":
            return Told(_page())
        case "insights":
            names = query["metric"][0].split(",")
            if names == ["page_daily_follows"]:
                return Told(graph.by_day(OWN, names[0], 4))
            return Told(graph.insights(OWN, dict.fromkeys(names, 9_100), "days_28"))
        case "tagged":
            return Told({"data": []})
    return graph.listed(query, f"{origin}{path}", PER_PAGE, _post)


def _page() -> dict[str, Any]:
    return {
        "id": OWN,
        "name": "Fjord Charts",
        "username": f"a{OWN}",
        "link": f"https://www.facebook.com/a{OWN}",
        "followers_count": 740,
        "fan_count": 710,
        "talking_about_count": 140,
        "were_here_count": 0,
        "checkins": 12,
        "rating_count": 31,
    }


def _post(place: int) -> dict[str, Any]:
    name = f"{OWN}_{world.post_id(place)}"
    told = {
        "post_reactions_by_type_total": KINDS,
        "post_total_media_view_unique": 300,
        "post_clicks": 3,
    }
    people = range(world.reactions(place))
    total = {"total_count": len(people), "order": "reverse_chronological", "can_comment": True}
    reactions = {"total_count": sum(KINDS.values()), "viewer_reaction": "NONE"}
    return {
        "id": name,
        "created_time": graph.at(world.posted_at(place)),
        "permalink_url": f"https://www.facebook.com/a{OWN}/posts/{world.post_id(place)}",
        "message": f"{world.text(place)} #tides",
        "shares": {"count": 2},
        "attachments": {"data": [{"unshimmed_url": "https://www.example.org/tides"}]},
        "reactions": {"data": [], "summary": reactions},
        "insights": graph.insights(name, told),
        "comments": {"data": [_comment(place, who) for who in people], "summary": total},
    }


def _comment(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    return {
        "id": f"{world.post_id(place)}_{number}",
        "from": {"id": number, "name": f"Reader {number}"},
        "created_time": graph.at(world.acted_at(place, who)),
    }


FAKE = Fake(answer, ("FACEBOOK_GRAPH_URL",))
