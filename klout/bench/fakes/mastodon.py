"""A Mastodon server: lookup, statuses, who favourited, notifications."""

from typing import Any
from urllib.parse import urlsplit

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

PER_PAGE = 40


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what a server of people tells."""
    if path.endswith("/lookup"):
        return Told(_account(f"a{OWN}", origin))
    if path.endswith("/notifications"):
        return Told([_notification(place, who, origin) for place, who in world.acts()])
    if path.endswith("/statuses"):
        first = 0
        if "max_id" in query:
            first = world.place_of(query["max_id"][0]) + 1
        last = min(first + PER_PAGE, POSTS)
        following = f"{origin}{path}?exclude_reblogs=true&limit={PER_PAGE}&max_id="
        following = following + world.post_id(last - 1) if last < POSTS else ""
        return Told([_status(place, origin) for place in range(first, last)], following)
    place = world.place_of(path.split("/")[4])
    return Told([_reader(place, who, origin) for who in range(world.reactions(place))])


def _account(name: str, origin: str) -> dict[str, Any]:
    return {
        "id": OWN,
        "username": name,
        "acct": name,
        "display_name": "Astrid",
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": True,
        "group": False,
        "created_at": "2022-11-06T00:00:00.000Z",
        "note": "<p>Hydrographer.<br>Maps &amp; tides.</p>",
        "url": f"{origin}/@{name}",
        "uri": f"{origin}/users/{name}",
        "avatar": f"{origin}/system/accounts/avatars/{OWN}/original/a.png",
        "avatar_static": f"{origin}/system/accounts/avatars/{OWN}/original/a.png",
        "header": "",
        "header_static": "",
        "followers_count": 740,
        "following_count": 310,
        "statuses_count": POSTS,
        "last_status_at": "2026-02-27",
        "emojis": [],
        "fields": [],
    }


def _reader(place: int, who: int, origin: str) -> dict[str, Any]:
    name = f"reader{world.reactor_number(place, who)}"
    return {**_account(name, origin), "id": world.reactor_number(place, who)}


def _status(place: int, origin: str) -> dict[str, Any]:
    name = f"a{OWN}"
    return {
        "id": world.post_id(place),
        "created_at": world.iso(world.posted_at(place)),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"{origin}/users/{name}/statuses/{world.post_id(place)}",
        "url": f"{origin}/@{name}/{world.post_id(place)}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": world.reactions(place),
        "quotes_count": 0,
        "edited_at": None,
        "content": (
            f'<p>{world.text(place)} <a href="{origin}/tags/tides" class="mention hashtag" '
            'rel="tag">#<span>tides</span></a> <a href="https://www.example.org/tides" '
            'rel="nofollow noopener"><span class="invisible">https://www.</span><span>'
            "example.org/tides</span></a></p>"
        ),
        "reblog": None,
        "account": _account(name, origin),
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": "tides", "url": f"{origin}/tags/tides"}],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _notification(place: int, who: int, origin: str) -> dict[str, Any]:
    host = urlsplit(origin).netloc
    return {
        "id": world.reactor_number(place, who),
        "type": "favourite",
        "created_at": world.iso(world.acted_at(place, who)),
        "group_key": f"favourite-{world.post_id(place)}-{host}",
        "account": _reader(place, who, origin),
        "status": _status(place, origin),
    }


FAKE = Fake(answer)
