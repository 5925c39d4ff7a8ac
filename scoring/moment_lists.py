"""The moments of a person as their owner sorts and filters them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from connectors.models import Post
from scoring.marks import LEAST_POINTS, read_text
from scoring.models import Moment
from scoring.queries import MomentRow
from scoring.reactors import ReactorRow, reactors_of

# Moments whose texts a search reads: they are stored encrypted, so the database cannot search them.
MOST_SEARCHED = 1_000

_ORDERS = {
    "points": "m.points DESC, m.post_id DESC",
    "date": "post.created_at DESC, m.post_id DESC",
    "network": "a.network, m.points DESC, m.post_id DESC",
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class MomentFilter:
    """Which moments: what they brought within the days, on a network, by kinds of reactions."""

    first: date | None = None
    last: date | None = None
    # "" for all.
    network: str = ""
    # Numbers of connectors.types.Kind; empty for all.
    kinds: Collection[int] = ()
    # Words that the text holds; "" for all.
    words: str = ""
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class MomentPage:
    """Some of the moments found, and how many there are."""

    rows: list[MomentRow]
    total: int
    # A search reads so many of the greatest texts and no more.
    was_cut: bool = False


# Points are kept by day; days as ISO texts sort as days do. A post counts as found by a kind of
# reaction where somebody reacted so on one of the days.
_MOMENTS = """
SELECT post.*, m.day AS moment_day, m.points, m.people, a.network, count(*) OVER () AS total
  FROM (SELECT post_id, least(sum(d.value::float8), 100) AS points,
               (array_agg(d.key ORDER BY d.value::float8 DESC, d.key))[1] AS day,
               max(people_count) AS people
          FROM scoring_moment CROSS JOIN LATERAL jsonb_each_text(days) AS d
         WHERE person_id = %(person)s AND d.key BETWEEN %(first)s AND %(last)s
           AND (%(post)s IS NULL OR post_id = %(post)s)
         GROUP BY post_id) AS m
  JOIN connectors_post post ON post.id = m.post_id
  JOIN connectors_account a ON a.id = post.account_id
 WHERE m.points >= %(least)s AND (%(network)s = '' OR a.network = %(network)s)
   AND (cardinality(%(kinds)s::smallint[]) = 0 OR EXISTS (
        SELECT 1 FROM scoring_postday p
         WHERE p.account_id = post.account_id AND p.post_id = post.id
           AND p.kind = ANY(%(kinds)s::smallint[])
           AND p.day BETWEEN %(first)s::date AND %(last)s::date))
 ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
"""


def moments_page(
    person_id: int, wanted: MomentFilter, *, sort: str, offset: int, limit: int
) -> MomentPage:
    """Return the moments found, `limit` from `offset` on, with who reacted. Three queries."""
    if wanted.words:
        return _searched(person_id, wanted, sort, offset, limit)
    posts = _posts(person_id, wanted, sort, offset, limit)
    total = vars(posts[0])["total"] if posts else 0
    return MomentPage(_rows(posts), total)


def _searched(
    person_id: int, wanted: MomentFilter, sort: str, offset: int, limit: int
) -> MomentPage:
    posts = _posts(person_id, wanted, sort, 0, MOST_SEARCHED)
    word = wanted.words.casefold()
    found = [post for post in posts if word in _text(post).casefold()]
    was_cut = bool(posts) and vars(posts[0])["total"] > MOST_SEARCHED
    return MomentPage(_rows(found[offset : offset + limit]), len(found), was_cut)


def _posts(person_id: int, wanted: MomentFilter, sort: str, offset: int, limit: int) -> list[Post]:
    query = _MOMENTS.format(order=_ORDERS[sort])
    values: dict[str, Any] = {
        "person": person_id,
        "first": (wanted.first or date.min).isoformat(),
        "last": (wanted.last or date.max).isoformat(),
        "post": wanted.post_id,
        "least": LEAST_POINTS,
        "network": wanted.network,
        "kinds": list(wanted.kinds),
        "limit": limit,
        "offset": offset,
    }
    return list(Post.objects.raw(query, values))


def _rows(posts: list[Post]) -> list[MomentRow]:
    people = reactors_of(posts)
    # Reactors may have been kept no longer than the count of them.
    return [
        _row(post, max(people[post.pk][0], vars(post)["people"]), people[post.pk][1])
        for post in posts
    ]


def _row(post: Post, count: int, named: list[ReactorRow]) -> MomentRow:
    # What the query adds to the columns of a post.
    added = vars(post)
    return MomentRow(
        post_id=post.pk,
        network=added["network"],
        url=post.url,
        text=_text(post),
        created_at=post.created_at,
        day=date.fromisoformat(added["moment_day"]),
        points=added["points"],
        people_count=count,
        reactors=named,
        more_count=count - len(named),
    )


def _text(post: Post) -> str:
    if post.text_until is None or post.text_until <= timezone.now():
        return ""
    return read_text(bytes(post.text).decode())


@dataclass(frozen=True, slots=True)
class MomentDay:
    """What a post brought on a day, in points."""

    day: date
    points: float


def moment_days(person_id: int, post_id: int) -> list[MomentDay]:
    """Return what one of the person's posts brought day by day. One query."""
    sums: dict[date, float] = {}
    rows = Moment.objects.filter(person_id=person_id, post_id=post_id).values_list(
        "days", flat=True
    )
    for days in rows:
        for day, points in days.items():
            when = date.fromisoformat(day)
            sums[when] = sums.get(when, 0.0) + points
    return [MomentDay(day, sums[day]) for day in sorted(sums)]


# Moments of one statement of a file, and in all: a file of more is nobody's.
CHUNK, MOST_IN_FILE = 500, 20_000


def each_moment(person_id: int, wanted: MomentFilter, *, sort: str) -> Iterator[MomentRow]:
    """Yield the moments found without who reacted, some at a time. A query for each 500."""
    word = wanted.words.casefold()
    for offset in range(0, MOST_IN_FILE, CHUNK):
        posts = _posts(person_id, wanted, sort, offset, CHUNK)
        for post in posts:
            row = _row(post, vars(post)["people"], [])
            if word in row.text.casefold():
                yield row
        if len(posts) < CHUNK:
            return
