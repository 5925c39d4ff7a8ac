"""Who acted: a row for each, shared by all accounts they acted on, refreshed as they are met."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import connection

from connectors import known_names
from connectors.checks import web_address
from connectors.commits import without_waiting
from connectors.copying import clean, copy_rows, staged
from connectors.target import Target
from connectors.types import Actor, Network
from people import opt_out
from people.models import OptOut

_COLUMNS = ("key", "native_id", "handle", "name", "url", "followers", "following")
_STAGE = (
    "key bigint, native_id text, handle text, name text, url text, followers bigint, "
    "following bigint"
)
# Ordered by native id, and only what is missing or differs: workers that meet the same people
# take their locks in the same order, and seldom any.
_INSERT = """
INSERT INTO connectors_reactor
    (key, network, native_id, handle, name, url, followers, following, seen_at)
SELECT s.key, %(network)s, s.native_id, s.handle, s.name, s.url, s.followers, s.following, %(now)s
FROM stage_reactor s
WHERE NOT EXISTS (SELECT 1 FROM connectors_reactor r
                  WHERE r.network = %(network)s AND r.native_id = s.native_id)
ORDER BY s.native_id
ON CONFLICT (network, native_id) DO NOTHING
"""
_UPDATE = """
WITH changed AS MATERIALIZED (
    SELECT r.key, s.handle, s.name, s.url, coalesce(s.followers, r.followers) AS followers,
           coalesce(s.following, r.following) AS following
    FROM connectors_reactor r JOIN stage_reactor s USING (native_id)
    WHERE r.network = %(network)s AND (
        (r.handle, r.name, r.url) <> (s.handle, s.name, s.url)
        OR coalesce(s.followers, r.followers) IS DISTINCT FROM r.followers
        OR coalesce(s.following, r.following) IS DISTINCT FROM r.following)
    ORDER BY r.native_id FOR UPDATE OF r
)
UPDATE connectors_reactor r
SET handle = c.handle, name = c.name, url = c.url, followers = c.followers,
    following = c.following, seen_at = %(now)s
FROM changed c WHERE r.key = c.key
"""
_KEYS = """
SELECT r.native_id, r.key FROM connectors_reactor r JOIN stage_reactor s USING (native_id)
WHERE r.network = %(network)s
"""
# Of so many the planner need not know more than that there are not many.
_FEW = 500


def store_reactors(target: Target, actors: Sequence[Actor]) -> Mapping[str, int]:
    """Store who acted, refreshed, and return their keys by native id (and perhaps those of others).

    Opted-out people get no row: their key is a keyed hash, so that each still counts once. Who
    was met by the same fetch before, and told the same, is not stored again.
    """
    # Of two of one person the first is the newer.
    distinct = {actor.native_id: actor for actor in reversed(actors)}
    if not distinct:
        return {}
    hidden = _opted_out(target.network.id, distinct.values())
    memory = target.memory
    met, keys = memory.reactors, memory.reactor_keys
    fresh = {
        native_id: actor
        for native_id, actor in distinct.items()
        if met.get(native_id) != actor and native_id not in hidden
    }
    if fresh:
        memory.met(fresh, _stored(target.network, target.now, fresh))
        if memory.reactor_keys is not keys:
            # The memory began anew: whom it forgot is known by what it held.
            return {**keys, **memory.reactor_keys, **hidden}
    return {**keys, **hidden} if hidden else keys


def _stored(network: Network, now: datetime, actors: Mapping[str, Actor]) -> dict[str, int]:
    """Store those that are new or differ, and return the keys of all of them by native id."""
    known = known_names.ids_of(network, actors)
    rows = [
        (
            key,
            known.get(native_id, native_id),
            clean(actor.handle),
            clean(actor.name, 200),
            web_address(actor.url),
            actor.followers,
            actor.following,
        )
        for key, (native_id, actor) in zip(_new_keys(len(actors)), actors.items(), strict=True)
    ]
    with without_waiting(), connection.cursor() as cursor:
        stage = staged(cursor, "stage_reactor", _STAGE)
        copy_rows(cursor, stage, _COLUMNS, rows)
        if len(rows) > _FEW:
            cursor.execute(f"ANALYZE {stage}")
        # Sent at once; what the last of them gives is read.
        values: dict[str, str | datetime] = {"network": network.id, "now": now}
        cursor.execute(f"{_INSERT}; {_UPDATE}; {_KEYS}", values)
        keys: dict[str, int] = dict(cursor.fetchall())
    named = {name: keys[native_id] for name, native_id in known.items()}
    return {**keys, **named}


def _new_keys(count: int) -> list[int]:
    """Return so many keys: random, so that without its row a key names nobody."""
    numbers = np.frombuffer(os.urandom(8 * count), dtype=np.int64) & (2**63 - 1)
    # 0 is not a key.
    keys: list[int] = np.maximum(numbers, 1).tolist()
    return keys


def _opted_out(network: str, actors: Iterable[Actor]) -> dict[str, int]:
    """Return the keys of those actors that are opted out, by native id. Two queries."""
    if not OptOut.objects.filter(network=network).exists():
        return {}
    names: dict[str, str] = {}
    for actor in actors:
        names[actor.native_id] = actor.native_id
        if actor.handle:
            names[actor.handle] = actor.native_id
    found: dict[str, str] = {}
    # By the name that was opted out, of two by the native id: the scoring knows the key again.
    for name in sorted(opt_out.opted_out_of(network, names), key=lambda name: names[name] != name):
        found.setdefault(names[name], name)
    return {
        native_id: int(opt_out.key_hash(network, name)[:16], 16) >> 1 or 1
        for native_id, name in found.items()
    }
