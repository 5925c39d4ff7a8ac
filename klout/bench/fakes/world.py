"""What all accounts of the fakes have in common; they differ in nothing but their number.

Whatever belongs to an account holds its number, in one of two ways of writing. So one account's
answer, made once, is every account's with the number exchanged, and the server costs next to
nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

POSTS = 200
# The newest posts have two reactions each.
ACTED_ON = 10
REACTORS = 2
REACTIONS = ACTED_ON * REACTORS
DIGITS, LETTERS = "777{:06d}", "zzz{}"
NUMBERED = re.compile(r"777(\d{6})|zzz([a-j]{6})")
_TO_LETTERS = str.maketrans("0123456789", "abcdefghij")
# Which account the kept answers are of.
MODEL = 999_999
OWN = DIGITS.format(MODEL)
NOW = datetime.now(UTC)


def digits(number: int) -> str:
    """Return an account's number where figures are wanted."""
    return DIGITS.format(number)


def letters(number: int) -> str:
    """Return an account's number where letters are wanted."""
    return LETTERS.format(f"{number:06d}".translate(_TO_LETTERS))


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what becomes its JSON, and the address of a next page in its header."""

    data: Any
    next_page: str = ""


# The parameters that matter, of the address or of a body of JSON.
Query = Mapping[str, Sequence[str]]
# Path, parameters, the fake's own origin.
Answer = Callable[[str, Query, str], Told]


@dataclass(frozen=True, slots=True)
class Fake:
    """How a network is played, and what the first sync of an account comes to, exactly."""

    answer: Answer
    # The settings that say where it answers; none where accounts name their server.
    settings: tuple[str, ...] = ()
    posts: int = POSTS
    interactions: int = REACTIONS
    # Days of which counts are told.
    snapshots: int = 1
    # The id of the account with a number; also its handle where `is_handle`.
    native_id: Callable[[int], str] = digits
    is_handle: bool = False
    # Whether it is read without anybody's token.
    is_open: bool = False
    # The site's own key, for networks that want one.
    key: str = ""


def post_id(place: int) -> str:
    """Return the id of a post by its place, the newest first."""
    return f"{OWN}{9_999 - place:04d}"


def place_of(name: str) -> int:
    """Return the place of a post by its id."""
    return 9_999 - int(name[-4:])


def posted_at(place: int) -> datetime:
    """Return when a post was written: one in eight hours."""
    return NOW - timedelta(hours=1 + 8 * place)


def acted_at(place: int, reactor: int) -> datetime:
    """Return when somebody acted on a post."""
    return posted_at(place) + timedelta(minutes=10 + reactor)


def reactions(place: int) -> int:
    """Return how many acted on a post."""
    return REACTORS if place < ACTED_ON else 0


def reactor_number(place: int, reactor: int) -> str:
    """Return who acted: nobody acts twice, which is the most work."""
    return f"{OWN}{place:02d}{reactor:02d}"


def text(place: int) -> str:
    """Return the words of a post."""
    return (
        f"Note {place} on the tides of the outer skerries: the ebb runs two hours longer than the "
        "tables say, so the charts are being redrawn from this spring's soundings."
    )


def iso(moment: datetime) -> str:
    """Return a time as most networks write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def seconds(moment: datetime) -> int:
    """Return a time as many networks tell it: seconds since 1970."""
    return int(moment.timestamp())


def acts() -> list[tuple[int, int]]:
    """Return who acted on which post, by their places, the newest post first."""
    return [(place, who) for place in range(POSTS) for who in range(reactions(place))]


def page(query: Query, name: str, per_page: int, total: int = POSTS) -> tuple[range, str]:
    """Return the places of the page that a parameter asks for, and where the next begins, or ""."""
    first = int(query.get(name, ["0"])[0])
    last = min(first + per_page, total)
    return range(first, last), str(last) if last < total else ""
