"""Writes a scored day: all its rows in one transaction, so that a day is there whole or not."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from connectors.partitions import ensure_days
from scoring import transfer
from scoring.explanations import bodies
from scoring.loading import Population
from scoring.walk import ScoredDay

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
 WHERE model_version = %(version)s AND days ?| %(keys)s::text[]
   AND (%(accounts)s::bigint[] IS NULL OR account_id = ANY(%(accounts)s))
"""
_WITHOUT_DAYS = "DELETE FROM scoring_moment WHERE model_version = %s AND days = '{}'"


def prepare(days: list[date]) -> None:
    """Create the partitions that the days need, before a transaction holds locks."""
    ensure_days(TABLES, days)


def forget_moments(days: list[date], version: str, account_ids: list[int] | None = None) -> None:
    """Take the points of these days off all moments, or off those of some accounts."""
    keys = [day.isoformat() for day in days]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"keys": keys, "version": version, "accounts": account_ids})
        cursor.execute(_WITHOUT_DAYS, [version])


def write_reactions(pairs: pa.Table, posts: pa.Table, days: list[date], people: Population) -> None:
    """Make the days' pair rows and post rows of these accounts equal to the tables."""
    scope = {"day": days, "account_id": people.account_ids.tolist()}
    pair_key = ("day", "account_id", "reactor_key", "kind")
    post_key = ("day", "account_id", "post_id", "kind", "trust_class")
    with transaction.atomic():
        transfer.replace("scoring_pairday", pairs, key=pair_key, scope=scope)
        transfer.replace("scoring_postday", posts, key=post_key, scope=scope)


def write(scored: Sequence[ScoredDay], people: Population, version: str) -> None:
    """Make the days' rows of these people equal to what was scored; at least one day.

    Rows of other people stay as they are. A second call with the same rows changes nothing.
    """
    days = [row.day for row in scored]
    key = ("day", "person_id", "model_version")
    scope = {"day": days, "model_version": version, "person_id": people.person_ids.tolist()}
    with transaction.atomic():
        write_reactions(
            pa.concat_tables([row.pairs for row in scored]),
            pa.concat_tables([row.posts for row in scored]),
            days,
            people,
        )
        scores = pa.concat_tables([score_rows(row, people, version) for row in scored])
        transfer.replace("scoring_score", scores, key=key, scope=scope)
        why = pa.concat_tables([explanation_rows(row, people, version) for row in scored])
        transfer.replace("scoring_explanation", why, key=key, scope=scope)
        _write_moments(pa.concat_tables([moment_rows(row, people) for row in scored]), version)


def score_rows(scored: ScoredDay, people: Population, version: str) -> pa.Table:
    """Return the rows of scoring_score."""
    rows = people.person_ids.size
    return pa.table(
        {
            "day": pa.array([scored.day] * rows, pa.date32()),
            "person_id": people.person_ids,
            "model_version": pa.array([version] * rows, pa.string()),
            "value": scored.value,
            "low": scored.low,
            "high": scored.high,
            "provisional": scored.provisional,
            "mass": scored.mass,
            "shown": np.ones(rows, dtype=np.bool_),
            "trust_class": scored.trust_class,
        }
    )


def explanation_rows(scored: ScoredDay, people: Population, version: str) -> pa.Table:
    """Return the rows of scoring_explanation."""
    rows = people.person_ids.size
    return pa.table(
        {
            "day": pa.array([scored.day] * rows, pa.date32()),
            "person_id": people.person_ids,
            "model_version": pa.array([version] * rows, pa.string()),
            "body": bodies(scored.why, range(rows)),
        }
    )


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
