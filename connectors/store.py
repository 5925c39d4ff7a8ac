"""Writes fetched records: bulk upserts, a batch at a time, that may be repeated at will.

The same record stored twice is one row; a process killed between two batches, or within one, is
made good by storing the same records again. No query is made per row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import connection

from connectors import about, anonymous, crypto
from connectors.checks import check_interactions, check_record, web_address
from connectors.commits import without_waiting
from connectors.copying import clean, copy_rows, json_text, staged
from connectors.interactions import TABLE, batch_of, store_batch
from connectors.models import Account
from connectors.models import Post as PostRow
from connectors.reactors import store_reactors
from connectors.target import Target
from connectors.types import (
    Interaction,
    Post,
    Profile,
    Provenance,
    Record,
    Removed,
    Snapshot,
)

__all__ = ["TABLE", "Stored", "Target", "store"]


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


def store(target: Target, records: Sequence[Record]) -> Stored:
    """Store one batch and return what it came to; raises BadPayload before anything is written."""
    network = target.network
    by_type: dict[type[Record], list[Any]] = defaultdict(list)
    for record in records:
        by_type[type(record)].append(record)
    interactions: list[Interaction] = by_type.pop(Interaction, [])
    check_interactions(network, interactions)
    for record in chain.from_iterable(by_type.values()):
        check_record(network, record)
    if network.provenance is Provenance.OWN_FILE:
        by_type = {Post: _of_own_file(target, by_type[Post])}
    if not network.policy.may_store_reactors:
        # Who reacted may not be kept there: the posts' counts are all that counts.
        interactions = []
    reactors = store_reactors(target, [record.actor for record in interactions])
    stored = Stored()
    if by_type:
        stored = _store_others(target, by_type)
    if interactions:
        batch = batch_of(target, interactions, reactors, _posts_named(target, interactions))
        stored += Stored(interactions=store_batch(target, batch))
    return stored


def _store_others(target: Target, by_type: Mapping[type[Record], list[Any]]) -> Stored:
    """Store all but interactions, whole or not at all."""
    sighting = anonymous.Sighting(
        target.account_id, target.first_history, target.previous_at, target.now
    )
    posts: list[Post] = by_type.get(Post, [])
    if posts and anonymous.counted_kinds(target.network):
        anonymous.prepare(sighting, posts)
    with without_waiting():
        for profile in by_type.get(Profile, []):
            _update_account(target.account_id, profile)
        snapshots = _store_snapshots(target, by_type.get(Snapshot, []))
        stored = _store_posts(target, sighting, posts)
        _remove_posts(target, by_type.get(Removed, []))
    return Stored(posts=stored, snapshots=snapshots)


def _of_own_file(target: Target, records: Sequence[Post]) -> list[Post]:
    """Return what a person's own file may bring of posts: those not known yet, uncounted.

    Counts carry no provenance: once stored they would be the network's word. One query.
    """
    posts = {record.native_id: record for record in records}
    known = set(
        PostRow.objects.filter(account_id=target.account_id, native_id__in=list(posts)).values_list(
            "native_id", flat=True
        )
    )
    return [replace(post, counts={}) for name, post in posts.items() if name not in known]


def _update_account(account_id: int, profile: Profile) -> None:
    Account.objects.filter(pk=account_id).update(
        handle=clean(profile.handle),
        name=clean(profile.name, 200),
        url=web_address(profile.url),
    )


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
