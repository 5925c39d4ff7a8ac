"""Archives of invented people, one of each format: to try importing with, and for tests.

The same seed gives the same files, byte by byte.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.archives.car_writing import repository

_STAMP = (2024, 1, 2, 3, 4, 6)
_FIRST = datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
HANDLE = "vera.lindqvale"
NAME = "Vera Lindqvale"
POSTS = 40
_SENTENCES = (
    "Concrete has patience. #architecture",
    "Blåbær og brød på fjellet i dag. #norge #mat",
    "New drawings of the harbour are up: https://example.org/harbour",
    "Two bridges, one river. @otto.brandvik knows which I mean. #bridges",
    "Slow mornings make good plans.",
    "What do you measure before you draw a line? #architecture #question",
)


class Invented:
    """A person's posts: moments, texts, numbers."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented people
        self.posts: list[tuple[datetime, str]] = []
        at = _FIRST
        for _ in range(POSTS):
            at += timedelta(days=self.random.randint(3, 60), seconds=self.random.randint(0, 40_000))
            self.posts.append((at, self.random.choice(_SENTENCES)))

    def moments(self, count: int) -> list[datetime]:
        """Return so many moments within the years of the posts, ascending."""
        span = int((self.posts[-1][0] - _FIRST).total_seconds())
        seconds = sorted(self.random.randint(0, span) for _ in range(count))
        return [_FIRST + timedelta(seconds=second) for second in seconds]


def make_all(folder: Path, seed: int = 7) -> list[Path]:
    """Write an archive of each format into the folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, maker in MAKERS.items():
        path = folder / name
        path.write_bytes(maker(Invented(seed)))
        made.append(path)
    return made


def zipped(members: Mapping[str, bytes | str | Any]) -> bytes:
    """Return a zip of members by name: bytes and texts as they are, all else as JSON."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            if not isinstance(content, bytes | str):
                content = json.dumps(content, ensure_ascii=False, indent=1)
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return out.getvalue()


def _table(head: Iterable[str], rows: Iterable[Iterable[object]], notes: str = "") -> str:
    out = io.StringIO()
    out.write(notes)
    writer = csv.writer(out)
    writer.writerow(list(head))
    writer.writerows(list(row) for row in rows)
    return out.getvalue()


# --- X -------------------------------------------------------------------------------------------
def ytd(name: str, items: list[Any], part: int = 0) -> str:
    """Return the JavaScript in which X's archive puts a list."""
    return f"window.YTD.{name}.part{part} = {json.dumps(items, ensure_ascii=False, indent=1)}"


def tweet(number: int, at: datetime, text: str, **more: Any) -> dict[str, Any]:
    """Return a post as X's archive has it."""
    row = {
        "id_str": str(number),
        "created_at": f"{at:%a %b %d %H:%M:%S} +0000 {at:%Y}",
        "full_text": text,
        "lang": "en",
        "favorite_count": "3",
        "retweet_count": "1",
    }
    return {"tweet": {**row, **more}}


def make_x(who: Invented) -> bytes:
    posts = [tweet(10**18 + n, at, text) for n, (at, text) in enumerate(who.posts)]
    posts.append(tweet(2 * 10**18, who.posts[3][0], "RT @otto_brandvik: Two bridges."))
    posts.append(
        tweet(2 * 10**18 + 1, who.posts[4][0], "@otto_brandvik Yes.", in_reply_to_status_id="7")
    )
    account = {"accountId": "4242", "username": "vera_lindqvale", "accountDisplayName": NAME}
    people = [{"accountId": str(n), "userLink": "https://x.com/intent/user"} for n in range(25)]
    return zipped(
        {
            "data/account.js": ytd("account", [{"account": account}]),
            "data/tweets.js": ytd("tweets", posts[:20]),
            "data/tweets-part1.js": ytd("tweets", posts[20:], 1),
            "data/like.js": ytd("like", [{"like": {"tweetId": str(n)}} for n in range(30)]),
            "data/follower.js": ytd("follower", [{"follower": one} for one in people]),
            "data/following.js": ytd("following", [{"following": one} for one in people[:9]]),
            "data/direct-messages.js": ytd("direct_messages", []),
            "data/verified.js": ytd("verified", []),
            "Your archive.html": "<!doctype html>",
        }
    )


