"""Writes fetched records: bulk upserts, a batch at a time, that may be repeated at will.

The same record stored twice is one row; a process killed between two batches, or within one, is
made good by storing the same records again. No query is made per row.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection, transaction

from connectors import about, anonymous, crypto, days, known_names
from connectors.checks import check_record, web_address
from connectors.closed_days import closed_from
from connectors.copying import clean, copy_rows, existing_months, json_text, staged
from connectors.models import Account
from connectors.models import Post as PostRow
from connectors.partitions import ensure_days
from connectors.types import (
    Actor,
    Direction,
    Interaction,
    Network,
    Post,
    Profile,
    Provenance,
    Record,
    Removed,
    Snapshot,
)
from people import opt_out
from people.models import OptOut

TABLE = "connectors_interaction"


@dataclass(frozen=True, slots=True)
class Target:
    """Whose records are stored, and what their days depend on."""

    account_id: int
    network: Network
    # True until the account's first whole history is stored: its days keep their own dates.
    first_history: bool
    # The completed sync before this one; None for the first.
    previous_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows of a batch are there now (posts) or are new (interactions)."""

    posts: int = 0
    interactions: int = 0
    snapshots: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(
            self.posts + other.posts,
            self.interactions + other.interactions,
            self.snapshots + other.snapshots,
        )


def dedupe_key(record: Interaction) -> int:
    """Return the 63-bit hash by which the same interaction is known again."""
    text = f"{record.direction:d}\0{record.kind:d}\0{record.native_id}"
    digest = blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def store(target: Target, records: Sequence[Record]) -> Stored:
    """Store one batch and return what it came to; raises BadPayload before anything is written."""
    for record in records:
        check_record(target.network, record)
    if target.network.provenance is Provenance.OWN_FILE:
        records = _of_own_file(target, records)
    interactions = [record for record in records if isinstance(record, Interaction)]
    if not target.network.policy.may_store_reactors:
        # Who reacted may not be kept there: the posts' counts are all that counts.
        interactions = []
    reactors = store_reactors(target, [record.actor for record in interactions])
    fetched = [record for record in records if isinstance(record, Post)]
    sighting = anonymous.Sighting(
        target.account_id, target.first_history, target.previous_at, target.now
    )
    if fetched and anonymous.counted_kinds(target.network):
        anonymous.prepare(sighting, fetched)
    profiles = [record for record in records if isinstance(record, Profile)]
    with transaction.atomic():
        for profile in profiles:
            _update_account(target.account_id, profile)
        snapshots = _store_snapshots(target, [r for r in records if isinstance(r, Snapshot)])
        posts = _store_posts(target, sighting, fetched)
        _remove_posts(target, [r for r in records if isinstance(r, Removed)])
    known = _posts_named(target, interactions)
    rows = list(_rows(target, interactions, reactors, known))
    return Stored(posts, _store_interactions(target, rows), snapshots)


def _of_own_file(target: Target, records: Sequence[Record]) -> list[Record]:
    """Return what a person's own file may bring: acts, and posts that are not known yet, uncounted.

    Counts carry no provenance: once stored they would be the network's word. One query.
    """
    acts: list[Record] = [record for record in records if isinstance(record, Interaction)]
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    known = set(
        PostRow.objects.filter(account_id=target.account_id, native_id__in=list(posts)).values_list(
            "native_id", flat=True
        )
    )
    return acts + [replace(post, counts={}) for name, post in posts.items() if name not in known]


def _update_account(account_id: int, profile: Profile) -> None:
    Account.objects.filter(pk=account_id).update(
        handle=clean(profile.handle),
        name=clean(profile.name, 200),
        url=web_address(profile.url),
    )


