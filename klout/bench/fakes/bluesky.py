"""Bluesky's AppView: profile, feed, who liked, profiles of people."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import MODEL, OWN, POSTS, Fake, Query, Told

PER_PAGE = 100
DID = f"did:plc:{world.letters(MODEL)}aaaaaaaaaaaaaaa"


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what the AppView tells of an account that is open to all."""
    match path.rpartition(".")[2]:
        case "getProfile":
            return Told(_detailed(DID, f"a{OWN}.example.org"))
        case "getProfiles":
            names = query["actors"]
            return Told({"profiles": [_detailed(did, f"{did[8:]}.example.org") for did in names]})
        case "getLikes":
            place = world.place_of(query["uri"][0])
            likes = [_like(place, who) for who in range(world.reactions(place))]
            return Told({"uri": query["uri"][0], "likes": likes})
    places, following = world.page(query, "cursor", PER_PAGE)
    feed = [{"post": _post(place)} for place in places]
    return Told({"feed": feed, **({"cursor": following} if following else {})})


def _view(did: str, handle: str) -> dict[str, Any]:
    return {
        "did": did,
        "handle": handle,
        "displayName": "Astrid",
        "avatar": f"https://cdn.example.org/img/avatar/plain/{did}/a@jpeg",
        "associated": {"chat": {"allowIncoming": "following"}},
        "labels": [],
        "createdAt": "2023-07-05T10:00:00.000Z",
    }


def _detailed(did: str, handle: str) -> dict[str, Any]:
    counts = {"followersCount": 740, "followsCount": 310, "postsCount": POSTS}
    return {**_view(did, handle), "description": "Maps & tides.", **counts}


def _reader(place: int, who: int) -> str:
    return f"did:plc:{world.letters(MODEL)}{chr(97 + place)}{chr(97 + who)}{'b' * 13}"


def _like(place: int, who: int) -> dict[str, Any]:
    at = world.iso(world.acted_at(place, who))
    did = _reader(place, who)
    return {"createdAt": at, "indexedAt": at, "actor": _view(did, f"{did[8:]}.example.org")}


def _post(place: int) -> dict[str, Any]:
    at = world.iso(world.posted_at(place))
    words = world.text(place)
    return {
        "uri": f"at://{DID}/app.bsky.feed.post/{world.post_id(place)}",
        "cid": "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae",
        "author": _view(DID, f"a{OWN}.example.org"),
        "record": {
            "$type": "app.bsky.feed.post",
            "createdAt": at,
            "langs": ["en"],
            "text": f"{words} #tides",
            "facets": [
                {
                    "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "tides"}],
                    "index": {"byteStart": len(words) + 1, "byteEnd": len(words) + 7},
                }
            ],
        },
        "bookmarkCount": 0,
        "replyCount": 0,
        "repostCount": 0,
        "likeCount": world.reactions(place),
        "quoteCount": 0,
        "indexedAt": at,
        "labels": [],
    }


FAKE = Fake(
    answer,
    ("BLUESKY_APPVIEW_URL",),
    native_id=lambda number: f"did:plc:{world.letters(number)}aaaaaaaaaaaaaaa",
    is_open=True,
)
