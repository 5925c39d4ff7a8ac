"""Facebook Pages: a linked Page's posts, counts and comments, with the Page's token.

Of personal profiles the API tells nothing that could be scored. Reference:
https://developers.facebook.com/docs/graph-api/reference/page (v26.0, read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed
from connectors.facebook.handles import parse_handle
from connectors.facebook.payloads import NETWORK_ID, parse_audience, parse_profile
from connectors.facebook.visit import Visit
from connectors.graph import Graph
from connectors.graph.answers import insights_of, rows_of, summed, whole
from connectors.http import Answer, Client
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

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Facebook",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.COMMENT, Kind.MENTION}),
        # Some who react are named, most are not: as counts nobody is left out.
        anonymous=frozenset({Kind.LIKE, Kind.RESHARE}),
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
        attribution="Posts and counts come from Facebook, by Meta's API.",
    ),
    # 200 questions an hour for each person, of the platform's limits
    # (https://developers.facebook.com/docs/graph-api/overview/rate-limiting/, read 2026-11); the
    # limits of Pages are wider and told by each answer (connectors.graph.usage).
    budget=Budget(requests=200, per_seconds=3600, per="credential"),
    snapshot_counts=frozenset(
        {
            *("followers", "page_likes", "talking", "were_here", "checkins_here", "ratings"),
            *("month_reach", "month_views", "engaged_actions", "follows_gained"),
        }
    ),
    post_counts=frozenset(
        {
            *("likes", "reshares", "comments", "reach", "link_clicks"),
            *("loves", "wows", "hahas", "sorrys", "angers"),
        }
    ),
    handle_hint="facebook.com/page",
    docs_url="https://developers.facebook.com/docs/graph-api/reference/page",
    scopes=(
        "pages_show_list",
        "pages_read_engagement",
        "pages_read_user_content",
        "read_insights",
    ),
    keys=("FACEBOOK_CLIENT_ID", "FACEBOOK_CLIENT_SECRET"),
    keys_url="https://developers.facebook.com/apps",
    # Several people may run a Page: it proves nobody.
    signs_in=False,
)

_PAGE = (
    "id,name,username,link,followers_count,fan_count,talking_about_count,were_here_count,"
    "checkins,rating_count"
)
# Insights of a Page over 28 days, by our names for its counts.
_MONTH = {
    "month_views": "page_media_view",
    "month_reach": "page_total_media_view_unique",
    "engaged_actions": "page_post_engagements",
}
_MONTH_DAYS = 28


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's Page with one request; NotAllowed without a token."""
    return _own_profile(_me(_graph(client, account)), account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with their comments, and who tagged the Page."""
    now = datetime.now(UTC)
    graph = _graph(client, account)
    answer = _me(graph)
    profile = _own_profile(answer, account)
    yield profile
    counts = {**parse_audience(answer.data, answer.path), **_month(graph), **_gained(graph, now)}
    yield Snapshot(day=now.date(), counts=counts)
    yield from Visit(graph, account, profile, now, since).records()


def _graph(client: Client, account: AccountRef) -> Graph:
    if not account.token:
        raise NotAllowed("Facebook shows Pages to those who run them.", network=NETWORK_ID)
    return Graph(client, account.token, proven=True)


def _me(graph: Graph) -> Answer:
    # Reference: https://developers.facebook.com/docs/graph-api/reference/page (read 2026-11)
    return graph.ask("me", fields=_PAGE)


def _own_profile(answer: Answer, account: AccountRef) -> Profile:
    profile = parse_profile(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "facebook answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile


def _month(graph: Graph) -> dict[str, int | None]:
    """Return the counts of the last 28 days; nothing where Facebook does not tell them."""
    # Reference: https://developers.facebook.com/docs/graph-api/reference/insights (read 2026-11)
    answer = graph.ask_if_told("me/insights", metric=",".join(_MONTH.values()), period="days_28")
    if answer is None:
        return {}
    told = insights_of(rows_of(answer.data, answer.path, NETWORK_ID))
    return {name: whole(told, metric) for name, metric in _MONTH.items()}


def _gained(graph: Graph, now: datetime) -> dict[str, int | None]:
    """Return how many began to follow in the last 28 days, which is told day by day only."""
    answer = graph.ask_if_told(
        "me/insights",
        metric="page_daily_follows",
        period="day",
        since=int((now - timedelta(days=_MONTH_DAYS)).timestamp()),
        until=int(now.timestamp()),
    )
    if answer is None:
        return {}
    by_day = summed(rows_of(answer.data, answer.path, NETWORK_ID))
    return {"follows_gained": by_day.get("page_daily_follows")}