# --- Reactors -----------------------------------------------------------------------------------
_REACTOR_COLUMNS = ("key", "native_id", "handle", "name", "url", "followers", "following")
_REACTOR_STAGE = (
    "key bigint, native_id text, handle text, name text, url text, followers bigint, "
    "following bigint"
)
# Ordered by native id, and only what is missing or differs: workers that meet the same people
# take their locks in the same order, and seldom any.
_REACTOR_INSERT = """
INSERT INTO connectors_reactor
    (key, network, native_id, handle, name, url, followers, following, seen_at)
SELECT s.key, %(network)s, s.native_id, s.handle, s.name, s.url, s.followers, s.following, %(now)s
FROM stage_reactor s
WHERE NOT EXISTS (SELECT 1 FROM connectors_reactor r
                  WHERE r.network = %(network)s AND r.native_id = s.native_id)
ORDER BY s.native_id
ON CONFLICT (network, native_id) DO NOTHING
"""
_REACTOR_UPDATE = """
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


def store_reactors(target: Target, actors: Iterable[Actor]) -> dict[str, int]:
    """Store who acted, refreshed, and return their keys by native id.

    Opted-out people get no row: their key is a keyed hash, so that each still counts once.
    """
    distinct: dict[str, Actor] = {}
    for actor in actors:
        distinct.setdefault(actor.native_id, actor)
    if not distinct:
        return {}
    network = target.network.id
    hidden = _opted_out(network, distinct.values())
    known = known_names.ids_of(target.network, distinct)
    rows = [
        (
            # Random, so that without its row a key names nobody. 0 is not a key.
            secrets.randbits(63) or 1,
            known.get(native_id, native_id),
            clean(actor.handle),
            clean(actor.name, 200),
            web_address(actor.url),
            actor.followers,
            actor.following,
        )
        for native_id, actor in distinct.items()
        if native_id not in hidden
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        stage = staged(cursor, "stage_reactor", _REACTOR_STAGE)
        copy_rows(cursor, stage, _REACTOR_COLUMNS, rows)
        cursor.execute(f"ANALYZE {stage}")
        values: dict[str, str | datetime] = {"network": network, "now": target.now}
        cursor.execute(_REACTOR_INSERT, values)
        cursor.execute(_REACTOR_UPDATE, values)
        cursor.execute(
            "SELECT r.native_id, r.key FROM connectors_reactor r JOIN stage_reactor s "
            "USING (native_id) WHERE r.network = %s",
            [network],
        )
        keys: dict[str, int] = dict(cursor.fetchall())
        named = {name: keys[native_id] for name, native_id in known.items() if native_id in keys}
        return {**keys, **named, **hidden}


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


# --- Snapshots and posts ------------------------------------------------------------------------
def _store_snapshots(target: Target, records: Sequence[Snapshot]) -> int:
    # Newest first is the order of a fetch: of two for a day the first is the later one.
    rows = {record.day: record for record in reversed(records)}
    if not rows:
        return 0
    with connection.cursor() as cursor:
        stage = staged(cursor, "stage_snapshot", "day date, counts jsonb")
        copy_rows(
            cursor,
            stage,
            ("day", "counts"),
            [(min(day, target.now.date()), json_text(dict(r.counts))) for day, r in rows.items()],
        )
        cursor.execute(
            "INSERT INTO connectors_snapshot (account_id, day, counts) "
            "SELECT DISTINCT ON (day) %s, day, counts FROM stage_snapshot "
            "ON CONFLICT (account_id, day) DO UPDATE SET counts = excluded.counts",
            [target.account_id],
        )
    return len(rows)


_POST_COLUMNS = ("native_id", "created_at", "url", "text", "text_until", "features", "counts")
_POST_STAGE = (
    "native_id text, created_at timestamptz, url text, text bytea, text_until timestamptz, "
    "features jsonb, counts jsonb"
)
_POST_UPSERT = """
INSERT INTO connectors_post
    (account_id, native_id, created_at, url, text, text_until, features, counts, counted_at)
SELECT %s, native_id, created_at, url, text, text_until, features, counts, %s FROM stage_post
ON CONFLICT (account_id, native_id) DO UPDATE SET
    url = excluded.url, text = excluded.text, text_until = excluded.text_until,
    features = excluded.features, counts = excluded.counts, counted_at = excluded.counted_at
