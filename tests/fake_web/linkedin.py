"""A member of the fake LinkedIn with some posts; all invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tests.fake_web.checking import TEXT, Description, choice, count
from tests.fake_web.tokens import Vendor, signing_in

SUB = "fake-member-1"
VENDOR = Vendor("linkedin", "openid profile", pkce=False, access_seconds=5_184_000)
DESCRIPTION: Description = {
    "GET /linkedin/v2/userinfo": {},
    "GET /linkedin/rest/memberFollowersCount": {"!q": choice("me")},
    "GET /linkedin/rest/memberSnapshotData": {
        "!q": choice("criteria"),
        "!domain": choice("MEMBER_SHARE_INFO", "CONNECTIONS", "SKILLS", "GROUPS"),
        "start": count(0, 1000),
    },
    "GET /linkedin/rest/memberCreatorPostAnalytics": {
        "!q": choice("entity"),
        "!entity": {**TEXT, "pattern": r"^\((share|ugc):urn:li:(share|ugcPost):[0-9]+\)$"},
        "!queryType": choice("REACTION", "COMMENT", "RESHARE", "POST_SAVE", "IMPRESSION"),
        "aggregation": choice("TOTAL", "DAILY"),
    },
}
# Whether the application was granted more than sign-in.
GRANTED = {"products": True}
COUNTS = {"REACTION": 12, "COMMENT": 3, "RESHARE": 2, "POST_SAVE": 1, "IMPRESSION": 800}


def reset() -> None:
    """Begin anew."""
    GRANTED["products"] = True
    VENDOR.reset()


def change(what: dict[str, Any], now: datetime) -> None:
    """Grant the application's products, or take them away."""
    GRANTED["products"] = what["products"]


def refusal() -> tuple[Response, int] | None:
    """Return what a request is told that brings no right, or names no version."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token not in VENDOR.access:
        return jsonify(status=401, code="REVOKED_ACCESS_TOKEN"), 401
    if "/rest/" in request.path:
        if request.headers.get("LinkedIn-Version") != "202606":
            return jsonify(status=426, code="NONEXISTENT_VERSION"), 426
        if not GRANTED["products"]:
            return jsonify(status=403, code="ACCESS_DENIED"), 403
    return None


pages = Blueprint("linkedin", __name__)
pages.register_blueprint(
    signing_in(
        VENDOR,
        authorize="/linkedin/oauth/v2/authorization",
        token="/linkedin/oauth/v2/accessToken",
        revoke="/linkedin/oauth/v2/revoke",
    )
)


@pages.get("/linkedin/v2/userinfo")
def userinfo() -> Response:
    """Who the member is."""
    return jsonify(sub=SUB, name="Astrid Fjord", locale={"country": "NO", "language": "nb"})


@pages.get("/linkedin/rest/memberFollowersCount")
def followers() -> Response:
    """How many follow the member."""
    return jsonify(elements=[{"memberFollowersCount": 2140}])


@pages.get("/linkedin/rest/memberSnapshotData")
def own_data() -> tuple[Response, int]:
    """A part of the member's own data."""
    domain, now = request.args["domain"], datetime.now(UTC)
    if domain == "GROUPS":
        return jsonify(status=404, message="No data found for this memberId"), 404
    rows: list[dict[str, str]] = [{"Name": "Cartography"}, {"Name": "Ink"}]
    if domain == "MEMBER_SHARE_INFO":
        rows = [
            {
                "Date": (now - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S"),
                "ShareLink": f"https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A{7000 + n}",
                "ShareCommentary": "Weather for the outer skerries. #weather",
                "Visibility": "MEMBER_NETWORK",
            }
            for n, days in enumerate((2, 9, 400))
        ]
    element = {"snapshotData": rows, "snapshotDomain": domain}
    return jsonify(elements=[element], paging={"links": []}), 200


@pages.get("/linkedin/rest/memberCreatorPostAnalytics")
def analytics() -> Response:
    """One count of one post."""
    return jsonify(elements=[{"count": COUNTS[request.args["queryType"]]}])
