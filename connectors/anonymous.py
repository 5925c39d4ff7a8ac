"""Reactions of which a network tells only how many: changes of posts' counts, as dated rows.

What a post's count has gained or lost since it was last seen is written in the transaction that
writes the new count. So the same records stored twice add nothing, and a worker that was killed
left both or neither.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from connectors import days
from connectors.closed_days import closed_from
from connectors.copying import copy_rows, existing_months, staged
from connectors.partitions import ensure_days, months_between
from connectors.types import Kind, Network, Post

TABLE = "connectors_anonymousday"
# Which of a post's counts tells how often it was acted on in a way; the first that a network has.
COUNTS_OF: dict[Kind, tuple[str, ...]] = {
    # Where people vote on posts, a vote is what a like is elsewhere.
    Kind.LIKE: ("likes", "votes"),
    Kind.RESHARE: ("reshares",),
    Kind.COMMENT: ("comments",),
    Kind.QUOTE: ("quotes",),
    Kind.MENTION: ("mentions",),
    Kind.SAVE: ("saves",),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A stored post as it was seen last."""

    counts: Mapping[str, int | None]
    at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whose posts are seen when: what the days of their counts depend on."""

    account_id: int
    # True until the account's first whole history is stored.
    first_history: bool
    previous_at: datetime | None
    now: datetime


def counted_kinds(network: Network) -> dict[Kind, str]:
    """Return the kinds of which the network tells only how many, with the counts that do."""
    able = network.capabilities
    return {
        kind: name
        for kind in sorted(able.anonymous - able.named)
        for name in [n for n in COUNTS_OF.get(kind, ()) if n in network.post_counts][:1]
    }


def prepare(sighting: Sighting, posts: Iterable[Post]) -> None:
    """Create the partitions that the posts' counts may need, before a transaction holds locks."""
    oldest = min((post.created_at for post in posts), default=sighting.now)
    first = max(oldest, sighting.now - days.UNDATED_REACH)
    months = months_between(days.utc_day(first), days.utc_day(sighting.now) + timedelta(days=1))
    ensure_days([TABLE], set(months) - existing_months(TABLE, months))


def seen_before(account_id: int, native_ids: Sequence[str]) -> dict[str, Seen]:
    """Return the posts as they were seen last, held until the transaction ends. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT native_id, counts, counted_at FROM connectors_post "
            "WHERE account_id = %s AND native_id = ANY(%s) ORDER BY id FOR UPDATE",
            [account_id, list(native_ids)],
        )
        # Django's cursor gives JSON as text.
        return {name: Seen(_counts(counts), at) for name, counts, at in cursor.fetchall()}


_COLUMNS = ("day", "account_id", "native_id", "kind", "added", "removed")
_STAGE = "day date, account_id bigint, native_id text, kind smallint, added bigint, removed bigint"
# In the order of the key: writers wait for one another, never both.
_INSERT = f"""
INSERT INTO {TABLE} AS old (day, account_id, post_id, kind, added, removed)
SELECT s.day, s.account_id, p.id, s.kind, sum(s.added), sum(s.removed)
  FROM stage_anonymous s
  JOIN connectors_post p ON p.account_id = s.account_id AND p.native_id = s.native_id
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (day, account_id, post_id, kind) DO UPDATE
   SET added = old.added + excluded.added, removed = old.removed + excluded.removed
"""  # noqa: S608 - a table of ours


def store(
    sighting: Sighting,
    kinds: Mapping[Kind, str],
    posts: Iterable[Post],
    before: Mapping[str, Seen],
) -> int:
    """Write what the counts of the posts, which are stored, have gained and lost; return the rows.

    To be called in the transaction in which `before` was read and the posts were written.
    """
    rows = [
        (day, post.native_id, int(kind), added, removed)
        for post in posts
        for kind, name in kinds.items()
        for day, added, removed in _changes(
            sighting, post, post.counts.get(name), name, before.get(post.native_id)
        )
    ]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        closed = closed_from(cursor, min(row[0] for row in rows))
        stage = staged(cursor, "stage_anonymous", _STAGE)
        lines = ((_open(day, closed, sighting), sighting.account_id, *row) for day, *row in rows)
        copy_rows(cursor, stage, _COLUMNS, lines)
        cursor.execute(_INSERT)
        return int(cursor.rowcount)


def _changes(
    sighting: Sighting, post: Post, count: int | None, name: str, before: Seen | None
) -> list[tuple[date, int, int]]:
    """Return (day, gained, lost) of one count of a post since it was seen last."""
    if count is None:
        return []
    posted_at = min(post.created_at, sighting.now)
    known = before.counts.get(name) if before is not None else None
    if before is None or known is None:
        # Seen for the first time: what came before the last sync was there then, unseen.
        start = max(posted_at, sighting.previous_at or posted_at, sighting.now - days.UNDATED_REACH)
        gained = days.count_since(count, posted_at=posted_at, start=start, seen_at=sighting.now)
    else:
        start, gained = max(posted_at, before.at), count - known
    if gained < 0:
        return [(days.utc_day(sighting.now), 0, -gained)]
    shares = days.spread(gained, posted_at=posted_at, start=start, seen_at=sighting.now)
    return [(day, number, 0) for day, number in shares.items()]


def _open(day: date, closed: frozenset[date], sighting: Sighting) -> date:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return days.counting_day(noon, closed, first_history=sighting.first_history)


def _counts(value: str | Mapping[str, int | None]) -> Mapping[str, int | None]:
    found: Mapping[str, int | None] = json.loads(value) if isinstance(value, str) else value
    return found
