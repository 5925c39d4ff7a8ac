"""Writes a scored day: all its rows in one transaction, so that a day is there whole or not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
from django.db import connection, transaction

from connectors.partitions import day_partition, ensure_days
from scoring import binary, loading, transfer
from scoring.explanations import bodies, in_pieces
from scoring.loading import Population
from scoring.scored_day import ScoredDay

# From so many accounts on, each day gets partitions of its own.
DAILY_PARTITION_ACCOUNTS = 100_000
# From so many rows on, a day's partition is loaded aside and takes the old one's place: fewer are
# quicker compared row by row.
EXCHANGED_ROWS = 20_000

SCORE_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("person_id", pa.int64()),
        ("model_version", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("provisional", pa.bool_()),
        ("mass", pa.float64()),
        ("shown", pa.bool_()),
        ("trust_class", pa.int16()),
    ]
)
EXPLANATION_COLUMNS = pa.schema(
    [
        ("day", pa.date32()),
        ("person_id", pa.int64()),
        ("model_version", pa.string()),
        binary.jsonb("body"),
    ]
)

# A table and its partition whose new rows wait aside.
Staged = tuple[str, str]

TABLES = ("scoring_pairday", "scoring_postday", "scoring_score", "scoring_explanation")

# A day that is scored again replaces its own part of the sums.
_MOMENTS = """
WITH told AS (
    SELECT person_id, account_id, post_id, jsonb_object_agg(day::text, points) AS days,
           (array_agg(people_count ORDER BY day DESC))[1] AS people_count
      FROM new_moment GROUP BY person_id, account_id, post_id)
INSERT INTO scoring_moment AS old
       (person_id, account_id, post_id, model_version, day, points, people_count, days)
SELECT person_id, account_id, post_id, %(version)s,
       (SELECT key::date FROM jsonb_each_text(days) ORDER BY value::float8 DESC, key LIMIT 1),
       (SELECT least(sum(value::float8), 100) FROM jsonb_each_text(days)),
       people_count, days
  FROM told ORDER BY post_id
ON CONFLICT (post_id, model_version) DO UPDATE SET
    person_id = excluded.person_id,
    people_count = excluded.people_count,
    days = old.days || excluded.days,
    points = (SELECT least(sum(value::float8), 100)
                FROM jsonb_each_text(old.days || excluded.days)),
    day = (SELECT key::date FROM jsonb_each_text(old.days || excluded.days)
            ORDER BY value::float8 DESC, key LIMIT 1)
"""
# What an earlier run of these days gave goes first: a post may no longer be among the moments.
_FORGET = """
UPDATE scoring_moment SET days = days - %(keys)s::text[],
       points = coalesce((SELECT least(sum(value::float8), 100)
                            FROM jsonb_each_text(days - %(keys)s::text[])), 0)
 WHERE days ?| %(keys)s::text[]
   AND (%(accounts)s::bigint[] IS NULL OR account_id = ANY(%(accounts)s))
"""
_WITHOUT_DAYS = "DELETE FROM scoring_moment WHERE days = '{}'"


def prepare(days: list[date]) -> None:
    """Create the partitions that the days need, before a transaction holds locks.

    An installation with many accounts has a partition for each day, so that a day is replaced as
    a whole; months that were begun before it grew stay months.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'connectors_account'")
        accounts = cursor.fetchone()[0]
    ensure_days(TABLES, days, by_day=accounts >= DAILY_PARTITION_ACCOUNTS)


def forget_moments(days: list[date], account_ids: list[int] | None = None) -> None:
    """Take the points of these days off all moments, or off those of some accounts.

    Of all versions: a day brings its points under the version that is shown on it only.
    """
    keys = [day.isoformat() for day in days]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"keys": keys, "accounts": account_ids})
        cursor.execute(_WITHOUT_DAYS)


def write_reactions(pairs: pa.Table, posts: pa.Table, days: list[date], people: Population) -> None:
    """Make the days' pair rows and post rows of these accounts equal to the tables."""
    with transaction.atomic():
        _exchange(_put_reactions(pairs, posts, days, people), days)


def write(scored: Sequence[ScoredDay], people: Population, version: str) -> None:
    """Make the days' rows of these people equal to what was scored; at least one day.

    The version is the one that pages show on these days. Rows of other people stay as they are. A
    second call with the same rows changes nothing.
    """
    days = [row.day for row in scored]
    with transaction.atomic():
        staged = _put_reactions(
            pa.concat_tables([row.pairs for row in scored]),
            pa.concat_tables([row.posts for row in scored]),
            days,
            people,
        )
        staged += _put_scores(scored, people, version, shown=True)
        _write_moments(pa.concat_tables([moment_rows(row, people) for row in scored]), version)
        _exchange(staged, days)


def write_scores(
    scored: Sequence[ScoredDay], people: Population, version: str, *, shown: bool = True
) -> None:
    """Make the days' scores and explanations of these people equal to what was scored.

    `shown` is false under a version that is not the one that pages show on these days.
    """
    with transaction.atomic():
        staged = _put_scores(scored, people, version, shown=shown)
        _exchange(staged, [row.day for row in scored])


