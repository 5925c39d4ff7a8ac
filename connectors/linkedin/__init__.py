"""LinkedIn: one's own followers, posts and how often they were acted on; nobody else's data.

What is told depends on the products that LinkedIn granted the operator's application
(LINKEDIN_PRODUCTS): whatever was not granted is refused with 403, and stays unknown.
References: https://learn.microsoft.com/en-us/linkedin/ (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.errors import BadPayload, NotAllowed
from connectors.fields import field, objects, optional
from connectors.http import Answer, Client
from connectors.linkedin.payloads import NETWORK_ID, parse_post, parse_profile
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    Kind,
    LookupKind,
    Network,
    Policy,
    Post,
    Profile,
    Provenance,
    Record,
    Snapshot,
)

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="LinkedIn",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset(),
        # Who acted may be shown for a day and never kept.
        anonymous=frozenset({Kind.LIKE, Kind.COMMENT, Kind.RESHARE, Kind.SAVE}),
    ),
    policy=Policy(
        # https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements (2026-11):
        # a member's own data may be kept while they allow it.
        retention_days=None,
        may_store_reactors=False,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=True,
        lookup_days=None,
        attribution="Posts and counts come from LinkedIn, by its API.",
        ended_days=30,
    ),
    # LinkedIn tells the limits of an application in its portal only; the smallest are 100 a day for
    # a member and product.
    budget=Budget(requests=200, per_seconds=86_400, per="credential"),
    snapshot_counts=frozenset({"followers", "connections", "skills", "groups"}),
    post_counts=frozenset({"likes", "comments", "reshares", "saves", "views"}),
    docs_url="https://learn.microsoft.com/en-us/linkedin/",
    scopes=("openid", "profile"),
    keys=("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET"),
    keys_url="https://www.linkedin.com/developers/apps",
)

# Versions live a year: https://learn.microsoft.com/en-us/linkedin/marketing/versioning (2026-11).
_VERSION = {"LinkedIn-Version": "202606", "X-Restli-Protocol-Version": "2.0.0"}
# The vendor's word for each count of a post.
_METRICS = {
    "likes": "REACTION",
    "comments": "COMMENT",
    "reshares": "RESHARE",
    "saves": "POST_SAVE",
    "views": "IMPRESSION",
}
# Posts whose counts are read in one fetch, five questions each: below the budget of a day.
MOST_COUNTED = 18
RECENT_DAYS = 30
# Pages of a part of a member's own data.
MOST_PAGES = 20
# What is counted of a member's own data, and nothing else kept of it.
_COUNTED = {"connections": "CONNECTIONS", "skills": "SKILLS", "groups": "GROUPS"}


def parse_handle(text: str) -> AccountRef | None:
    """Return None: nobody can be looked up there."""
    return None


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request; NotAllowed without a token."""
    if not account.token:
        raise NotAllowed("LinkedIn shows nothing without its member.", network=NETWORK_ID)
    # Reference: https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/
    # sign-in-with-linkedin-v2#retrieving-member-profiles (read 2026-11)
    answer = client.get(f"{client.urls['linkedin']}/v2/userinfo", token=account.token)
    profile = parse_profile(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "LinkedIn answers with another member.", network=NETWORK_ID, path=answer.path
        )
    return profile


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then posts with how often they were acted on."""
    now = datetime.now(UTC)
    yield fetch_profile(client, account)
    asking = _Asking(client, account.token)
    shares = asking.own_data("MEMBER_SHARE_INFO")
    counts: dict[str, int | None] = {"followers": asking.followers()}
    for name, domain in _COUNTED.items():
        # Refused for one part of a member's data is refused for all.
        rows = asking.own_data(domain) if shares is not None else None
        counts[name] = None if rows is None else len(rows)
    yield Snapshot(day=now.date(), counts=counts)
    posts = {}
    for row in shares or []:
        post = parse_post(row, "MEMBER_SHARE_INFO")
        if post is not None:
            posts[post.native_id] = post
    first = now - timedelta(days=RECENT_DAYS)
    young = [post for post in posts.values() if post.created_at >= first]
    young.sort(key=lambda post: post.created_at, reverse=True)
    for post in young[:MOST_COUNTED]:
        counted = asking.counts(post.native_id)
        yield Post(**{**_fields(post), "counts": counted})
    # What was counted before and is not now keeps its counts.
    known = frozenset(account.recent_posts)
    yield from (post for post in young[MOST_COUNTED:] if post.native_id not in known)
    if since is None:
        yield from (post for post in posts.values() if post.created_at < first)


def _fields(post: Post) -> dict[str, Any]:
    names = ("native_id", "created_at", "url", "features")
    return {name: getattr(post, name) for name in names}


@dataclass(slots=True)
class _Asking:
    """Asks for one member; what the application was not granted is asked for once."""

    client: Client
    token: str
    analytics: bool = True

    def followers(self) -> int | None:
        """Return how many follow the member; None where that is not told."""
        # Reference: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/
        # members/follower-statistics (read 2026-11)
        answer = self._asked("/rest/memberFollowersCount?q=me")
        if answer is None:
            self.analytics = False
            return None
        rows = objects(answer.data, "elements", path=answer.path, network=NETWORK_ID)
        if not rows:
            return None
        return field(rows[0], "memberFollowersCount", int, path=answer.path, network=NETWORK_ID)

    def counts(self, urn: str) -> dict[str, int | None]:
        """Return the counts of a post; unknown where the application may not read them."""
        # Reference: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/
        # members/post-statistics (read 2026-11)
        found: dict[str, int | None] = dict.fromkeys(_METRICS)
        kind = "share" if ":share:" in urn else "ugc"
        for name, metric in _METRICS.items():
            if not self.analytics:
                break
            answer = self._asked(
                f"/rest/memberCreatorPostAnalytics?q=entity&entity=({kind}:{quote(urn, safe='')})"
                f"&queryType={metric}&aggregation=TOTAL"
            )
            if answer is None:
                self.analytics = False
                break
            rows = objects(answer.data, "elements", path=answer.path, network=NETWORK_ID)
            told = [field(row, "count", int, path=answer.path, network=NETWORK_ID) for row in rows]
            found[name] = sum(told) if told else None
        return found

    def own_data(self, domain: str) -> list[dict[str, Any]] | None:
        """Return the rows of a part of the member's own data; None where it is not granted."""
        # Reference: https://learn.microsoft.com/en-us/linkedin/dma/member-data-portability/shared/
        # member-snapshot-api (read 2026-11)
        rows: list[dict[str, Any]] = []
        for page in range(MOST_PAGES):
            answer = self._asked(
                f"/rest/memberSnapshotData?q=criteria&domain={domain}&start={page}"
            )
            if answer is None:
                return None
            if answer.status == 404:
                # So the vendor says that there is nothing of it, or no further page.
                return rows
            for element in objects(answer.data, "elements", path=answer.path, network=NETWORK_ID):
                rows += objects(element, "snapshotData", path=answer.path, network=NETWORK_ID)
            paging = optional(answer.data, "paging", dict, path=answer.path, network=NETWORK_ID)
            links = optional(paging or {}, "links", list, path=answer.path, network=NETWORK_ID)
            if not any(
                isinstance(link, dict) and link.get("rel") == "next" for link in links or []
            ):
                break
        return rows

    def _asked(self, path: str) -> Answer | None:
        answer = self.client.get(
            f"{self.client.urls['linkedin']}{path}",
            token=self.token,
            headers=_VERSION,
            accept=(403, 404),
        )
        return None if answer.status == 403 else answer
