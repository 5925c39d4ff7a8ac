"""X: the token's owner, posts, mentions, who liked."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 100


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what X tells a person of their own account."""
    if path.endswith("/me"):
        return Told({"data": _user(OWN)})
    if path.endswith("/mentions"):
        return Told({"meta": {"result_count": 0}})
    if path.endswith("/liking_users"):
        place = world.place_of(path.split("/")[3])
        people = range(world.reactions(place))
        rows = [_user(world.reactor_number(place, who)) for who in people]
        return Told({"data": rows, "meta": {"result_count": len(rows)}})
    places, following = world.page(query, "pagination_token", PER_PAGE)
    meta: dict[str, Any] = {"result_count": len(places)}
    if following:
        meta["next_token"] = following
    return Told({"data": [_post(place) for place in places], "meta": meta})


def _user(number: str) -> dict[str, Any]:
    return {
        "id": number,
        "username": f"a{number}",
        "name": "Astrid",
        "created_at": "2015-03-02T08:00:00.000Z",
        "description": "Maps and tides.",
        "protected": False,
        "public_metrics": {
            "followers_count": 740,
            "following_count": 310,
            "tweet_count": POSTS,
            "listed_count": 27,
        },
    }


def _post(place: int) -> dict[str, Any]:
    words = world.text(place)
    tag = {"start": len(words) + 1, "end": len(words) + 7, "tag": "tides"}
    return {
        "id": world.post_id(place),
        "text": f"{words} #tides",
        "created_at": world.iso(world.posted_at(place)),
        "lang": "en",
        "edit_history_tweet_ids": [world.post_id(place)],
        "entities": {"hashtags": [tag]},
        "public_metrics": {
            "retweet_count": 0,
            "reply_count": 0,
            "like_count": world.reactions(place),
            "quote_count": 0,
            "bookmark_count": 1,
            "impression_count": 500,
        },
    }


FAKE = Fake(answer, ("X_API_URL",))
