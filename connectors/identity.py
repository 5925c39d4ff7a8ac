"""Accounts that a person's own profiles point at: offered as probably theirs, never joined.

A link in a profile shows what its writer wishes to be seen with, not whose account it is. So it is
kept for linked accounts only, shown to their owner alone, and linking still asks for its own proof.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils import timezone

from connectors import registry
from connectors.clients import client_for
from connectors.copying import clean
from connectors.errors import ConnectorError, Gone
from connectors.models import Account, ProbableAccount
from connectors.types import AccountRef, LookupKind, Profile

log = logging.getLogger(__name__)

MOST_LINKS = 20
# Profiles asked in one sync whether they point back.
MOST_ASKED = 3
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True, slots=True)
class Pointed:
    """An account that a profile points at."""

    network: str
    account: AccountRef
    url: str
    # The network itself found a link back (Mastodon's rel="me").
    verified: bool

    @property
    def key(self) -> str:
        """What the account goes by, the same however the link is written."""
        return (self.account.native_id or self.account.handle).lower()


def pointed_at(profile: Profile) -> list[Pointed]:
    """Return the accounts on networks of ours that a profile's links lead to, each once. Pure."""
    found: dict[tuple[str, str], Pointed] = {}
    for url, verified in _links(profile):
        for pointed in accounts_at(url, verified=verified):
            known = found.get((pointed.network, pointed.key))
            if known is None or (verified and not known.verified):
                found[pointed.network, pointed.key] = pointed
    return list(found.values())[:MOST_LINKS]


def _links(profile: Profile) -> Iterator[tuple[str, bool]]:
    for link in profile.links[:MOST_LINKS]:
        yield link.url, link.verified
    for url in _ADDRESS.findall(profile.bio)[:MOST_LINKS]:
        yield url.rstrip(".,;:!?"), False


def accounts_at(url: str, *, verified: bool = False) -> Iterator[Pointed]:
    """Yield what an address means; an address of one network is never one of an open server."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return
    if not host or len(url) > 500:
        return
    meant = [
        Pointed(network.id, ref, url, verified)
        for network in registry.enabled()
        if network.id != "sample" and (ref := registry.parse_handle(network.id, url)) is not None
    ]
    single = [one for one in meant if not registry.network(one.network).federated]
    yield from single or meant


def note(account: Account, profile: Profile) -> None:
    """Keep what a linked account's profile points at; what was dismissed stays so.

    A handful of queries, and none for a profile without links that never had any.
    """
    if account.status != Account.Status.LINKED or account.person.owner_id is None:
        return
    pointed = {
        (one.network, clean(one.key, 255)): one
        for one in pointed_at(profile)
        if one.network != account.network or one.key not in _names(profile)
    }
    known = ProbableAccount.objects.filter(account=account, told_by=ProbableAccount.ToldBy.PROFILE)
    for row in known:
        if (row.network, row.key) not in pointed and row.dismissed_at is None:
            row.delete()
    for (network, key), one in pointed.items():
        ProbableAccount.objects.update_or_create(
            person_id=account.person_id,
            network=network,
            key=key,
            defaults={
                "account": account,
                "handle": clean(one.account.handle or one.account.native_id, 255),
                "url": clean(one.url, 500),
                "verified": one.verified,
                "told_by": ProbableAccount.ToldBy.PROFILE,
            },
        )


def _names(profile: Profile) -> set[str]:
    return {profile.native_id.lower(), profile.handle.lower()}


def look_back(account: Account) -> None:
    """Ask the profiles that an account points at whether they point back, a few in each sync."""
    rows = ProbableAccount.objects.filter(
        account=account, points_back=None, dismissed_at=None
    ).order_by("noted_at")[:MOST_ASKED]
    for row in rows:
        module = registry.CONNECTORS.get(row.network)
        ref = registry.parse_handle(row.network, row.url) if module is not None else None
        if module is None or ref is None:
            row.delete()
            continue
        if module.NETWORK.capabilities.lookup is not LookupKind.OPEN:
            continue
        try:
            with client_for(module.NETWORK, server=ref.server) as client:
                profile = module.fetch_profile(client, ref)
        except Gone:
            row.delete()
            continue
        except ConnectorError as error:
            log.info("identity_not_asked network=%s error=%s", row.network, type(error).__name__)
            continue
        row.points_back = any(
            one.network == account.network
            and one.key in {account.native_id.lower(), account.handle.lower()}
            for one in pointed_at(profile)
        )
        row.save(update_fields=["points_back"])


def dismiss(person_id: int, row_id: int) -> bool:
    """Never offer that account to the person again; False where no such offer is theirs."""
    rows = ProbableAccount.objects.filter(pk=row_id, person_id=person_id, dismissed_at=None)
    return bool(rows.update(dismissed_at=timezone.now()))


@dataclass(frozen=True, slots=True)
class Offer:
    """An account that is probably the person's, with why."""

    id: int
    network: str
    handle: str
    url: str
    # Whose profile points at it.
    from_network: str
    from_handle: str
    verified: bool
    points_back: bool
    by_wikidata: bool


def offers(person_id: int, own: Iterable[tuple[str, str]]) -> list[Offer]:
    """Return what is to be offered: not dismissed, and none of `own` (network, name). One query."""
    rows = (
        ProbableAccount.objects.filter(person_id=person_id, dismissed_at=None)
        .select_related("account")
        .order_by("-verified", "noted_at", "pk")[:MOST_LINKS]
    )
    known = {(network, name.lower()) for network, name in own}
    return [
        Offer(
            row.pk,
            row.network,
            row.handle,
            row.url,
            row.account.network,
            row.account.handle,
            row.verified,
            bool(row.points_back),
            row.told_by == ProbableAccount.ToldBy.WIKIDATA,
        )
        for row in rows
        if not {(row.network, row.key), (row.network, row.handle.lower())} & known
    ]
