"""X: a linked account's posts and who acted on them, with its owner's token; every row is paid for.

Strangers are read only where the operator pays for it (X_LOOKUPS), with a token of the application.
Reference: https://docs.x.com/x-api/introduction and the specification 2.165/2.167 (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.errors import BadPayload, Gone, NotAllowed
from connectors.fields import field
from connectors.http import Answer, Client
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    Costs,
    Kind,
    LookupKind,
    Network,
    Policy,
    Profile,
    Provenance,
    Record,
    Snapshot,
)
from connectors.x.asking import Asking
from connectors.x.handles import parse_handle
from connectors.x.payloads import NETWORK_ID, parse_audience, parse_profile
from connectors.x.visit import Visit

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="X",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.PAID,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE, Kind.MENTION}),
        anonymous=frozenset({Kind.SAVE}),
        # Likers and reposters are named without a date.
        dated=frozenset({Kind.COMMENT, Kind.QUOTE, Kind.MENTION}),
        sent=frozenset({Kind.COMMENT}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        # X's terms let ids and our own numbers be passed on, not its texts: none is kept.
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        # What X no longer shows has to go within a day: who was looked up is asked for once.
        lookup_days=1,
        attribution="Posts and counts come from X, by its API.",
        recheck_days=1,
        recheck_most=1_000,
        ended_days=30,
    ),
    # 75 questions in 15 minutes for each kind of "who", more for the rest
    # (https://docs.x.com/x-api/fundamentals/rate-limits, read 2026-11); visit.py stays below each.
    budget=Budget(requests=300, per_seconds=900, per="credential"),
    snapshot_counts=frozenset({"followers", "following", "posts", "lists"}),
    post_counts=frozenset({"likes", "reshares", "comments", "quotes", "saves", "views"}),
    handle_hint="@name",
    docs_url="https://docs.x.com/x-api/introduction",
    # follows.read and list.read would open nothing that is read here.
    scopes=("tweet.read", "users.read", "like.read", "offline.access"),
    keys=("X_CLIENT_ID", "X_CLIENT_SECRET"),
    keys_url="https://console.x.com",
    costs=Costs(
        micro_usd={"post": 5_000, "user": 10_000},
        source="https://docs.x.com/x-api/getting-started/pricing",
        read_in="2026-11",
    ),
)

_USER_FIELDS = ["created_at", "description", "protected", "public_metrics", "verified_type"]


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile with one request: of the token's owner, or, for money, of a stranger.

    NotAllowed where there is neither a person's token nor one of the application.
    """
    return _profile(_read(_asking(client, account), account), account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with who acted on them, as far as money goes.

    A fetch always reads profile, new posts and the counts that are due; it asks who acted, and
    whether older posts are still shown, only within the share of the month's budget that the
    client's meter grants. Of a stranger it reads a few posts and mentions.
    """
    now = datetime.now(UTC)
    asking = _asking(client, account)
    answer = _read(asking, account)
    profile = _profile(answer, account)
    yield profile
    user = _told(answer)
    yield Snapshot(day=now.date(), counts=parse_audience(user, answer.path))
    visit = Visit(asking, account, profile, now, since)
    yield from visit.records() if account.token else visit.of_a_stranger()


def _asking(client: Client, account: AccountRef) -> Asking:
    token = account.token or client.key
    if not token:
        raise NotAllowed("X charges for reading other people's accounts.", network=NETWORK_ID)
    return Asking(client, token)


def _read(asking: Asking, account: AccountRef) -> Answer:
    if account.token:
        # Reference: https://docs.x.com/x-api/users/get-my-user (read 2026-11)
        return asking.ask("get_me", {"user": 1}, user_fields=_USER_FIELDS)
    # References: https://docs.x.com/x-api/users/get-user-by-id, …/get-user-by-username
    # (read 2026-11)
    which = {"id": account.native_id} if account.native_id else {"username": account.handle}
    return asking.ask("get_user", {"user": 1}, user_fields=_USER_FIELDS, **which)


def _told(answer: Answer) -> dict[str, Any]:
    """Return the user of an answer; Gone where X says, with the status 200, that there is none."""
    data = answer.data if isinstance(answer.data, dict) else {}
    if data.get("data") is None and isinstance(data.get("errors"), list):
        raise Gone("X does not show the account.", network=NETWORK_ID, path=answer.path)
    return field(answer.data, "data", dict, path=answer.path, network=NETWORK_ID)


def _profile(answer: Answer, account: AccountRef) -> Profile:
    profile = parse_profile(_told(answer), answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload("x answers with another account.", network=NETWORK_ID, path=answer.path)
    return profile
