"""Who wrote to a person and was not answered, and whom the person wrote to, as one may see them.

The same people are named as among reactors (scoring.reactors): those with a public score, and
those whose audience an open network tells everybody. Of others only the number is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors.types import Direction, Kind, Provenance
from scoring.reactors import (
    MAY_BE_SHOWN,
    WHO_THEY_ARE,
    ReactorRow,
    estimated_scores,
    open_networks,
    opted_out,
)

# An answer after a month is none; and so far one looks back.
WINDOW_DAYS = 30
# What asks for an answer. Any act upon the person since then, a like too, is one.
TALK = (Kind.COMMENT, Kind.QUOTE, Kind.MENTION)
# People named on each side, and looked at for them: some may have opted out.
MOST_NAMED, CANDIDATES = 20, 60

# By the index of an account's interactions in the partitions of the window.
_ANSWERS = f"""
WITH own AS (
    SELECT id, network, native_id FROM connectors_account
     WHERE person_id = %(person)s AND status <> 'unlinked'
), own_keys AS (
    SELECT r.key FROM connectors_reactor r JOIN own USING (network, native_id)
), act AS (
    SELECT direction, reactor_key, kind, day, post_id FROM connectors_interaction
     WHERE account_id = ANY(ARRAY(SELECT id FROM own)) AND day BETWEEN %(since)s AND %(today)s
       AND provenance <> %(own_file)s AND kind <> %(follow)s
       AND (direction = %(sent)s OR kind = ANY(%(talk)s::smallint[]))
       AND reactor_key <> ALL(ARRAY(SELECT key FROM own_keys))
), received AS (
    SELECT reactor_key, max(day) AS day, count(*) AS acts,
           (array_agg(kind ORDER BY day DESC, kind))[1] AS kind,
           (array_agg(post_id ORDER BY day DESC, kind))[1] AS post_id
      FROM act WHERE direction = %(received)s GROUP BY 1
), sent AS (
    SELECT reactor_key, max(day) AS day, max(day) FILTER (WHERE kind = ANY(%(talk)s)) AS talked_on,
           count(*) FILTER (WHERE kind = ANY(%(talk)s)) AS acts
      FROM act WHERE direction = %(sent)s GROUP BY 1
), acted AS (
    SELECT 'unanswered' AS side, reactor_key, received.day, received.acts, received.kind,
           received.post_id, false AS answered
      FROM received LEFT JOIN sent USING (reactor_key)
     WHERE sent.day IS NULL OR sent.day < received.day
    UNION ALL
    SELECT 'reached', reactor_key, sent.talked_on, sent.acts, 0, NULL,
           received.day IS NOT NULL AND received.day >= sent.talked_on
      FROM sent LEFT JOIN received USING (reactor_key) WHERE sent.acts > 0
), known AS (
    SELECT acted.*, r.network, r.native_id, r.handle, r.name, r.url, r.followers, p.slug, s.value,
           count(*) OVER (PARTITION BY side) AS people, {MAY_BE_SHOWN}
      FROM acted {WHO_THEY_ARE}
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY side, is_public, is_open ORDER BY
           CASE WHEN side = 'unanswered' THEN value END DESC NULLS LAST,
           CASE WHEN side = 'unanswered' THEN followers END DESC NULLS LAST,
           acts DESC, day DESC, native_id) AS place
      FROM known
)
SELECT ranked.side, people, ranked.day, acts, kind, answered, is_public, is_open, network,
       ranked.native_id, handle, name, ranked.url, followers, coalesce(slug, ''), value,
       coalesce(post.url, ''), ranked.post_id,
       (SELECT count(*) FROM received),
       (SELECT count(*) FROM received JOIN sent USING (reactor_key) WHERE sent.day >= received.day)
  FROM ranked LEFT JOIN connectors_post post ON post.id = ranked.post_id
 WHERE place <= CASE WHEN is_public OR is_open THEN %(candidates)s ELSE 1 END
"""  # noqa: S608 - texts of our own only


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody whom one could answer, or wrote to."""

    who: ReactorRow
    # The last time.
    day: date
    acts: int
    # A number of connectors.types.Kind; 0 where it says nothing.
    kind: int
    # The person's own post that it was about, where there is one.
    post_url: str
    post_id: int | None
    # Of those whom one wrote to: whether they wrote since.
    answered: bool


@dataclass(frozen=True, slots=True)
class Side:
    """The people of one side who may be named, and how many there are beside them."""

    named: list[Talk]
    more_count: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Who is worth an answer (highest score first), and whom one reached out to (most first)."""

    unanswered: Side
    reached: Side
    # People who wrote within the window, and those of them who were answered.
    talked_count: int
    answered_count: int


def answers_of(person_id: int, today: date) -> Answers:
    """Return both sides of the last 30 days. Two queries."""
    rows = _rows(person_id, today)
    hidden = opted_out({(row[8], row[9], row[10]) for row in rows if row[6] or row[7]})
    shown = [row for row in rows if (row[6] or row[7]) and (row[8], row[9]) not in hidden]
    estimates = estimated_scores([float(row[13] or 0) for row in shown])
    talks = [(row[0], _talk(row, value)) for row, value in zip(shown, estimates, strict=True)]
    unanswered = [talk for side, talk in talks if side == "unanswered"]
    unanswered.sort(key=lambda talk: (-(talk.who.score or 0.0), talk.who.handle))
    reached = [talk for side, talk in talks if side == "reached"]
    reached.sort(key=lambda talk: (-talk.acts, -talk.day.toordinal(), talk.who.handle))
    return Answers(
        _side("unanswered", unanswered, rows),
        _side("reached", reached, rows),
        rows[0][18] if rows else 0,
        rows[0][19] if rows else 0,
    )


def _side(name: str, talks: Sequence[Talk], rows: Sequence[tuple[Any, ...]]) -> Side:
    people = next((row[1] for row in rows if row[0] == name), 0)
    named = list(talks[:MOST_NAMED])
    return Side(named, people - len(named))


def _talk(row: tuple[Any, ...], estimate: float) -> Talk:
    is_public = bool(row[6])
    network, _, handle, name, url, _, slug, value, post_url, post_id = row[8:18]
    who = ReactorRow(
        name or handle,
        handle,
        url,
        float(value) if is_public else estimate,
        not is_public,
        slug if is_public else "",
        network,
    )
    return Talk(who, row[2], row[3], row[4], post_url, post_id, bool(row[5]))


def _rows(person_id: int, today: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWERS,
            {
                "person": person_id,
                "since": today - timedelta(days=WINDOW_DAYS),
                "today": today,
                "received": int(Direction.RECEIVED),
                "sent": int(Direction.SENT),
                "own_file": int(Provenance.OWN_FILE),
                "follow": int(Kind.FOLLOW),
                "talk": [int(kind) for kind in TALK],
                "open": open_networks(),
                "candidates": CANDIDATES,
                "now": timezone.now(),
            },
        )
        return list(cursor.fetchall())
