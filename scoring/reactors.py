"""Who acted on a post, as far as others may see it.

A score is shown only of people whose own profile is public, or as an estimate from the audience
that an open network tells to everybody. Everybody else is counted, and nothing of them –
name, order or place – tells their score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone

from connectors import registry
from connectors.models import Post
from connectors.types import Direction, Provenance
from people import opt_out
from scoring.core.model import Model
from scoring.core.params import CURRENT

# People named under a post; the rest are counted.
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class ReactorRow:
    """Somebody who acted on a post."""

    name: str
    handle: str
    url: str
    # 1–100; None never comes first.
    score: float | None
    # True: from the network's public count of followers only.
    is_estimate: bool
    # Address of their public profile here, "" without one.
    slug: str = ""
    network: str = ""


# Joined to rows `acted` with a reactor_key, for other queries too: the account here (a), its person
# where anybody may see them (p), and their newest score (s). Needs now and open.
WHO_THEY_ARE = """
      LEFT JOIN connectors_reactor r ON r.key = acted.reactor_key
      LEFT JOIN connectors_account a ON a.network = r.network AND a.native_id = r.native_id
      LEFT JOIN people_person p ON p.id = a.person_id AND a.status <> 'unlinked'
           AND p.visibility = 'public' AND (p.hidden_until IS NULL OR p.hidden_until <= %(now)s)
           AND (p.expires_at IS NULL OR p.expires_at > %(now)s)
      LEFT JOIN LATERAL (SELECT value FROM scoring_score
            WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s ON true
"""
# Two columns: who has a public score, and who is not here but on an open network.
MAY_BE_SHOWN = """
           (p.id IS NOT NULL AND s.value IS NOT NULL) AS is_public,
           (a.id IS NULL AND r.followers IS NOT NULL AND r.network = ANY(%(open)s)) AS is_open
"""

# Who acted on posts of some accounts. Needs accounts, posts, since, received and own_file.
_ACTED = """
    SELECT DISTINCT post_id, reactor_key FROM connectors_interaction
     WHERE account_id = ANY(%(accounts)s) AND post_id = ANY(%(posts)s) AND day >= %(since)s
       AND direction = %(received)s AND provenance <> %(own_file)s
"""
_PEOPLE = f"""
SELECT post_id, count(*) FROM ({_ACTED}) AS acted GROUP BY post_id
"""  # noqa: S608 - texts of this module only

# Candidates: public people here by their score, and people who are not here by their audience.
# Twice as many as are shown, because some may have opted out.
_REACTORS = f"""
WITH acted AS ({_ACTED}
), known AS (
    SELECT acted.post_id, r.network, r.native_id, r.handle, r.name, r.url, r.followers,
           p.slug, s.value,
           count(*) OVER (PARTITION BY acted.post_id) AS people,
           {MAY_BE_SHOWN}
      FROM acted
{WHO_THEY_ARE}
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY post_id, is_public, is_open
        ORDER BY value DESC NULLS LAST, followers DESC NULLS LAST, native_id) AS place
      FROM known
)
SELECT post_id, people, is_public, is_open, network, native_id, handle, name, url, followers,
       coalesce(slug, ''), value
  FROM ranked WHERE place <= CASE WHEN is_public OR is_open THEN %(most)s ELSE 1 END
"""  # noqa: S608 - texts of this module only


def reactors_of(posts: Sequence[Post]) -> dict[int, tuple[int, list[ReactorRow]]]:
    """Return for each post how many people acted on it, and a few of them, highest score first.

    Two queries.
    """
    found: dict[int, tuple[int, list[ReactorRow]]] = {post.pk: (0, []) for post in posts}
    if not posts:
        return found
    rows = _candidates(posts)
    hidden = opted_out({(row[4], row[5], row[6]) for row in rows if row[2] or row[3]})
    audience = [float(row[9] or 0) for row in rows]
    estimates = estimated_scores(audience)
    for row, estimate in zip(rows, estimates, strict=True):
        post_id, people, is_public, is_open, network, native_id, handle, name, url = row[:9]
        named = found[post_id][1]
        found[post_id] = (people, named)
        if (not is_public and not is_open) or (network, native_id) in hidden:
            continue
        score = float(row[11]) if is_public else estimate
        slug = row[10] if is_public else ""
        named.append(ReactorRow(name or handle, handle, url, score, not is_public, slug, network))
    for post_id, (people, named) in found.items():
        named.sort(key=lambda r: (-(r.score or 0.0), r.handle))
        found[post_id] = (people, named[:MOST_NAMED])
    return found


def open_networks() -> list[str]:
    """Return the networks that tell everybody's audience to everybody."""
    return [name for name in registry.CONNECTORS if registry.tells_everybody(name)]


def people_counts(posts: Sequence[Post]) -> dict[int, int]:
    """Return how many people acted on each of the posts. One query; none without posts."""
    counts = {post.pk: 0 for post in posts}
    if posts:
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, _acted_on(posts))
            counts |= dict(cursor.fetchall())
    return counts


def _acted_on(posts: Sequence[Post]) -> dict[str, Any]:
    return {
        "accounts": list({post.account_id for post in posts}),
        "posts": [post.pk for post in posts],
        "since": min(post.created_at for post in posts).date(),
        "received": int(Direction.RECEIVED),
        "own_file": int(Provenance.OWN_FILE),
    }


def _candidates(posts: Sequence[Post]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "open": open_networks(),
        "most": MOST_NAMED * 2,
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REACTORS, values | _acted_on(posts))
        return list(cursor.fetchall())


def opted_out(people: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Return network and native id of those (network, native id, handle) who want not to be shown.

    One query.
    """
    by_name = {
        (network, name): (network, native_id)
        for network, native_id, handle in people
        for name in (native_id, handle)
    }
    return {by_name[name] for name in opt_out.opted_out_among(by_name)}


def estimated_scores(followers: Sequence[float]) -> list[float]:
    """Return what a score would be from public follower counts alone, 1–100."""
    if not followers:
        return []
    model = Model(CURRENT)
    x = np.zeros((len(followers), len(model.measures)))
    column = model.measures.index("followers")
    x[:, column] = np.minimum(np.asarray(followers), CURRENT.max_count)
    unknown = np.ones(x.shape, dtype=np.bool_)
    unknown[:, column] = False
    people = np.arange(len(followers))
    scores: list[float] = model.evaluate(x, people, len(followers), unknown=unknown).raw.tolist()
    return scores
