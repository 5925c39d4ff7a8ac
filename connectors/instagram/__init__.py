"""Instagram: a linked professional account's posts and comments, with its owner's token.

Only business and creator accounts are shown, by Instagram Login. Likers are never listed.
Reference: https://developers.facebook.com/documentation/instagram-platform (read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed
from connectors.graph import Graph
from connectors.graph.answers import insights_of, rows_of, whole
from connectors.http import Answer, Client
from connectors.instagram.handles import parse_handle
from connectors.instagram.payloads import NETWORK_ID, parse_audience, parse_profile
from connectors.instagram.visit import Visit
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
    name="Instagram",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT, Kind.MENTION}),
        anonymous=frozenset({Kind.LIKE, Kind.SAVE}),
        dated=frozenset({Kind.COMMENT, Kind.MENTION}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=True,
        text_days=30,
        may_combine=True,
        # Who commented is told to this application, and not to be passed on.
        may_export=False,
        lookup_days=None,
        attribution="Posts and counts come from Instagram, by Meta's API.",
    ),
    # 200 questions an hour for each person, of the platform's limits
    # (https://developers.facebook.com/docs/graph-api/overview/rate-limiting/, read 2026-11); the
    # limits of business use are wider and told by each answer (connectors.graph.usage).
    budget=Budget(requests=200, per_seconds=3600, per="credential"),
    snapshot_counts=frozenset(
        {
            *("followers", "following", "posts"),
            *("month_reach", "month_views", "accounts_engaged", "engaged_actions", "profile_taps"),
        }
    ),
    post_counts=frozenset({"likes", "comments", "views", "saves", "shares", "reach"}),
    handle_hint="instagram.com/name",
    docs_url="https://developers.facebook.com/documentation/instagram-platform",
    # Comments are read with the permission to manage them: there is no narrower one.
    scopes=(
        "instagram_business_basic",
        "instagram_business_manage_insights",
        "instagram_business_manage_comments",
    ),
    keys=("INSTAGRAM_CLIENT_ID", "INSTAGRAM_CLIENT_SECRET"),
    keys_url="https://developers.facebook.com/apps",
    reactors_by_name=True,
)

_ME = "id,user_id,username,name,followers_count,follows_count,media_count"
# Insights of an account, by our names for its counts.
_MONTH = {
    "month_reach": "reach",
    "month_views": "views",
    "accounts_engaged": "accounts_engaged",
    "engaged_actions": "total_interactions",
    "profile_taps": "profile_links_taps",
}
_MONTH_DAYS = 28


def whose(client: Client, token: str) -> Answer:
    """Return who the token's owner is, with their counts, by one request."""
    if not token:
        raise NotAllowed("Instagram shows accounts to their owners only.", network=NETWORK_ID)
    return _me(Graph(client, token))


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request; NotAllowed without a token."""
    return _own_profile(whose(client, account.token), account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with their comments, and who tagged the account."""
    now = datetime.now(UTC)
    if not account.token:
        raise NotAllowed("Instagram shows accounts to their owners only.", network=NETWORK_ID)
    graph = Graph(client, account.token)
    answer = _me(graph)
    profile = _own_profile(answer, account)
    yield profile
    counts = {**parse_audience(answer.data, answer.path), **_month(graph, now)}
    yield Snapshot(day=now.date(), counts=counts)
    yield from Visit(graph, account, profile, now, since).records()


def _me(graph: Graph) -> Answer:
    # Reference: https://developers.facebook.com/documentation/instagram-platform/
    # instagram-api-with-instagram-login/get-started (read 2026-11)
    return graph.ask("me", fields=_ME)


def _own_profile(answer: Answer, account: AccountRef) -> Profile:
    profile = parse_profile(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "instagram answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile


def _month(graph: Graph, now: datetime) -> dict[str, int | None]:
    """Return the counts of the last 28 days; nothing where Instagram does not tell them."""
    # Reference: https://developers.facebook.com/docs/instagram-platform/reference/
    # instagram-media/insights and …/instagram-user/insights (read 2026-11)
    answer = graph.ask_if_told(
        "me/insights",
        metric=",".join(_MONTH.values()),
        period="day",
        metric_type="total_value",
        since=int((now - timedelta(days=_MONTH_DAYS)).timestamp()),
        until=int(now.timestamp()),
    )
    if answer is None:
        return {}
    told = insights_of(rows_of(answer.data, answer.path, NETWORK_ID))
    return {name: whole(told, metric) for name, metric in _MONTH.items()}
