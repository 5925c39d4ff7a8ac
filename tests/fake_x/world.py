"""Who is on the fake X: one linked person, their posts, and who acted on them; all invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST_MILLISECOND = 1_288_834_974_657
OWN, HANDLE = "2244990001", "astrid_fjord"
PEOPLE = 40


def id_at(when: datetime, number: int = 0) -> str:
    """Return the id of something written then: X's ids tell their time."""
    return str(((int(when.timestamp() * 1000) - FIRST_MILLISECOND) << 22) + number)


def written_at(post_id: str) -> str:
    """Return the time in an id as X writes it."""
    when = datetime.fromtimestamp(((int(post_id) >> 22) + FIRST_MILLISECOND) / 1000, UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@dataclass
class Written:
    """A post, and the people (by number) who acted on it."""

    id: str
    likers: list[int] = field(default_factory=list)
    reposters: list[int] = field(default_factory=list)
    # Each a post of somebody's: (id, number of the person).
    replies: list[tuple[str, int]] = field(default_factory=list)
    quotes: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class World:
    """Everything that the fake X knows."""

    posts: dict[str, Written] = field(default_factory=dict)
    mentions: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def made(cls, now: datetime) -> "World":
        """Return a month of posts, one in five days, and one of half a year before."""
        world = cls()
        for n, days_ago in enumerate([*range(1, 29, 5), 200]):
            at = now - timedelta(days=days_ago)
            post = Written(id_at(at, n))
            post.likers = [(n * 7 + k) % PEOPLE for k in range(6 + n)]
            post.reposters = [(n * 5 + k) % PEOPLE for k in range(2 + n % 3)]
            later = at + timedelta(hours=5)
            post.replies = [(id_at(later, 100 + n), (n * 3) % PEOPLE)]
            post.quotes = [(id_at(later, 200 + n), (n * 11) % PEOPLE)] if n % 2 else []
            world.posts[post.id] = post
        world.mentions = [(id_at(now - timedelta(days=2), 300), 39)]
        return world

    def newest(self) -> str:
        """Return the id of the newest post."""
        return max(self.posts, key=int)


def user(number: int | None, *, newer: bool) -> dict[str, Any]:
    """Return a person by number, or the linked one."""
    own = number is None
    name = HANDLE if own else f"reader_{number:02d}"
    return {
        "id": OWN if own else str(3_000_000_000 + (number or 0)),
        "username": name,
        "name": name.replace("_", " ").title(),
        "created_at": "2015-03-02T08:00:00.000Z",
        "description": "",
        "protected": False,
        "public_metrics": {
            "followers_count": 1840 if own else 20 + (number or 0) * 35,
            "following_count": 312,
            "post_count" if newer else "tweet_count": 5210,
            "listed_count": 27,
        },
    }


def post_row(post: Written, *, newer: bool) -> dict[str, Any]:
    """Return one of the linked person's posts."""
    return {
        "id": post.id,
        "text": "Weather for the outer skerries. #weather",
        "created_at": written_at(post.id),
        "lang": "en",
        "entities": {"hashtags": [{"start": 32, "end": 40, "tag": "weather"}]},
        "public_metrics": {
            "repost_count" if newer else "retweet_count": len(post.reposters),
            "reply_count": len(post.replies),
            "like_count": len(post.likers),
            "quote_count": len(post.quotes),
            "bookmark_count": 1,
            "impression_count": 500,
        },
    }


def written_row(post_id: str, number: int, answers: str, *, newer: bool) -> dict[str, Any]:
    """Return somebody else's post that names the linked person, or answers `answers`."""
    row: dict[str, Any] = {
        "id": post_id,
        "text": f"@{HANDLE} is right",
        "created_at": written_at(post_id),
        "author_id": user(number, newer=newer)["id"],
    }
    if answers:
        row["in_reply_to_user_id"] = OWN
        refers = "referenced_posts" if newer else "referenced_tweets"
        row[refers] = [{"type": "replied_to", "id": answers}]
    return row