def _put_reactions(
    pairs: pa.Table, posts: pa.Table, days: list[date], people: Population
) -> list[Staged]:
    """Write pair rows and post rows, or stage them; return what is staged."""
    scope = {"day": days, "account_id": people.account_ids.tolist()}
    pair_key = ("day", "account_id", "reactor_key", "kind")
    post_key = ("day", "account_id", "post_id", "kind", "trust_class")
    staged = []
    for table, rows, key in (
        ("scoring_pairday", pairs.cast(loading.PAIR_COLUMNS), pair_key),
        ("scoring_postday", posts.cast(loading.POST_COLUMNS), post_key),
    ):
        pieces = iter(rows.to_batches(transfer.PIECE_ROWS))
        staged += _put(table, days, pieces, rows.num_rows, rows.schema, key, scope)
    return staged


def _put_scores(
    scored: Sequence[ScoredDay], people: Population, version: str, *, shown: bool
) -> list[Staged]:
    """Write scores and explanations, or stage them; return what is staged."""
    days = [row.day for row in scored]
    key = ("day", "person_id", "model_version")
    scope = {"day": days, "model_version": version, "person_id": people.person_ids.tolist()}
    staged = []
    for table, rows_of, columns in (
        ("scoring_score", partial(score_rows, shown=shown), SCORE_COLUMNS),
        ("scoring_explanation", explanation_rows, EXPLANATION_COLUMNS),
    ):
        pieces = (piece for row in scored for piece in rows_of(row, people, version))
        staged += _put(table, days, pieces, people.person_ids.size, columns, key, scope)
    return staged


def _put(
    table: str,
    days: list[date],
    pieces: Iterator[transfer.Rows],
    rows_count: int,
    columns: pa.Schema,
    key: Sequence[str],
    scope: Mapping[str, Any],
) -> list[Staged]:
    """Write rows; or stage them, where they are many and their day has a partition of its own."""
    partition = day_partition(table, days[0])
    if len(days) == 1 and rows_count >= EXCHANGED_ROWS and _exists(partition):
        transfer.stage(table, partition, days[0], columns.names, pieces, scope)
        return [(table, partition)]
    transfer.replace(table, pa.Table.from_batches(pieces, columns), key=key, scope=scope)
    return []


def _exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])


def _exchange(staged: list[Staged], days: list[date]) -> None:
    """Put what was staged in place, last of all: readers wait from here to the commit."""
    for table, partition in staged:
        transfer.exchange(table, partition, days[0])


def score_rows(
    scored: ScoredDay, people: Population, version: str, *, shown: bool = True
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of scoring_score, a piece at a time."""
    for piece in in_pieces(people.person_ids.size, transfer.PIECE_ROWS):
        of, rows = slice(piece.start, piece.stop), len(piece)
        batch = pa.record_batch(
            [
                pa.repeat(pa.scalar(scored.day, pa.date32()), rows),
                people.person_ids[of],
                pa.repeat(version, rows),
                scored.value[of],
                scored.low[of],
                scored.high[of],
                scored.provisional[of],
                scored.mass[of],
                pa.repeat(shown, rows),
                scored.trust_class[of],
            ],
            schema=SCORE_COLUMNS,
        )
        left_out = scored.without_score
        if left_out is not None and left_out[of].any():
            batch = batch.filter(pa.array(~left_out[of]))
        yield batch


def explanation_rows(
    scored: ScoredDay, people: Population, version: str
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of scoring_explanation, a piece at a time: all would be a gigabyte."""
    first = 0
    for texts in bodies(scored.why, transfer.PIECE_ROWS):
        rows = len(texts)
        yield pa.record_batch(
            [
                pa.repeat(pa.scalar(scored.day, pa.date32()), rows),
                people.person_ids[first : first + rows],
                pa.repeat(version, rows),
                texts,
            ],
            schema=EXPLANATION_COLUMNS,
        )
        first += rows


def moment_rows(scored: ScoredDay, people: Population) -> pa.Table:
    """Return the posts that moved a score on the day."""
    account = scored.moment_accounts
    return pa.table(
        {
            "day": pa.array([scored.day] * account.size, pa.date32()),
            "person_id": people.person_ids[people.person_index[account]],
            "account_id": people.account_ids[account],
            "post_id": scored.moment_posts,
            "points": scored.moment_points,
            "people_count": scored.moment_people,
        }
    )


def _write_moments(rows: pa.Table, version: str) -> None:
    if not rows.num_rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE new_moment (day date, person_id bigint, account_id bigint, "
            "post_id bigint, points float8, people_count integer) ON COMMIT DROP"
        )
        transfer.append(cursor, "new_moment", rows)
        cursor.execute(_MOMENTS, {"version": version})
        cursor.execute("DROP TABLE new_moment")
