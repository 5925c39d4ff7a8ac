"""What a person did on their networks, as the style is told from it."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection

from connectors.types import Direction, Kind, Provenance
from scoring.core.style import WINDOW_DAYS, Activity

# Posts, and different hashtags and people, beyond which a style is clear anyway.
MOST_POSTS = 5_000
MOST_NAMES = 500

# Days of acts that the network does not date are guessed, and say nothing of regularity.
_ACTIVITY = """
WITH own AS (
    SELECT id, network, native_id, first_synced_at FROM connectors_account
     WHERE person_id = %(person)s AND status <> 'unlinked'
), post AS (
    SELECT (created_at AT TIME ZONE 'UTC')::date AS day, features FROM connectors_post
     WHERE account_id = ANY(ARRAY(SELECT id FROM own))
       AND created_at >= %(since)s AND created_at < %(until)s
     ORDER BY created_at DESC LIMIT %(posts)s
), sent AS (
    SELECT day, kind, reactor_key, happened_at IS NOT NULL AS dated FROM connectors_interaction
     WHERE account_id = ANY(ARRAY(SELECT id FROM own)) AND day >= %(since)s AND day < %(until)s
       AND direction = %(sent)s AND provenance <> %(own_file)s AND kind <> %(follow)s
       AND reactor_key <> ALL(ARRAY(SELECT r.key FROM connectors_reactor r
                                      JOIN own USING (network, native_id)))
), days AS (
    SELECT day FROM post UNION SELECT day FROM sent WHERE dated
)
SELECT 'post', CASE WHEN (features->>'is_reply')::boolean THEN 'reply'
                    WHEN features->'link_hosts' <> '[]' THEN 'link' ELSE 'own' END, count(*)
  FROM post GROUP BY 2
UNION ALL
SELECT 'sent', kind::text, count(*) FROM sent GROUP BY 2
UNION ALL
(SELECT 'topic', lower(tag), count(*)
   FROM post CROSS JOIN jsonb_array_elements_text(features->'hashtags') AS tag
  GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT %(names)s)
UNION ALL
(SELECT 'person', reactor_key::text, count(*)
   FROM sent GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT %(names)s)
UNION ALL
SELECT 'active', '', count(*) FROM days
UNION ALL
SELECT 'seen', '', %(until)s - least((SELECT min(first_synced_at)::date FROM own),
                                     (SELECT min(day) FROM days), %(until)s)
"""


def activity_of(person_id: int, today: date) -> Activity:
    """Return what the person did in the 90 days before today. One query.

    Acts upon one's own accounts, follows and what only an own file tells are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _ACTIVITY,
            {
                "person": person_id,
                "since": today - timedelta(days=WINDOW_DAYS),
                "until": today,
                "sent": int(Direction.SENT),
                "own_file": int(Provenance.OWN_FILE),
                "follow": int(Kind.FOLLOW),
                "posts": MOST_POSTS,
                "names": MOST_NAMES,
            },
        )
        rows = cursor.fetchall()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for what, name, count in rows:
        found[what][name] = count
    posts = found["post"]
    sent = {kind: found["sent"].get(str(int(kind)), 0) for kind in Kind}
    return Activity(
        own_posts=posts.get("own", 0),
        link_posts=posts.get("link", 0),
        reshares=sent[Kind.RESHARE],
        # Some networks tell a reply as a post, as an act upon its parent's author, or as both.
        talk=max(posts.get("reply", 0), sent[Kind.COMMENT]) + sent[Kind.QUOTE] + sent[Kind.MENTION],
        topics=found["topic"],
        people={int(key): count for key, count in found["person"].items()},
        active_days=found["active"][""],
        seen_days=min(found["seen"][""], WINDOW_DAYS),
    )
