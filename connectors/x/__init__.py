"""X: a linked account's posts and who acted on them, with its owner's token; every row is paid for.

Reference: https://docs.x.com/x-api/introduction and the specification 2.165/2.167 (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.errors import BadPayload, NotAllowed
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
        lookup_days=None,
        attribution="Posts and counts come from X, by its API.",
        recheck_days=1,
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
    """Return the profile of the token's owner with one request; NotAllowed without a token."""
    answer = _me(Asking(client, account.token), account)
    return _own_profile(answer, account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with who acted on them, as far as money goes.

    A fetch always reads profile, new posts and the counts that are due; it asks who acted only
    within the share of the month's budget that the client's meter grants.
    """
    now = datetime.now(UTC)
    asking = Asking(client, account.token)
    answer = _me(asking, account)
    profile = _own_profile(answer, account)
    yield profile
    user = field(answer.data, "data", dict, path=answer.path, network=NETWORK_ID)
    yield Snapshot(day=now.date(), counts=parse_audience(user, answer.path))
    yield from Visit(asking, account, profile, now, since).records()


def _me(asking: Asking, account: AccountRef) -> Answer:
    if not account.token:
        raise NotAllowed("X charges for reading other people's accounts.", network=NETWORK_ID)
    # Reference: https://docs.x.com/x-api/users/get-my-user (read 2026-11)
    return asking.ask("get_me", {"user": 1}, user_fields=_USER_FIELDS)


def _own_profile(answer: Answer, account: AccountRef) -> Profile:
    user = field(answer.data, "data", dict, path=answer.path, network=NETWORK_ID)
    profile = parse_profile(user, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload("x answers with another account.", network=NETWORK_ID, path=answer.path)
    return profile
