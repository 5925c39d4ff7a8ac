"""An account of the fake Pinterest: its Pins and boards; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, TRUE, Description, choice, count, several
from tests.fake_web.tokens import Vendor, signing_in

OWN, NAME = "549755885175", "astrid_kart"
SCOPES = "user_accounts:read,pins:read,boards:read"


class _Pinterest(Vendor):
    """Says no in a number and a sentence."""

    def _no(self, word: str, status: int) -> tuple[Response, int]:
        return jsonify(code=2, message="Authentication failed."), status


VENDOR = _Pinterest("pinterest", SCOPES, basic=True, pkce=False, rotating=True)
_DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_PAGED = {"bookmark": TEXT, "page_size": count(1, 250)}
# Names and limits as in Pinterest's description of version 5 (pinterest/api-description, 2026-11).
DESCRIPTION: Description = {
    "GET /pinterest/v5/user_account": {},
    "GET /pinterest/v5/user_account/analytics": {
        "!start_date": _DAY,
        "!end_date": _DAY,
        "metric_types": several(["ENGAGEMENT", "IMPRESSION", "OUTBOUND_CLICK", "SAVE"]),
    },
    "GET /pinterest/v5/boards": {
        "privacy": choice("ALL", "PROTECTED", "PUBLIC", "SECRET"),
        **_PAGED,
    },
    "GET /pinterest/v5/pins": {
        "pin_filter": choice("exclude_native", "exclude_repins", "has_been_promoted"),
        "pin_metrics": TRUE,
        **_PAGED,
    },
}
# So that there are pages; no page is as long as it was asked for.
LONGEST_PAGE = 40


@dataclass
class World:
    """How often each Pin was saved, by its id, and when it was made; the latest first."""

    pins: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a Pin in two days for 200 days."""
        days = range(0, 200, 2)
        return cls({f"7{n:05}": (now - timedelta(days=n, hours=1), 3 + n % 5) for n in days})


WORLD = World.made(datetime.now(UTC))


def reset() -> None:
    """Begin anew."""
    WORLD.__dict__.update(World.made(datetime.now(UTC)).__dict__)
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Let somebody save a Pin, or delete it."""
    WORLD.pins.pop(what.get("delete", ""), None)
    if "save" in what:
        at, saves = WORLD.pins[what["save"]]
        WORLD.pins[what["save"]] = (at, saves + 1)


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no right."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in VENDOR.access:
        return jsonify(code=2, message="Authentication failed."), 401
    return None


pages = Blueprint("pinterest", __name__)
pages.register_blueprint(
    signing_in(VENDOR, authorize="/pinterest/oauth/", token="/pinterest/v5/oauth/token")
)


def _paged(rows: list[dict[str, Any]]) -> Response:
    begin = int(request.args.get("bookmark", "0"))
    end = begin + min(int(request.args.get("page_size", "25")), LONGEST_PAGE)
    return jsonify(items=rows[begin:end], bookmark=str(end) if end < len(rows) else None)


@pages.get("/pinterest/v5/user_account")
def user_account() -> Response:
    """The token's owner."""
    return jsonify(
        id=OWN,
        username=NAME,
        account_type="BUSINESS",
        business_name="Astrid Maps",
        about="Maps",
        website_url="",
        follower_count=310,
        following_count=25,
        pin_count=len(WORLD.pins),
        board_count=2,
        monthly_views=9000,
    )


@pages.get("/pinterest/v5/user_account/analytics")
def analytics() -> Response:
    """A month of the account."""
    names = request.args["metric_types"].split(",")
    return jsonify(all={"summary_metrics": dict.fromkeys(names, 12.0), "daily_metrics": []})


@pages.get("/pinterest/v5/boards")
def boards() -> Response:
    """The account's boards."""
    return _paged([{"id": f"81{n}", "name": "Maps", "follower_count": 40} for n in range(2)])


@pages.get("/pinterest/v5/pins")
def pins() -> Response:
    """The account's Pins, the latest first, with their totals."""
    return _paged(
        [
            {
                "id": name,
                "created_at": at.strftime("%Y-%m-%dT%H:%M:%S"),
                "title": "The ferry",
                "description": None,
                "link": None,
                "has_been_promoted": False,
                "pin_metrics": {
                    "lifetime_metrics": {
                        "impression": 100 * saves,
                        "save": saves,
                        "pin_click": 2 * saves,
                        "outbound_click": 1,
                        "reaction": 2,
                        "comment": 1,
                    }
                },
            }
            for name, (at, saves) in WORLD.pins.items()
        ]
    )
