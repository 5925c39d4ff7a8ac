"""GitHub: repositories, and who starred, forked and commented on them; open data, with dates.

References: https://docs.github.com/en/rest (read 2026-11). PyGithub makes its own sessions and is
not used (docs/decisions/0158).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.errors import BadPayload
from connectors.github.asking import NETWORK_ID, Asking
from connectors.github.handles import parse_handle
from connectors.github.payloads import parse_audience, parse_profile, parse_repository
from connectors.github.visit import Visit
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
    Validators,
)

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="GitHub",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.OPEN,
        audience_history=False,
        posts=True,
        named=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT}),
        dated=frozenset({Kind.LIKE, Kind.RESHARE, Kind.COMMENT}),
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=True,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=True,
        lookup_days=30,
        attribution="Repositories and counts come from GitHub.",
    ),
    # An address without a token has 60 an hour, a token 5,000; a fetch takes 52 at most
    # (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api, 2026-11).
    budget=Budget(requests=60, per_seconds=3600, per="credential"),
    budget_with_key=Budget(requests=5_000, per_seconds=3600, per="credential"),
    snapshot_counts=frozenset(
        {"followers", "following", "repositories", "gists", "stars", "best_stars", "forks"}
    ),
    post_counts=frozenset(),
    handle_hint="github.com/name",
    docs_url="https://docs.github.com/en/rest",
    # What is public needs no scope; a token says whose account it is.
    scopes=(),
    keys=("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
    keys_url="https://github.com/settings/developers",
)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the account's profile with one request; the token's owner's where there is one."""
    answer = _user(Asking(client, account.token), account)
    return _profile(answer, account)


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then repositories and who acted on them since."""
    now = datetime.now(UTC)
    asking = Asking(client, account.token, account.validators)
    answer = _user(asking, account)
    profile = _profile(answer, account)
    yield profile
    rows, path = asking.repositories(profile.handle)
    found = [parse_repository(row, path) for row in rows]
    own = [repository for repository in found if repository is not None]
    stars = [repository.stars for repository in own]
    counts: dict[str, int | None] = {
        **parse_audience(answer.data, answer.path),
        "stars": sum(stars),
        "best_stars": max(stars, default=0),
        "forks": sum(repository.forks for repository in own),
    }
    yield Snapshot(day=now.date(), counts=counts)
    yield from Visit(asking, profile, now, since).records(own)
    if asking.validators:
        yield Validators(asking.validators)


def _user(asking: Asking, account: AccountRef) -> Answer:
    # Reference: https://docs.github.com/en/rest/users/users (read 2026-11)
    if account.token:
        return asking.get("/user")
    return asking.get(
        f"/user/{account.native_id}" if account.native_id else f"/users/{account.handle}"
    )


def _profile(answer: Answer, account: AccountRef) -> Profile:
    profile = parse_profile(answer.data, answer.path)
    if account.native_id and profile.native_id != account.native_id:
        where: dict[str, Any] = {"network": NETWORK_ID, "path": answer.path}
        raise BadPayload("GitHub answers with another account.", **where)
    return profile