# --- Bluesky -------------------------------------------------------------------------------------
def make_bluesky(who: Invented) -> bytes:
    records: dict[str, dict[str, Any]] = {
        "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": NAME},
        "app.example.invented/1": {"$type": "app.example.invented"},
    }
    for number, (at, text) in enumerate(who.posts):
        post: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": at.isoformat().replace("+00:00", "Z"),
            "langs": ["en"],
        }
        if "#architecture" in text:
            tag = {"$type": "app.bsky.richtext.facet#tag", "tag": "architecture"}
            post["facets"] = [{"features": [tag], "index": {"byteStart": 0, "byteEnd": 1}}]
        if number % 10 == 9:
            post["reply"] = {"parent": {"uri": "at://did:plc:otto/app.bsky.feed.post/1"}}
        records[f"app.bsky.feed.post/3k{number:011d}"] = post
    for kind, count in (("feed.like", 30), ("feed.repost", 6), ("graph.follow", 12)):
        for number, at in enumerate(who.moments(count)):
            records[f"app.bsky.{kind}/3k{number:011d}"] = {
                "$type": f"app.bsky.{kind}",
                "createdAt": at.isoformat().replace("+00:00", "Z"),
            }
    return repository(records)


# --- Mastodon ------------------------------------------------------------------------------------
def make_mastodon(who: Invented) -> bytes:
    actor = "https://fjord.example/users/vera"
    items: list[dict[str, Any]] = []
    for number, (at, text) in enumerate(who.posts):
        note = {
            "id": f"{actor}/statuses/{number + 1000}",
            "type": "Note",
            "published": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "url": f"https://fjord.example/@vera/{number + 1000}",
            "content": f"<p>{text}</p>",
            "contentMap": {"en": text},
            "to": ["https://www.w3.org/ns/activitystreams#Public"],
            "cc": [],
            "tag": [{"type": "Hashtag", "name": "#fjord"}] if number % 4 == 0 else [],
            "inReplyTo": actor if number % 10 == 9 else None,
        }
        items.append({"type": "Create", "published": note["published"], "object": note})
    items += [
        {"type": "Announce", "published": f"{at:%Y-%m-%dT%H:%M:%SZ}", "object": "x"}
        for at in who.moments(8)
    ]
    letter = {"id": "9", "published": "2020-01-01T00:00:00Z", "to": ["https://a.example/b"]}
    items.append({"type": "Create", "object": letter})
    return zipped(
        {
            "actor.json": {
                "id": actor,
                "preferredUsername": "vera",
                "name": NAME,
                "type": "Person",
            },
            "outbox.json": {"type": "OrderedCollection", "orderedItems": items},
            "likes.json": {"orderedItems": [f"https://a.example/{n}" for n in range(15)]},
            "bookmarks.json": {"orderedItems": []},
            "avatar.png": b"\x89PNG",
        }
    )


# --- Meta ----------------------------------------------------------------------------------------
def garbled(text: str) -> str:
    """Return a text as Meta's exports write it: each byte of its UTF-8 a letter."""
    return text.encode().decode("latin-1")


def make_instagram(who: Invented, *, name_key: str = "Username") -> bytes:
    posts = [
        {
            "media": [{"uri": f"media/posts/{n}.jpg", "creation_timestamp": int(at.timestamp())}],
            "title": garbled(text),
            "creation_timestamp": int(at.timestamp()),
        }
        for n, (at, text) in enumerate(who.posts)
    ]
    profile = {"string_map_data": {garbled(name_key): {"value": HANDLE}, "Name": {"value": NAME}}}

    def listed(at: datetime) -> dict[str, Any]:
        return {"title": "", "string_list_data": [{"href": "x", "timestamp": int(at.timestamp())}]}

    followers = [listed(at) for at in who.moments(50)]
    comments = [
        {
            "string_map_data": {
                "Comment": {"value": "Ja."},
                "Time": {"timestamp": int(a.timestamp())},
            }
        }
        for a in who.moments(7)
    ]
    activity = "your_instagram_activity"
    connections = "connections/followers_and_following"
    return zipped(
        {
            "personal_information/personal_information/personal_information.json": {
                "profile_user": [profile]
            },
            f"{activity}/media/posts_1.json": posts[:25],
            f"{activity}/media/posts_2.json": posts[25:],
            f"{connections}/followers_1.json": followers[:30],
            f"{connections}/followers_2.json": followers[30:],
            f"{connections}/following.json": {
                "relationships_following": [listed(at) for at in who.moments(12)]
            },
            f"{activity}/likes/liked_posts.json": {
                "likes_media_likes": [listed(at) for at in who.moments(20)]
            },
            f"{activity}/comments/post_comments_1.json": comments,
            f"{activity}/messages/inbox/otto/message_1.json": {"messages": [{"content": "Hei"}]},
            f"{activity}/other/eligibility.json": {"monetization_eligibility": [{"a": 1}]},
        }
    )


