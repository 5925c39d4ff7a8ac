"""Threads: a linked account's posts, counts and replies, with its owner's token.

Who likes, reposts or quotes is never told. Reference:
https://developers.facebook.com/documentation/threads (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed
from connectors.graph import Graph
from connectors.graph.answers import insights_of, rows_of, summed, whole
from connectors.http import Answer, Client
from connectors.threads.handles import parse_handle
from connectors.threads.payloads import NETWORK_ID, parse_profile
from connectors.threads.visit import Visit
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    Kind,
    LookupKind,
    Network,
    Policy,
    Profile,
    Provenance,
    Record,
    Snapshot,
)

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle", "whose"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Threads",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT, Kind.MENTION}),
        anonymous=frozenset({Kind.LIKE, Kind.RESHARE, Kind.QUOTE}),
        dated=frozenset({Kind.COMMENT, Kind.MENTION}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        text_days=30,
        may_combine=True,
        # Who replied is told to this application, and not to be passed on.
        may_export=False,
        lookup_days=None,
        attribution="Posts and counts come from Threads, by Meta's API.",
    ),
    # 4,800 questions a day for each time that a post was seen, of at least ten
    # (https://developers.facebook.com/docs/threads/overview, read 2026-11): far more than this.
    budget=Budget(requests=1000, per_seconds=3600, per="credential"),
    snapshot_counts=frozenset({"followers", "month_views"}),
    post_counts=frozenset({"likes", "reshares", "comments", "quotes", "views"}),
    handle_hint="threads.com/@name",
    docs_url="https://developers.facebook.com/documentation/threads",
    scopes=(
        "threads_basic",
        "threads_read_replies",
        "threads_manage_insights",
        "threads_manage_mentions",
    ),
    keys=("THREADS_CLIENT_ID", "THREADS_CLIENT_SECRET"),
    keys_url="https://developers.facebook.com/apps",
    reactors_by_name=True,
)

_MONTH_DAYS = 28


def whose(client: Client, token: str) -> Answer:
    """Return who the token's owner is, by one request; NotAllowed without a token."""
    if not token:
        raise NotAllowed("Threads shows accounts to their owners only.", network=NETWORK_ID)
    return _me(Graph(client, token))


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request; NotAllowed without a token."""
    return _own_profile(whose(client, account.token), account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with who replied, and who mentioned the account."""
    now = datetime.now(UTC)
    if not account.token:
        raise NotAllowed("Threads shows accounts to their owners only.", network=NETWORK_ID)
    graph = Graph(client, account.token)
    profile = _own_profile(_me(graph), account)
    yield profile
    yield Snapshot(day=now.date(), counts=_audience(graph, now))
    yield from Visit(graph, account, profile, now, since).records()


def _me(graph: Graph) -> Answer:
    # Reference: https://developers.facebook.com/documentation/threads/threads-profiles
    # (read 2026-11)
    return graph.ask("me", fields="id,username,name")


def _own_profile(answer: Answer, account: AccountRef) -> Profile:
    profile = parse_profile(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "threads answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile


def _audience(graph: Graph, now: datetime) -> dict[str, int | None]:
    """Return the followers and the last 28 days' views; None where Threads does not tell them.

    Two questions: the number of followers is refused together with a span of days.
    """
    # Reference: https://developers.facebook.com/documentation/threads/insights (read 2026-11)
    followers = graph.ask_if_told("me/threads_insights", metric="followers_count")
    if followers is None:
        return {"followers": None, "month_views": None}
    views = graph.ask_if_told(
        "me/threads_insights",
        metric="views",
        since=int((now - timedelta(days=_MONTH_DAYS)).timestamp()),
        until=int(now.timestamp()),
    )
    told = insights_of(rows_of(followers.data, followers.path, NETWORK_ID))
    by_day = {} if views is None else summed(rows_of(views.data, views.path, NETWORK_ID))
    return {"followers": whole(told, "followers_count"), "month_views": by_day.get("views")}
