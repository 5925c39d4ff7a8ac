"""Refuses records that cannot be true, before anything of them is stored. Pure."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from connectors.errors import BadPayload
from connectors.types import (
    Actor,
    Direction,
    Interaction,
    Network,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
    Validators,
)

# More than half of mankind: no count of a network is beyond it. Views can be counted many times.
MOST_PEOPLE = 5_000_000_000
MOST_VIEWS = 10**13
_REPEATABLE = frozenset({"views", "impressions", "plays"})
LONGEST_ID = 255
# What is kept of a network's ETags for the next fetch of one account.
MOST_VALIDATORS, LONGEST_VALIDATOR = 200, 300
# No network of ours is older; an earlier date is a zero that was read as a time.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
# Addresses as nearly all are: they need not be taken apart.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?")


def _bad(network: Network, what: str) -> BadPayload:
    return BadPayload(f"{network.name} sent {what}.", network=network.id)


def web_address(url: str) -> str:
    """Return an address that a page may link to, or "" for anything but http(s) of 500 signs."""
    if len(url) > 500:
        return ""
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    if any(sign.isspace() or ord(sign) < 32 for sign in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def check_counts(
    network: Network, counts: Mapping[str, int | None], declared: Iterable[str]
) -> None:
    """Raise BadPayload for an undeclared, negative, fractional, NaN or impossible count."""
    names = frozenset(declared)
    for name, value in counts.items():
        if name not in names:
            raise _bad(network, f"the undeclared count {name}")
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            kind = "NaN" if isinstance(value, float) and math.isnan(value) else type(value).__name__
            raise _bad(network, f"{kind} as the count {name}")
        if not 0 <= value <= (MOST_VIEWS if name in _REPEATABLE else MOST_PEOPLE):
            raise _bad(network, f"an impossible count {name}")


def _check_time(network: Network, what: str, at: datetime | None) -> None:
    if at is None:
        return
    if at.tzinfo is None or at.utcoffset() is None:
        raise _bad(network, f"a {what} without a time zone")
    if at < EARLIEST:
        raise _bad(network, f"a {what} before 1995")


def _check_id(network: Network, what: str, native_id: str) -> None:
    if not native_id or len(native_id) > LONGEST_ID or "\0" in native_id:
        raise _bad(network, f"{what} that is empty or too long")
    try:
        native_id.encode()
    except UnicodeEncodeError:
        raise _bad(network, f"{what} that is not text") from None


def _check_actor(network: Network, actor: Actor) -> None:
    _check_id(network, "an actor's id", actor.native_id)
    if len(actor.handle) > LONGEST_ID:
        raise _bad(network, "an actor's handle that is too long")
    for name, value in (("followers", actor.followers), ("following", actor.following)):
        if value is not None:
            check_counts(network, {name: value}, (name,))


def check_interactions(network: Network, records: Sequence[Interaction]) -> None:
    """Raise BadPayload, with a sentence for people, where one of them cannot be true."""
    if not _are_fine(network, records):
        for record in records:
            check_record(network, record)


def _are_fine(network: Network, records: Sequence[Interaction]) -> bool:
    """Return True only where check_record would let each pass: by columns, which is much quicker.

    False may mean that only the slower look can tell.
    """
    if not records:
        return True
    abilities = network.capabilities
    ways = {(record.direction, record.kind) for record in records}
    actors = [record.actor for record in records]
    ids = [actor.native_id for actor in actors]
    lengths = set(map(len, ids))
    joined = "".join(ids)
    counts = [actor.followers for actor in actors if actor.followers is not None]
    counts += [actor.following for actor in actors if actor.following is not None]
    times = [record.seen_at for record in records]
    times += [record.happened_at for record in records if record.happened_at is not None]
    return (
        all(
            kind in (abilities.named if direction is Direction.RECEIVED else abilities.sent)
            for direction, kind in ways
        )
        and "" not in {record.native_id for record in records}
        and min(lengths) > 0
        and max(lengths) <= LONGEST_ID
        and joined.isascii()
        and "\0" not in joined
        and max([len(actor.handle) for actor in actors]) <= LONGEST_ID
        and set(map(type, counts)) <= {int}
        and (not counts or (min(counts) >= 0 and max(counts) <= MOST_PEOPLE))
        and {time.tzinfo for time in times} == {UTC}
        and min(times) >= EARLIEST
    )


def check_record(network: Network, record: Record) -> None:
    """Raise BadPayload, with a sentence for people, for a record that cannot be true."""
    if isinstance(record, Interaction):
        _check_interaction(network, record)
    elif isinstance(record, Post):
        _check_id(network, "a post's id", record.native_id)
        _check_time(network, "post's date", record.created_at)
        check_counts(network, record.counts, network.post_counts)
    elif isinstance(record, Snapshot):
        check_counts(network, record.counts, network.snapshot_counts)
    elif isinstance(record, Removed):
        _check_id(network, "a removed post's id", record.native_id)
    elif isinstance(record, Validators):
        _check_validators(network, record)
    else:
        check_profile(network, record)


def _check_validators(network: Network, record: Validators) -> None:
    texts = [text for pair in record.etags.items() for text in pair]
    if len(record.etags) > MOST_VALIDATORS or any(len(t) > LONGEST_VALIDATOR for t in texts):
        raise _bad(network, "more to compare with than is kept")
    if any("\0" in text for text in texts):
        raise _bad(network, "something to compare with that is not text")


def check_profile(network: Network, profile: Profile) -> None:
    """Raise BadPayload for a profile without a usable id and handle."""
    _check_id(network, "a profile's id", profile.native_id)
    _check_id(network, "a profile's handle", profile.handle)
    _check_time(network, "profile's date", profile.created_at)


def _check_interaction(network: Network, record: Interaction) -> None:
    abilities = network.capabilities
    declared = abilities.named if record.direction is Direction.RECEIVED else abilities.sent
    if record.kind not in declared:
        raise _bad(network, f"an undeclared kind of interaction ({record.kind.name.lower()})")
    if not record.native_id:
        raise _bad(network, "an interaction without an id")
    _check_actor(network, record.actor)
    _check_time(network, "sighting", record.seen_at)
    _check_time(network, "date of an interaction", record.happened_at)