def make_facebook(who: Invented) -> bytes:
    posts = [
        {"timestamp": int(at.timestamp()), "data": [{"post": garbled(text)}], "title": ""}
        for at, text in who.posts
    ]

    def dated(count: int, **more: Any) -> list[dict[str, Any]]:
        return [{"timestamp": int(at.timestamp()), **more} for at in who.moments(count)]

    profile = {"name": {"full_name": NAME}, "username": HANDLE}
    activity = "your_facebook_activity"
    return zipped(
        {
            "personal_information/profile_information/profile_information.json": {
                "profile_v2": profile
            },
            f"{activity}/posts/your_posts__check_ins__photos_and_videos_1.json": posts[:25],
            f"{activity}/posts/your_posts__check_ins__photos_and_videos_2.json": posts[25:],
            f"{activity}/comments_and_reactions/comments.json": {"comments_v2": dated(9)},
            f"{activity}/comments_and_reactions/likes_and_reactions_1.json": dated(
                14, data=[{"reaction": {"reaction": "LIKE"}}]
            ),
            "connections/friends/your_friends.json": {"friends_v2": dated(31, name="Otto")},
            "connections/followers/who_you_ve_followed.json": {"following_v3": dated(6)},
            f"{activity}/messages/inbox/otto_1/message_1.json": {"messages": []},
            f"{activity}/groups/your_groups.json": {"groups_joined_v2": [{"title": "Bridges"}]},
        }
    )


# --- LinkedIn ------------------------------------------------------------------------------------
def make_linkedin(who: Invented) -> bytes:
    notes = (
        "Notes:\n"
        '"When exporting your connection data, you may notice that some of it is missing."\n\n'
    )
    shares = [
        (
            f"{at:%Y-%m-%d %H:%M:%S}",
            f"https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A{n}",
            text,
            "",
            "",
            "MEMBER_NETWORK",
        )
        for n, (at, text) in enumerate(who.posts, 7 * 10**18)
    ]
    head = ("Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility")
    people = [("Otto", "B.", "", "", "", "", f"{at:%d %b %Y}") for at in who.moments(33)]
    return zipped(
        {
            "Profile.csv": _table(("First Name", "Last Name"), [("Vera", "Lindqvale")]),
            "Shares.csv": _table(head, shares),
            "Connections.csv": _table(
                (
                    "First Name",
                    "Last Name",
                    "URL",
                    "Email Address",
                    "Company",
                    "Position",
                    "Connected On",
                ),
                people,
                notes,
            ),
            "Comments.csv": _table(
                ("Date", "Link", "Message"),
                [(f"{at:%Y-%m-%d %H:%M:%S}", "x", "Two\nlines, yes") for at in who.moments(5)],
            ),
            "Reactions.csv": _table(
                ("Date", "Type", "Link"),
                [(f"{at:%Y-%m-%d %H:%M:%S}", "LIKE", "x") for at in who.moments(17)],
            ),
            "messages.csv": _table(("FROM", "CONTENT"), [("Otto", "Hei")]),
            "Learning.csv": _table(("Title",), [("Bridges",)]),
        }
    )


# --- Google --------------------------------------------------------------------------------------
def make_youtube(who: Invented, *, folder: str = "Takeout/YouTube and YouTube Music") -> bytes:
    channel = "UCinventedVeraLindqvale_"
    videos = [
        (f"vid{n:08d}", "0", "Norwegian", f"{at:%Y-%m-%dT%H:%M:%S+00:00}", text, "Public")
        for n, (at, text) in enumerate(who.posts)
    ]
    comments = [
        (f"c{n}", channel, f"{at:%Y-%m-%dT%H:%M:%S+00:00}", "", "", "v", '{"text":"Yes"}')
        for n, at in enumerate(who.moments(11))
    ]
    return zipped(
        {
            f"{folder}/channels/channel.csv": _table(
                ("Channel ID", "Channel title", "Channel visibility"), [(channel, NAME, "Public")]
            ),
            f"{folder}/videos/videos.csv": _table(
                ("Video ID", "Duration", "Language", "Created", "Title", "Privacy"), videos
            ),
            f"{folder}/comments/comments.csv": _table(
                ("Comment ID", "Channel ID", "Created", "Price", "Parent", "Video ID", "Text"),
                comments,
            ),
            f"{folder}/subscriptions/subscriptions.csv": _table(
                ("Channel Id", "Channel Url", "Channel Title"),
                [(f"UC{n:022d}", "http://www.youtube.com/channel/", "Otto") for n in range(8)],
            ),
            f"{folder}/history/watch-history.json": [{"title": "Watched bridges"}],
            f"{folder}/playlists/Bridges.csv": _table(("Video ID", "Added"), []),
        }
    )


