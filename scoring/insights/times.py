"""When posts move most people, from the reactions whose date the network tells."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from connectors import days
from connectors.types import Direction, Provenance
from scoring.core import timing
from scoring.core.timing import BUCKET_SECONDS, DAY_BUCKETS, Floats, Timing

# Newest posts that are looked at; nine a day in the window.
MOST_POSTS = 500

# `happened_at` is only there where the network tells a trusted date.
_REACTIONS = """
WITH post AS (
    SELECT p.id, p.account_id, p.created_at FROM connectors_post p
      JOIN connectors_account a ON a.id = p.account_id
     WHERE a.person_id = %(person)s AND a.status <> 'unlinked'
       AND p.created_at >= %(since)s AND p.created_at < %(until)s
     ORDER BY p.created_at DESC LIMIT %(posts)s
), first AS (
    SELECT i.post_id, i.reactor_key, min(i.happened_at) AS happened_at
      FROM connectors_interaction i
     WHERE i.account_id = ANY(ARRAY(SELECT DISTINCT account_id FROM post))
       AND i.day >= %(first_day)s AND i.post_id = ANY(ARRAY(SELECT id FROM post))
       AND i.direction = %(received)s AND i.provenance <> %(own_file)s
       AND i.happened_at IS NOT NULL
     GROUP BY 1, 2
)
SELECT post.id, extract(epoch FROM post.created_at)::bigint,
       floor(extract(epoch FROM first.happened_at - post.created_at) / %(bucket)s)::integer,
       count(*)
  FROM first JOIN post ON post.id = first.post_id
 WHERE first.happened_at >= post.created_at
   AND first.happened_at < post.created_at + interval '1 day'
 GROUP BY 1, 2, 3
"""


def timing_of(person_id: int, zone: ZoneInfo, now: datetime) -> Timing:
    """Return the rhythm of the person's audience in local time. One query.

    From the posts of the last eight weeks that are older than a day, the newest 500.
    """
    since = now - timedelta(days=timing.WINDOW_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            _REACTIONS,
            {
                "person": person_id,
                "since": since,
                "until": now - timedelta(days=1),
                "first_day": days.utc_day(since),
                "received": int(Direction.RECEIVED),
                "own_file": int(Provenance.OWN_FILE),
                "posts": MOST_POSTS,
                "bucket": BUCKET_SECONDS,
            },
        )
        rows = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 4)
    _, first, post = np.unique(rows[:, 0], return_index=True, return_inverse=True)
    counts = np.zeros((first.size, DAY_BUCKETS))
    counts[post, rows[:, 2]] = rows[:, 3]
    return timing.timing(rows[first, 1], counts, zone, declared_delays())


@cache
def declared_delays() -> Floats:
    """Return the share of a first day's reactions in each quarter of an hour after a post."""
    ends = [timedelta(seconds=BUCKET_SECONDS) * k for k in range(DAY_BUCKETS + 1)]
    upto = np.array([days.share_after(end) for end in ends])
    shares: Floats = np.diff(upto) / upto[-1]
    return shares
