"""LinkedIn: a member, their own data by parts, each count of a post by a question of its own."""

from collections.abc import Callable
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

# Rows of a page of a member's own data.
PER_PAGE = 100
CONNECTIONS = 310
COUNTS = {"REACTION": 40, "COMMENT": 2, "RESHARE": 1, "POST_SAVE": 1, "IMPRESSION": 500}


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what LinkedIn tells an application with all its products of a member."""
    match path.rpartition("/")[2]:
        case "userinfo":
            locale = {"country": "NO", "language": "nb"}
            return Told({"sub": OWN, "name": "Astrid", "locale": locale})
        case "memberFollowersCount":
            return _elements([{"memberFollowersCount": 740}])
        case "memberCreatorPostAnalytics":
            kind = query["queryType"][0]
            return _elements([{"count": COUNTS[kind], "metricType": {"member": kind}}])
    domain = query["domain"][0]
    rows: dict[str, tuple[Callable[[int], Any], int]] = {
        "MEMBER_SHARE_INFO": (_share, POSTS),
        "CONNECTIONS": (_connection, CONNECTIONS),
        "SKILLS": (lambda number: {"Name": f"Skill {number}"}, 20),
        "GROUPS": (lambda number: {"Name": f"Group {number}"}, 3),
    }
    row, total = rows[domain]
    page = int(query.get("start", ["0"])[0])
    places = range(total)[page * PER_PAGE : (page + 1) * PER_PAGE]
    element = {"snapshotData": [row(place) for place in places], "snapshotDomain": domain}
    address = f"{path}?q=criteria&domain={domain}&start={page + 1}"
    return _elements([element], address if (page + 1) * PER_PAGE < total else "")


def _elements(rows: list[Any], following: str = "") -> Told:
    link = {"type": "application/json", "rel": "next", "href": following}
    paging = {"start": 0, "count": 10, "links": [link] if following else []}
    return Told({"elements": rows, "paging": paging})


def _share(place: int) -> dict[str, str]:
    urn = f"urn%3Ali%3Ashare%3A{world.post_id(place)}"
    return {
        "Date": world.posted_at(place).strftime("%Y-%m-%d %H:%M:%S"),
        "ShareLink": f"https://www.linkedin.com/feed/update/{urn}",
        "ShareCommentary": f"{world.text(place)} #tides",
        "SharedUrl": "https://www.example.org/tides",
        "MediaUrl": "",
        "Visibility": "MEMBER_NETWORK",
    }


def _connection(number: int) -> dict[str, str]:
    named = {"First Name": f"Reader {number}", "Last Name": "", "Company": "Tides"}
    return {**named, "Connected On": "01 Mar 2025"}


# Who acted may not be kept.
FAKE = Fake(answer, ("LINKEDIN_API_URL",), interactions=0)