def make_googleplus(who: Invented) -> bytes:
    members: dict[str, Any] = {}
    folder = "Takeout/Google+ Stream/Posts"
    for number, (_at, text) in enumerate(who.posts):
        # Before the end of Google+.
        at = datetime(2013, 5, 6, 7, 8, tzinfo=UTC) + timedelta(days=30 * number)
        stem = f"{folder}/{at:%Y%m%d} - Post {number}"
        if number % 5 == 4:
            members[f"{stem}.html"] = (
                f"<html><head><title>x</title></head><body><p>{text}</p></body></html>"
            )
            continue
        members[f"{stem}.json"] = {
            "url": f"https://plus.google.com/+Vera/posts/p{number}",
            "creationTime": f"{at:%Y-%m-%d %H:%M:%S}+0000",
            "author": {"displayName": NAME, "resourceName": "users/1010101"},
            "content": f"{text}<br>",
            "plusOnes": [{"plusOner": {"displayName": "Otto"}}] * (number % 3),
            "comments": [
                {"creationTime": f"{at:%Y-%m-%d %H:%M:%S}+0000", "author": {"displayName": "Otto"}}
            ],
        }
    members["Takeout/Google+ Stream/Photos/1.jpg"] = b"\xff\xd8"
    return zipped(members)


# --- TikTok --------------------------------------------------------------------------------------
def make_tiktok(who: Invented) -> bytes:
    def dated(count: int) -> list[dict[str, str]]:
        return [{"Date": f"{at:%Y-%m-%d %H:%M:%S}"} for at in who.moments(count)]

    videos = [
        {"Date": f"{at:%Y-%m-%d %H:%M:%S}", "Link": "https://example.org/v.mp4", "Title": text}
        for at, text in who.posts
    ]
    data = {
        "Profile": {
            "Profile Information": {"ProfileMap": {"userName": HANDLE, "bioDescription": ""}}
        },
        "Your Activity": {
            "Follower": {"FansList": dated(44)},
            "Following": {"Following": dated(10)},
            "Share History": {"ShareHistoryList": dated(3)},
            "Watch History": {"VideoList": dated(9)},
        },
        "Likes and Favorites": {
            "Like List": {"ItemFavoriteList": dated(21)},
            "Favorite Effects": {"FavoriteEffectsList": dated(2)},
        },
        "Comment": {"Comments": {"CommentsList": dated(13)}},
        "Direct Message": {"Direct Messages": {"ChatHistory": {"Chat": [{"Content": "Hei"}]}}},
        "Post": {"Posts": {"VideoList": videos}},
    }
    return zipped({"user_data_tiktok.json": data})


# --- Foursquare (Swarm) --------------------------------------------------------------------------
def make_foursquare(who: Invented) -> bytes:
    """Return two files of check-ins, as long histories come, and a quarter of the posts as tips."""
    place = {"id": "4b00aa0000000000000000v1", "name": "Harbour Coffee"}

    def told(posts: list[tuple[datetime, str]], word: str, kind: str) -> dict[str, object]:
        rows = [
            {
                "id": f"{kind}{at:%Y%m%d%H%M%S}",
                "createdAt": f"{at:%Y-%m-%d %H:%M:%S.%f}",
                "type": kind,
                "timeZoneOffset": 60,
                "venue": place,
                word: text,
                "comments": {"count": 0},
            }
            for at, text in posts
        ]
        return {"count": len(rows), "items": rows}

    half, last = POSTS // 2, POSTS * 3 // 4
    first, *names = NAME.split()
    owner = {"id": "4100210", "firstName": first, "lastName": " ".join(names), "handle": HANDLE}
    members = {
        "checkins1.json": told(who.posts[:half], "shout", "checkin"),
        "checkins2.json": told(who.posts[half:last], "shout", "checkin"),
        "tips.json": told(who.posts[last:], "text", "tip"),
        "users.json": {"count": 1, "items": [owner]},
        "friends.json": {"count": 1, "items": [{"id": "9", "firstName": "Otto"}]},
        "visits.json": {"count": 1, "items": [{"venue": place, "shout": "Hei"}]},
    }
    return zipped({f"data-export-41/{name}": content for name, content in members.items()})


# Each file as its network would call it.
MAKERS: dict[str, Callable[[Invented], bytes]] = {
    "bluesky-repo.car": make_bluesky,
    "x-archive.zip": make_x,
    "instagram-information.zip": make_instagram,
    "facebook-information.zip": make_facebook,
    "mastodon-archive.zip": make_mastodon,
    "Complete_LinkedInDataExport.zip": make_linkedin,
    "youtube-takeout.zip": make_youtube,
    "googleplus-takeout.zip": make_googleplus,
    "tiktok-data.zip": make_tiktok,
    "swarm-data-export.zip": make_foursquare,
}
