"""Stack Exchange: a user, questions and answers by turns, who answered them and commented."""

from collections.abc import Iterator, Sequence
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import OWN, POSTS, Fake, Query, Told

SITE = "stackoverflow.com"


def answer(path: str, query: Query, origin: str) -> Told:
    """Return what Stack Exchange tells everybody; a page holds 100 of each."""
    match path.removeprefix("/2.3/").split("/"):
        case ["users", _]:
            return _items([_user()])
        case ["users", _, "questions"]:
            return _items([_question(place) for place in range(0, POSTS, 2)])
        case ["users", _, "answers"]:
            return _items([_answer(place) for place in range(1, POSTS, 2)])
        case ["questions", names, "answers"]:
            return _items([_reply(place, who) for place, who in _acts(names) if not who])
        case ["posts", names, "comments"]:
            # The first to act on a question answers it.
            acts = [(place, who) for place, who in _acts(names) if who or place % 2]
            return _items([_comment(place, who) for place, who in acts])
    # Mentions, and comments of the user's own.
    return _items([])


def _items(rows: Sequence[Any]) -> Told:
    quota = {"quota_max": 10_000, "quota_remaining": 9_281}
    return Told({"items": rows, "has_more": False, **quota})


def _acts(names: str) -> Iterator[tuple[int, int]]:
    for place in map(world.place_of, names.split(";")):
        yield from ((place, who) for who in reversed(range(world.reactions(place))))


def _shallow(number: str, name: str) -> dict[str, Any]:
    return {
        "account_id": int(f"9{number}"),
        "reputation": 120,
        "user_id": int(number),
        "user_type": "registered",
        "profile_image": "https://images.example.org/a.png",
        "display_name": name,
        "link": f"https://{SITE}/users/{number}/{name.lower()}",
    }


def _user() -> dict[str, Any]:
    return {
        **_shallow(OWN, "Astrid"),
        "badge_counts": {"bronze": 31, "silver": 12, "gold": 1},
        "is_employee": False,
        "reputation_change_year": 310,
        "reputation_change_month": 12,
        "creation_date": 1_300_000_000,
        "location": "Bergen &amp; nearby",
        "website_url": "https://astrid.example.org",
    }


def _written(place: int) -> dict[str, Any]:
    link = '<a href="https://www.example.org/tides">here</a>'
    return {
        "owner": _shallow(OWN, "Astrid"),
        "score": 40,
        "last_activity_date": world.seconds(world.posted_at(place)),
        "creation_date": world.seconds(world.posted_at(place)),
        "content_license": "CC BY-SA 4.0",
        "body": f"<p>{world.text(place)}</p>\n<p>I tried <code>a &lt; b</code>, see {link}.</p>",
    }


def _question(place: int) -> dict[str, Any]:
    number = world.post_id(place)
    return {
        **_written(place),
        "tags": ["tides", "python"],
        "is_answered": world.reactions(place) > 0,
        "view_count": 500,
        "answer_count": min(world.reactions(place), 1),
        "question_id": int(number),
        "link": f"https://{SITE}/questions/{number}/tides",
        "title": f"Why is tide {place} &lt; the tables?",
    }


def _answer(place: int) -> dict[str, Any]:
    number = int(world.post_id(place))
    return {**_written(place), "is_accepted": True, "answer_id": number, "question_id": 7_500}


def _of_reader(place: int, who: int) -> dict[str, Any]:
    at = world.seconds(world.acted_at(place, who))
    owner = _shallow(world.reactor_number(place, who), "Reader")
    return {"owner": owner, "score": 1, "creation_date": at, "content_license": "CC BY-SA 4.0"}


def _reply(place: int, who: int) -> dict[str, Any]:
    number, about = int(world.reactor_number(place, who)), int(world.post_id(place))
    about_it = {"is_accepted": False, "answer_id": number, "question_id": about}
    return {**_of_reader(place, who), **about_it}


def _comment(place: int, who: int) -> dict[str, Any]:
    number, about = int(world.reactor_number(place, who)), int(world.post_id(place))
    return {**_of_reader(place, who), "edited": False, "post_id": about, "comment_id": number}


FAKE = Fake(
    answer,
    ("STACKEXCHANGE_URL",),
    native_id=lambda number: f"{world.digits(number)}@{SITE}",
    is_handle=True,
    is_open=True,
)
