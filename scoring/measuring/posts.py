"""What an account's posts of the last 90 days come to: how they are written, what they drew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from scoring.measuring.rows import MOST_POSTS, POST_DAYS, number, together
from scoring.signals.recipes import REACTIONS, How, Writing

_POSTS = """
WITH post AS MATERIALIZED (
    SELECT a.id AS account_id, p.*
      FROM unnest(%(accounts)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
           SELECT id, created_at AT TIME ZONE 'UTC' AS at, features, counts FROM connectors_post
            WHERE account_id = a.id AND created_at >= %(since)s AND created_at < %(until)s
            ORDER BY created_at DESC LIMIT %(most)s) AS p
)
"""
_WRITING = f"""
{_POSTS}
, spaced AS (
    SELECT post.*, at::date - lag(at::date) OVER (PARTITION BY account_id ORDER BY at) AS pause
      FROM post
), reacted AS (
    SELECT p.id, sum(c.value::numeric) AS total
      FROM post p CROSS JOIN LATERAL jsonb_each_text(p.counts) AS c (key, value)
     WHERE c.key = ANY(%(reactions)s) AND c.value IS NOT NULL GROUP BY p.id
), named AS (
    SELECT p.account_id, count(DISTINCT site) AS sites FROM post p
     CROSS JOIN LATERAL jsonb_array_elements_text(p.features -> 'link_hosts') AS site
     GROUP BY p.account_id
), tagged AS (
    SELECT p.account_id, count(DISTINCT tag) AS tags FROM post p
     CROSS JOIN LATERAL jsonb_array_elements_text(p.features -> 'hashtags') AS tag
     GROUP BY p.account_id
)
SELECT s.account_id, count(*), count(DISTINCT s.at::date), max(s.pause),
       count(DISTINCT extract(hour FROM s.at)),
       100 * avg((extract(isodow FROM s.at) >= 6)::int),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY (s.features ->> 'length')::float),
       100 * avg((s.features ->> 'is_reply')::boolean::int),
       100 * avg((jsonb_array_length(s.features -> 'link_hosts') > 0)::int),
       avg(jsonb_array_length(s.features -> 'hashtags')),
       avg((s.features ->> 'mentions_count')::int),
       count(DISTINCT nullif(s.features ->> 'language', '')),
       100 * avg((r.total = 0)::int),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY r.total::float),
       coalesce(max(n.sites), 0), coalesce(max(t.tags), 0)
  FROM spaced s LEFT JOIN reacted r USING (id)
  LEFT JOIN named n ON n.account_id = s.account_id
  LEFT JOIN tagged t ON t.account_id = s.account_id
 GROUP BY s.account_id
"""  # noqa: S608 - a text of ours only
_COUNTS = f"""
{_POSTS}
SELECT p.account_id, c.key, sum(c.value::numeric), max(c.value::numeric),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.value::float)
  FROM post p CROSS JOIN LATERAL jsonb_each_text(p.counts) AS c (key, value)
 WHERE c.value IS NOT NULL
 GROUP BY p.account_id, c.key
"""  # noqa: S608 - a text of ours only


@dataclass(frozen=True, slots=True)
class Posts:
    """What the posts of an account come to; an account without posts has zeros and Nones."""

    writing: dict[Writing, float | None]
    # All reactions of the middle post.
    reactions_typical: float | None
    counts: dict[tuple[str, How], float]


_NO_POSTS: dict[Writing, float | None] = {
    Writing.POSTS_PER_WEEK: 0.0,
    Writing.ACTIVE_DAYS: 0.0,
    Writing.HOURS: 0.0,
    Writing.LINK_SITES: 0.0,
    Writing.HASHTAGS: 0.0,
    Writing.LANGUAGES: 0.0,
}


def posts(account_ids: Sequence[int], day: date) -> dict[int, Posts]:
    """Return what each account's posts of the 90 days to `day` come to. One query."""
    until = datetime.combine(day + timedelta(days=1), time(), UTC)
    values: dict[str, Any] = {
        "accounts": list(account_ids),
        "since": until - timedelta(days=POST_DAYS),
        "until": until,
        "most": MOST_POSTS,
        "reactions": list(REACTIONS),
    }
    found = {account: Posts(dict(_NO_POSTS), None, {}) for account in account_ids}
    writings, counts = together([(_WRITING, 16), (_COUNTS, 5)], values)
    for account, number_of_posts, *told in writings:
        days, pause, hours, weekend, length, reply, link, hashtags, mentions = map(number, told[:9])
        languages, unanswered, typical, sites, tags = map(number, told[9:])
        writing: dict[Writing, float | None] = {
            Writing.POSTS_PER_WEEK: number_of_posts / (POST_DAYS / 7),
            Writing.ACTIVE_DAYS: days,
            Writing.LONGEST_PAUSE: pause,
            Writing.HOURS: hours,
            Writing.WEEKEND_SHARE: weekend,
            Writing.LENGTH: length,
            Writing.REPLY_SHARE: reply,
            Writing.LINK_SHARE: link,
            Writing.LINK_SITES: sites,
            Writing.HASHTAGS_PER_POST: hashtags,
            Writing.HASHTAGS: tags,
            Writing.MENTIONS_PER_POST: mentions,
            Writing.LANGUAGES: languages,
            Writing.UNANSWERED_SHARE: unanswered,
        }
        found[account] = Posts(writing, typical, {})
    for account, name, total, best, middle in counts:
        found[account].counts.update(
            {
                (name, How.SUM): float(total),
                (name, How.BEST): float(best),
                (name, How.TYPICAL): float(middle),
            }
        )
    return found
