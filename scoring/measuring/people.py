"""What people who are named did within the last 28 days, and whom the account acted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.types import Direction, Kind, Provenance
from scoring.measuring.rows import MOST_ACTS, REACTION_DAYS, number, together
from scoring.signals.recipes import Response

# The newest acts of 56 days; `recent` ones are of the last 28. What only the person's own file says
# is left out, as in the score.
_PEOPLE = """
WITH act AS MATERIALIZED (
    SELECT a.id AS account_id, i.*
      FROM unnest(%(accounts)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
           SELECT day, day > %(before)s AS recent, direction, kind, reactor_key, post_id,
                  reactor_followers, happened_at
             FROM connectors_interaction
            WHERE account_id = a.id AND day > %(oldest)s AND day <= %(day)s
              AND provenance <> %(own_file)s
            ORDER BY day DESC LIMIT %(most)s) AS i
), person AS (
    SELECT account_id, reactor_key,
           count(*) FILTER (WHERE recent AND direction = %(received)s) AS acts,
           count(DISTINCT day) FILTER (WHERE recent AND direction = %(received)s) AS days,
           count(DISTINCT kind) FILTER (WHERE recent AND direction = %(received)s) AS kinds,
           max(reactor_followers) FILTER (WHERE recent AND direction = %(received)s) AS audience,
           bool_or(NOT recent AND direction = %(received)s) AS earlier,
           bool_or(recent AND direction = %(sent)s) AS answered
      FROM act GROUP BY account_id, reactor_key
), placed AS (
    SELECT person.*,
           row_number() OVER (PARTITION BY account_id ORDER BY acts DESC, reactor_key) AS place
      FROM person WHERE acts > 0
), dated AS (
    SELECT account_id, count(*) AS days, max(people) AS most FROM (
        SELECT account_id, day, count(DISTINCT reactor_key) AS people FROM act
         WHERE recent AND direction = %(received)s GROUP BY account_id, day) AS d
     GROUP BY account_id
), prompt AS (
    SELECT act.account_id,
           100 * avg((act.happened_at <= p.created_at + interval '1 day')::int) AS share
      FROM act JOIN connectors_post p ON p.id = act.post_id
     WHERE act.recent AND act.direction = %(received)s AND act.happened_at IS NOT NULL
     GROUP BY act.account_id
)
SELECT placed.account_id, count(*), sum(acts), count(*) FILTER (WHERE placed.days >= 2),
       count(*) FILTER (WHERE NOT earlier), count(*) FILTER (WHERE kinds >= 2),
       max(dated.days), max(dated.most), 100 * sum(acts) FILTER (WHERE place <= 10) / sum(acts),
       max(prompt.share),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY audience::float),
       CASE WHEN count(audience) > 0 THEN count(*) FILTER (WHERE audience >= 1000) END,
       count(*) FILTER (WHERE answered)
  FROM placed LEFT JOIN dated USING (account_id) LEFT JOIN prompt USING (account_id)
 GROUP BY placed.account_id
"""
_KINDS = """
SELECT a.id, i.direction, i.kind, count(DISTINCT i.reactor_key)
  FROM unnest(%(accounts)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
       SELECT direction, kind, reactor_key FROM connectors_interaction
        WHERE account_id = a.id AND day > %(before)s AND day <= %(day)s
          AND provenance <> %(own_file)s
        ORDER BY day DESC LIMIT %(most)s) AS i
 GROUP BY a.id, i.direction, i.kind
"""
# Where people are named as "name@server".
_SERVERS = """
SELECT a.id, count(DISTINCT split_part(r.native_id, '@', 2))
  FROM unnest(%(accounts)s::bigint[]) AS a (id) CROSS JOIN LATERAL (
       SELECT DISTINCT reactor_key FROM (
           SELECT reactor_key FROM connectors_interaction
            WHERE account_id = a.id AND day > %(before)s AND day <= %(day)s
              AND direction = %(received)s AND provenance <> %(own_file)s
            ORDER BY day DESC LIMIT %(most)s) AS newest) AS i
  JOIN connectors_reactor r ON r.key = i.reactor_key AND r.native_id LIKE '%%@%%'
 GROUP BY a.id
"""
_ORDER = (
    Response.PEOPLE,
    Response.REACTIONS,
    Response.RETURNING,
    Response.NEW,
    Response.SEVERAL_WAYS,
    Response.DAYS,
    Response.BUSIEST_DAY,
    Response.TOP_TEN_SHARE,
    Response.FIRST_DAY_SHARE,
    Response.AUDIENCE_TYPICAL,
    Response.AUDIENCE_LARGE,
    Response.MUTUAL,
)
# Of nobody: nothing can be said of shares and of a typical person.
_NOBODY: dict[Response, float | None] = {
    **dict.fromkeys(_ORDER, 0.0),
    Response.TOP_TEN_SHARE: None,
    Response.FIRST_DAY_SHARE: None,
    Response.AUDIENCE_TYPICAL: None,
    Response.SERVERS: 0.0,
}


@dataclass(frozen=True, slots=True)
class People:
    """What named people did to an account, and how many it acted on, by kind."""

    responses: dict[Response, float | None]
    kinds: dict[tuple[Kind, Direction], float]


def people(account_ids: Sequence[int], day: date, *, federated: bool) -> dict[int, People]:
    """Return what named people did in the 28 days to `day`. One query."""
    before = day - timedelta(days=REACTION_DAYS)
    values: dict[str, Any] = {
        "accounts": list(account_ids),
        "day": day,
        "before": before,
        "oldest": before - timedelta(days=REACTION_DAYS),
        "received": int(Direction.RECEIVED),
        "sent": int(Direction.SENT),
        "own_file": int(Provenance.OWN_FILE),
        "most": MOST_ACTS,
    }
    found = {account: People(dict(_NOBODY), {}) for account in account_ids}
    asked = [(_PEOPLE, 13), (_KINDS, 4), *([(_SERVERS, 2)] if federated else [])]
    told_of, kinds, *servers_of = together(asked, values)
    for account, *told in told_of:
        found[account].responses.update(zip(_ORDER, map(number, told), strict=True))
    for account, direction, kind, how_many in kinds:
        found[account].kinds[Kind(kind), Direction(direction)] = float(how_many)
    for account, servers in servers_of[0] if federated else []:
        found[account].responses[Response.SERVERS] = float(servers)
    return found
