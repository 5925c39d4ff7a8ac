"""Viva Engage (Yammer): what a company's network shows all its members of one of them.

Reference: https://learn.microsoft.com/en-us/rest/api/yammer/rest-api-rate-limits and the pages
beside it (read 2026-11). Only on behalf of who signs in, with an application of Microsoft Entra.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.errors import BadPayload, NotAllowed
from connectors.fields import objects
from connectors.http import Client
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
from connectors.yammer.payloads import NETWORK_ID, parse_handle, parse_user
from connectors.yammer.visit import Visit

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Viva Engage (Yammer)",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.COMMENT, Kind.MENTION}),
        # Who likes is named without a date.
        dated=frozenset({Kind.COMMENT, Kind.MENTION}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        # What colleagues write to each other stays there.
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Messages, likes and replies come from Viva Engage.",
        # Who leaves the company has left its network.
        ended_days=30,
    ),
    # 10 about messages in 30 seconds and 10 others in 10, for each person
    # (https://learn.microsoft.com/en-us/rest/api/yammer/rest-api-rate-limits, read 2026-11):
    # visit.py asks no more than that in one fetch.
    budget=Budget(requests=20, per_seconds=30, per="credential"),
    snapshot_counts=frozenset({"followers", "following", "posts", "groups"}),
    post_counts=frozenset({"likes", "comments"}),
    handle_hint="https://www.yammer.com/company.com/users/name",
    docs_url="https://learn.microsoft.com/en-us/rest/api/yammer/rest-api-rate-limits",
    scopes=("https://www.yammer.com/access_as_user", "offline_access"),
    keys=("YAMMER_CLIENT_ID", "YAMMER_CLIENT_SECRET"),
    keys_url="https://learn.microsoft.com/en-us/rest/api/yammer/app-registration",
)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _user(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then messages with who acted where their counts moved."""
    now = datetime.now(UTC)
    profile, counts = _user(client, account)
    yield profile
    counts["groups"] = _groups(client, account, profile)
    yield Snapshot(day=now.date(), counts=counts)
    yield from Visit(client, account, profile, now, since).records()


def _user(client: Client, account: AccountRef) -> tuple[Profile, dict[str, int | None]]:
    if not account.token:
        raise NotAllowed("Viva Engage shows people to their colleagues only.", network=NETWORK_ID)
    # Reference: https://learn.microsoft.com/en-us/rest/api/yammer/ "users/current" (read 2026-11)
    answer = client.get(f"{client.urls['yammer']}/api/v1/users/current.json", token=account.token)
    profile, counts = parse_user(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "yammer answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts


def _groups(client: Client, account: AccountRef, profile: Profile) -> int | None:
    """Return how many communities the account has joined; unknown where that is not told."""
    # Reference: https://learn.microsoft.com/en-us/rest/api/yammer/ "groups/for_user" (read 2026-11)
    answer = client.get(
        f"{client.urls['yammer']}/api/v1/groups/for_user/{profile.native_id}.json",
        token=account.token,
        accept=(403, 404),
    )
    if answer.status != 200:
        return None
    return len(objects(answer.data, path=answer.path, network=NETWORK_ID))
