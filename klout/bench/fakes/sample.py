"""The sample network's API with accounts of the bench's shape."""

from datetime import timedelta
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, Fake, Query, Told

PER_PAGE = 100
DAYS = 30


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what the sample network tells of an account."""
    match path.rpartition("/")[2]:
        case "audience":
            return Told({"days": [_day(number) for number in range(DAYS)]})
        case "posts":
            places, following = world.page(query, "cursor", PER_PAGE)
            rows = [_post(place) for place in places]
            return Told({"posts": rows, "next_cursor": following or None})
        case "interactions":
            acts = [_act(place, who) for place, who in world.acts()]
            return Told({"interactions": acts, "next_cursor": None})
        case "sent":
            return Told({"interactions": [], "next_cursor": None})
    return Told(
        {
            "id": OWN,
            "handle": f"a{OWN}",
            "name": "Astrid",
            "url": f"{origin}/@a{OWN}",
            "bio": "Maps and tides.",
            "kind": "person",
            "age": 40,
            "indexable": True,
            "created_at": "2020-03-02T08:00:00+00:00",
        }
    )


def _day(number: int) -> dict[str, Any]:
    day = (world.NOW - timedelta(days=number)).date()
    return {"day": day.isoformat(), "followers": 740, "following": 310, "posts": 9, "lists": 2}


def _post(place: int) -> dict[str, Any]:
    counts = {
        "likes": world.reactions(place),
        "reshares": 0,
        "comments": 0,
        "quotes": 0,
        "saves": 1,
    }
    return {
        "id": world.post_id(place),
        "created_at": world.posted_at(place).isoformat(),
        "url": f"https://sample.example.org/p/{world.post_id(place)}",
        "text": f"{world.text(place)} #tides",
        "language": "en",
        "hashtags": ["tides"],
        "counts": counts,
    }


def _act(place: int, who: int) -> dict[str, Any]:
    number = world.reactor_number(place, who)
    actor = {"id": number, "handle": f"reader{number}", "name": "Reader", "followers": 20}
    return {
        "id": f"like-{number}",
        "kind": "like",
        "created_at": world.acted_at(place, who).isoformat(),
        "post_id": world.post_id(place),
        "actor": {**actor, "url": f"https://sample.example.org/@{number}", "following": 9},
    }


FAKE = Fake(answer, ("SAMPLE_NETWORK_URL",), snapshots=DAYS, is_open=True)