"""


def _features(post: Post) -> dict[str, Any]:
    """Return what is kept of a text for good; whom it names is not, only how many."""
    features = post.features
    topics = about.found_in(post)
    return {
        **({"topics": topics} if topics else {}),
        "hashtags": [clean(tag, 100) for tag in features.hashtags[:50]],
        "mentions_count": len(features.mentions),
        "link_hosts": [clean(host, 255) for host in features.link_hosts[:50]],
        "language": clean(features.language, 16),
        "length": features.length,
        "is_reply": post.reply_to is not None,
    }


def _post_row(target: Target, post: Post) -> tuple[object, ...]:
    policy = target.network.policy
    created_at = min(post.created_at, target.now)
    # Counted from the post's date: fetching it once more does not keep its text longer.
    until = created_at + timedelta(days=policy.text_days)
    text, text_until = b"", None
    if policy.may_store_text and post.text and until > target.now:
        text, text_until = crypto.encrypt_text(clean(post.text)), until
    return (
        post.native_id,
        created_at,
        web_address(post.url),
        text,
        text_until,
        json_text(_features(post)),
        json_text(dict(post.counts)),
    )


def _store_posts(target: Target, sighting: anonymous.Sighting, records: Sequence[Post]) -> int:
    rows = {record.native_id: record for record in reversed(records)}
    if not rows:
        return 0
    kinds = anonymous.counted_kinds(target.network)
    before = anonymous.seen_before(target.account_id, list(rows)) if kinds else {}
    with connection.cursor() as cursor:
        stage = staged(cursor, "stage_post", _POST_STAGE)
        copy_rows(cursor, stage, _POST_COLUMNS, [_post_row(target, p) for p in rows.values()])
        cursor.execute(_POST_UPSERT, [target.account_id, target.now])
    anonymous.store(sighting, kinds, rows.values(), before)
    return len(rows)


def _remove_posts(target: Target, records: Sequence[Removed]) -> None:
    """Delete posts that were taken away; who reacted to them did act, and counts on."""
    names = [record.native_id for record in records]
    if names:
        PostRow.objects.filter(account_id=target.account_id, native_id__in=names).delete()


def _posts_named(
    target: Target, records: Iterable[Interaction]
) -> Mapping[str, tuple[int, datetime]]:
    """Return id and date of the stored posts that the interactions name. One query."""
    names = {record.post_native_id for record in records if record.post_native_id}
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT native_id, id, created_at FROM connectors_post "
            "WHERE account_id = %s AND native_id = ANY(%s)",
            [target.account_id, list(names)],
        )
        return {name: (post_id, created_at) for name, post_id, created_at in cursor.fetchall()}


# --- Interactions -------------------------------------------------------------------------------
_COLUMNS = (
    "day",
    "account_id",
    "dedupe_key",
    "direction",
    "kind",
    "provenance",
    "reactor_key",
    "post_id",
    "reactor_followers",
    "happened_at",
    "seen_at",
)
_STAGE = (
    "day date, account_id bigint, dedupe_key bigint, direction smallint, kind smallint, "
    "provenance smallint, reactor_key bigint, post_id bigint, reactor_followers bigint, "
    "happened_at timestamptz, seen_at timestamptz"
)
# Known already, on whatever day: then it keeps the day that it was first given.
_INSERT = f"""
INSERT INTO {TABLE} ({", ".join(_COLUMNS)})
SELECT {", ".join("s." + name for name in _COLUMNS)} FROM stage_interaction s
WHERE NOT EXISTS (SELECT 1 FROM {TABLE} i
                  WHERE i.account_id = s.account_id AND i.dedupe_key = s.dedupe_key)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of ours only


@dataclass(frozen=True, slots=True)
class _Row:
    """An interaction whose day is still to be moved off closed ones."""

    # When it counts: the trusted date, or where the delay curve puts it.
    counts_at: datetime
    happened_at: datetime | None
    values: tuple[object, ...]


def _rows(
    target: Target,
    records: Iterable[Interaction],
    reactors: Mapping[str, int],
    posts: Mapping[str, tuple[int, datetime]],
) -> Iterable[_Row]:
    dated = target.network.capabilities.dated
    provenance = int(target.network.provenance)
    distinct = {dedupe_key(record): record for record in records}
    for key, record in distinct.items():
        post_id, posted_at = posts.get(record.post_native_id or "", (None, None))
        seen_at = min(record.seen_at, target.now)
        happened_at = None
        # A reaction of the account itself may be on somebody else's older post: no lower bound.
        earliest = posted_at if record.direction is Direction.RECEIVED else None
        if record.happened_at is not None and record.kind in dated:
            happened_at = days.clamped(record.happened_at, earliest=earliest, seen_at=seen_at)
        counts_at = happened_at or days.placed(
            key, posted_at=posted_at, previous_at=target.previous_at, seen_at=seen_at
        )
        yield _Row(
            counts_at,
            happened_at,
            (
                target.account_id,
                key,
                int(record.direction),
                int(record.kind),
                provenance,
                reactors[record.actor.native_id],
                post_id,
                record.actor.followers,
                happened_at,
                seen_at,
            ),
        )


def _store_interactions(target: Target, rows: Sequence[_Row]) -> int:
    """Insert the rows that are not there yet and return how many were new."""
    if not rows:
        return 0
    # Before the transaction: a new partition needs the whole table for a moment.
    _ensure_months({days.utc_day(row.counts_at) for row in rows})
    with transaction.atomic(), connection.cursor() as cursor:
        closed = closed_from(cursor, min(days.utc_day(row.counts_at) for row in rows))
        first = target.first_history
        placed = [days.counting_day(r.counts_at, closed, first_history=first) for r in rows]
        _ensure_months(placed)
        stage = staged(cursor, "stage_interaction", _STAGE)
        lines = ((day, *row.values) for day, row in zip(placed, rows, strict=True))
        copy_rows(cursor, stage, _COLUMNS, lines)
        cursor.execute(f"ANALYZE {stage}")
        cursor.execute(_INSERT)
        return int(cursor.rowcount)


def _ensure_months(placed: Iterable[date]) -> None:
    months = {day.replace(day=1) for day in placed}
    ensure_days([TABLE], months - existing_months(TABLE, months))
