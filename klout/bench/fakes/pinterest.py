"""Pinterest: an account for business, its analytics, boards, Pins with their counts; no names."""

from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

BOARDS = 14


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Pinterest tells the owner of an account; a page would hold 250 Pins."""
    match path.rpartition("/")[2]:
        case "user_account":
            return Told(_account())
        case "analytics":
            month = {"SAVE": 120.0, "OUTBOUND_CLICK": 31.0, "ENGAGEMENT": 402.0}
            return Told({"all": {"summary_metrics": month, "daily_metrics": []}})
        case "boards":
            return Told({"items": [_board(number) for number in range(BOARDS)], "bookmark": None})
    return Told({"items": [_pin(place) for place in range(POSTS)], "bookmark": None})


def _account() -> dict[str, Any]:
    return {
        "id": OWN,
        "username": f"a{OWN}",
        "account_type": "BUSINESS",
        "about": "Maps & tides",
        "business_name": "Astrid",
        "profile_image": "https://i.example.org/p.jpg",
        "website_url": "https://astrid.example.org/",
        "board_count": BOARDS,
        "pin_count": POSTS,
        "follower_count": 740,
        "following_count": 310,
        "monthly_views": 9_100,
    }


def _board(number: int) -> dict[str, Any]:
    return {
        "id": f"{OWN}{number}",
        "name": f"Maps {number}",
        "description": "",
        "created_at": "2021-01-01T20:10:40",
        "privacy": "PUBLIC",
        "follower_count": 30,
        "pin_count": 15,
        "collaborator_count": 0,
        "owner": {"username": f"a{OWN}"},
    }


def _pin(place: int) -> dict[str, Any]:
    lately = {"impression": 480, "save": 2, "pin_click": 9, "outbound_click": 3}
    ever = {**lately, "impression": 500, "reaction": 40, "comment": 2}
    return {
        "id": world.post_id(place),
        "created_at": world.posted_at(place).strftime("%Y-%m-%dT%H:%M:%S"),
        "link": "https://www.example.org/tides",
        "title": f"Tides, part {place}",
        "description": f"{world.text(place)} #tides",
        "dominant_color": "#6E7874",
        "alt_text": None,
        "creative_type": "REGULAR",
        "board_id": f"{OWN}0",
        "board_section_id": None,
        "board_owner": {"username": f"a{OWN}"},
        "is_owner": True,
        "is_standard": True,
        "has_been_promoted": False,
        "parent_pin_id": None,
        "media": {"media_type": "image"},
        "pin_metrics": {"90d": lately, "lifetime_metrics": ever},
    }


# Who saved or reacted is nobody's business there.
FAKE = Fake(answer, ("PINTEREST_API_URL",), interactions=0)
