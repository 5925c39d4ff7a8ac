"""Who is on the fake Graph: linked people with posts, and who acted on them; all invented."""

from datetime import datetime, timedelta
from typing import Any

IG_ID, IG_USER_ID, IG_NAME = "27001001", "17841400000001001", "astrid.kart"
THREADS_ID, THREADS_NAME = "26001001", "astrid.kart"
FB_USER_ID, PAGE_ID, PAGE_NAME = "10001001", "104000000000101", "fjordcharts"
PEOPLE = 30

Tree = dict[str, Any]


def written(at: datetime) -> str:
    """Return a time as the Graph writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def reader(number: int) -> str:
    """Return the name of somebody who acts on others' posts."""
    return f"reader.{number:02d}"


def made(now: datetime) -> dict[str, Tree]:
    """Return the linked account of each network, with all that hangs on it."""
    return {"instagram": _instagram(now), "threads": _threads(now), "facebook": _facebook(now)}


def days_ago(now: datetime) -> list[tuple[int, datetime]]:
    """Return when the posts were written: one in five days, and one of half a year before."""
    ages = [*range(1, 29, 5), 200]
    return [(number, now - timedelta(days=age)) for number, age in enumerate(ages)]


def _instagram(now: datetime) -> Tree:
    posts = []
    for n, at in days_ago(now):
        comments = [_ig_comment(n, k, at) for k in range(3 + 20 * (n == 0) + 60 * (n == 1))]
        comments[0]["replies"] = [_ig_comment(n, 500, at)]
        posts.append(
            {
                "id": f"1790000000000{n:04d}",
                "caption": "Fog over the outer skerries. #fog @pilot.station",
                "permalink": f"https://www.instagram.com/p/Fog{n}/",
                "timestamp": written(at),
                "like_count": 40 + n,
                "comments_count": len(comments) + 1,
                "comments": sorted(comments, key=lambda row: row["timestamp"], reverse=True),
                "insights": {"views": 900 + n, "reach": 700 + n, "saved": 5 + n, "shares": n},
            }
        )
    return {
        "id": IG_ID,
        "user_id": IG_USER_ID,
        "username": IG_NAME,
        "name": "Astrid Kart",
        "followers_count": 2410,
        "follows_count": 330,
        "media_count": 187,
        "media": posts,
        "tags": [
            {"id": "18000000000000001", "username": "pilot.station", "timestamp": written(at)}
            for at in (now - timedelta(days=2),)
        ],
        "insights": {
            "reach": 5100,
            "views": 12_400,
            "accounts_engaged": 640,
            "total_interactions": 910,
            "profile_links_taps": 12,
        },
    }


def _ig_comment(post: int, number: int, at: datetime) -> Tree:
    name = reader((post * 7 + number) % PEOPLE)
    return {
        "id": f"1790{post:02d}{number:04d}",
        "username": name,
        "timestamp": written(at + timedelta(minutes=10 + number)),
        "from": {"id": f"88{number:04d}", "username": name},
    }


def _threads(now: datetime) -> Tree:
    posts = []
    for n, at in days_ago(now):
        replies = [_reply(n, k, at) for k in range(2 + 130 * (n == 0))]
        posts.append(
            {
                "id": f"1803000000000{n:04d}",
                "text": "Fog again. @pilot.station",
                "permalink": f"https://www.threads.com/@astrid.kart/post/Fog{n}",
                "timestamp": written(at),
                "media_type": "TEXT_POST",
                "topic_tag": "Weather",
                "has_replies": True,
                "replies": sorted(replies, key=lambda row: row["timestamp"], reverse=True),
                "insights": {
                    "views": 300 + n,
                    "likes": 20 + n,
                    "reposts": 2,
                    "quotes": 1,
                    "replies": len(replies),
                },
            }
        )
    return {
        "id": THREADS_ID,
        "username": THREADS_NAME,
        "name": "Astrid Kart",
        "threads": posts,
        "mentions": [
            {"id": "18050000000000001", "username": "pilot.station", "timestamp": written(at)}
            for at in (now - timedelta(days=2),)
        ],
        "insights": {"followers_count": 1530, "views": [90, 75, 60]},
    }


def _reply(post: int, number: int, at: datetime) -> Tree:
    return {
        "id": f"1804{post:02d}{number:04d}",
        "username": reader((post * 5 + number) % PEOPLE),
        "timestamp": written(at + timedelta(minutes=5 + number)),
    }


def _facebook(now: datetime) -> Tree:
    """Return a person who runs two Pages; all but the first Page is empty."""
    names = ("pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights")
    return {
        "id": FB_USER_ID,
        "permissions": [{"permission": name, "status": "granted"} for name in names],
        "accounts": [
            _page(PAGE_ID, PAGE_NAME, now, days_ago(now)),
            _page("104000000000102", "harbourchoir", now, []),
        ],
    }


def _page(native_id: str, name: str, now: datetime, posts: list[tuple[int, datetime]]) -> Tree:
    return {
        "id": native_id,
        "name": name.title(),
        "username": name,
        "link": f"https://www.facebook.com/{name}",
        "followers_count": 8120,
        "fan_count": 7990,
        "talking_about_count": 140,
        "were_here_count": 0,
        "checkins": 12,
        "rating_count": 31,
        "published_posts": [_page_post(native_id, n, at) for n, at in posts],
        "tagged": [
            {
                "id": f"636799_{native_id}",
                "from": {"id": "636799", "name": "Pilot Station"},
                "created_time": written(now - timedelta(days=2)),
            }
        ],
        "insights": {
            "page_media_view": [30_100, 31_200],
            "page_total_media_view_unique": [9100],
            "page_post_engagements": [820],
            "page_daily_follows": [4, 7],
        },
    }


def _page_post(page: str, number: int, at: datetime) -> Tree:
    comments = [_page_comment(number, k, at) for k in range(3 + 60 * (number == 1))]
    return {
        "id": f"{page}_90{number}",
        "created_time": written(at),
        "permalink_url": f"https://www.facebook.com/{PAGE_NAME}/posts/90{number}",
        "message": "Fog over the outer skerries. #fog",
        "shares": {"count": 3 + number},
        "attachments": [{"unshimmed_url": "https://kart.example/fog"}],
        "reactions": [{"id": str(who)} for who in range(20 + number)],
        "comments": sorted(comments, key=lambda row: row["created_time"], reverse=True),
        "insights": {
            "post_reactions_by_type_total": {"like": 15 + number, "love": 5},
            "post_total_media_view_unique": 2400,
            "post_clicks": 31,
        },
    }


def _page_comment(post: int, number: int, at: datetime) -> Tree:
    who = (post * 3 + number) % PEOPLE
    return {
        "id": f"90{post}_{number}",
        "from": {"id": f"6367{who:04d}", "name": reader(who)},
        "created_time": written(at + timedelta(minutes=10 + number)),
    }
