"""Foursquare's version 2: the user, check-ins, of each by itself who liked it and commented."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Foursquare tells the owner of an account; a page would hold 250 check-ins."""
    match path.removeprefix("/v2/").split("/"):
        case ["users", "self"]:
            return _said({"user": _owner()})
        case ["users", "self", "tips"]:
            tips = [_tip(number) for number in range(3)]
            return _said({"tips": {"count": len(tips), "items": tips}})
        case ["users", "self", "checkins"]:
            items = [_checkin(place) for place in range(POSTS)]
            return _said({"checkins": {"count": POSTS, "items": items}})
    place = world.place_of(path)
    likes, comments = _acts(place)
    groups = [{"type": "others", "count": len(likes), "items": likes}]
    told = {"likes": {"count": len(likes), "groups": groups}}
    said = {"comments": {"count": len(comments), "items": comments}}
    return _said({"checkin": {**_checkin(place), **told, **said}})


def _said(response: dict[str, Any]) -> Told:
    tray = {"type": "notificationTray", "item": {"unreadCount": 0}}
    meta = {"code": 200, "requestId": "65a0c0ffee00000000000001"}
    return Told({"meta": meta, "notifications": [tray], "response": response})


def _user(number: str) -> dict[str, Any]:
    photo = {"prefix": "https://i.example.org/img/user/", "suffix": f"/{number}.jpg"}
    named = {"firstName": "Astrid", "lastName": "Kart", "handle": f"a{number}"}
    return {"id": number, **named, "gender": "none", "photo": photo}


def _owner() -> dict[str, Any]:
    groups = [{"type": "created", "count": 3, "items": []}]
    return {
        **_user(OWN),
        "relationship": "self",
        "privateProfile": False,
        "type": "user",
        "homeCity": "Bergen",
        "bio": "Maps & tides.",
        "contact": {},
        "birthday": 473_385_600,
        "friends": {"count": 64, "groups": []},
        "tips": {"count": 3},
        "photos": {"count": 41, "items": []},
        "mayorships": {"count": 5, "items": []},
        "checkins": {"count": POSTS, "items": []},
        "lists": {"count": 3, "groups": groups},
        "createdAt": 1_301_000_000,
    }


def _tip(number: int) -> dict[str, Any]:
    told = {"likes": {"count": 7, "groups": []}, "saves": {"count": 2, "groups": []}}
    return {"id": f"t{number}", "createdAt": 1_760_702_400, "text": "Ask.", **told}


def _acts(place: int) -> tuple[list[Any], list[Any]]:
    """Return who liked a check-in, and the comments of the others."""
    likes: list[Any] = []
    comments: list[Any] = []
    for who in range(world.reactions(place)):
        user = _user(world.reactor_number(place, who))
        if who % 2:
            at = world.seconds(world.acted_at(place, who))
            name = f"c{user['id']}"
            comments.append({"id": name, "createdAt": at, "text": "Ahoy!", "user": user})
        else:
            likes.append(user)
    return likes, comments


def _checkin(place: int) -> dict[str, Any]:
    likes, comments = _acts(place)
    where = {"lat": 60.39, "lng": 5.32, "city": "Bergen", "cc": "NO"}
    kind = {"id": "4bf58dd8d48988d1e0931735", "name": "Coffee Shop", "primary": True}
    venue = {"id": "4bd0aa", "name": "Bryggen Coffee", "location": where, "categories": [kind]}
    return {
        "id": world.post_id(place),
        "createdAt": world.seconds(world.posted_at(place)),
        "type": "checkin",
        "timeZoneOffset": 60,
        "venue": venue,
        "likes": {"count": len(likes), "groups": []},
        "like": False,
        "photos": {"count": 0, "items": []},
        "posts": {"count": 0, "textCount": 0},
        "comments": {"count": len(comments)},
        "source": {"name": "Swarm for iOS", "url": "https://www.swarmapp.com"},
        "shout": f"{world.text(place)} #tides",
        "visibility": "public",
    }


FAKE = Fake(answer, ("FOURSQUARE_API_URL",))
