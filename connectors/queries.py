"""What pages ask about accounts: complete answers, so that a template queries nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from connectors import costs, registry, server_apps
from connectors.models import Account, FetchState
from connectors.types import AuthKind, Capabilities, Network


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest fetch of some accounts is."""

    # Accounts whose newest fetch has ended (done or given up), and all of them.
    done: int
    total: int
    # Records stored by those fetches so far.
    posts: int
    interactions: int

    @property
    def share(self) -> float:
        """Ended accounts as a share (0-1); 1 for none."""
        return self.done / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class NetworkState:
    """One row of the Networks page: a network, and the person's account there if there is one."""

    network: Network
    capabilities: Capabilities
    # None: nothing linked there.
    account_id: int | None
    native_id: str
    handle: str
    url: str
    # A word of Account.State ("new", "syncing", "ok", …), "unlinked", or "" without an account.
    state: str
    state_label: str
    progress: Progress | None
    last_synced_at: datetime | None
    # Not asked again before then; None: as planned.
    resume_at: datetime | None
    can_link: bool
    can_unlink: bool
    # What the person's month has cost where the network charges; None where it does not.
    usage: costs.Usage | None
    # Settings that the operator has not given; () where nothing is missing.
    missing_keys: tuple[str, ...]


def network_states(person_id: int) -> list[NetworkState]:
    """Return every network offered here or gone, once per account of the person there.

    Two queries, and one for each network with an account that charges.
    """
    accounts = list(
        Account.objects.filter(person_id=person_id).order_by("network", "added_at", "pk")
    )
    newest = _newest_fetches([account.pk for account in accounts])
    offered = {network.id: network for network in [*registry.enabled(), *registry.ROWS.values()]}
    for account in accounts:
        if account.network in registry.CONNECTORS:
            offered.setdefault(account.network, registry.network(account.network))
    rows: list[NetworkState] = []
    for network in offered.values():
        own = [account for account in accounts if account.network == network.id]
        usage = costs.usage(network, person_id, timezone.now()) if own else None
        rows += [_state(network, account, newest.get(account.pk), usage) for account in own]
        if not own:
            rows.append(_state(network, None, None, None))
    return rows


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account as its owner chooses it from a list."""

    account_id: int
    network: str
    handle: str


def own_accounts(person_id: int) -> list[OwnAccount]:
    """Return the person's accounts that were read and are not unlinked, by network. One query."""
    rows = (
        Account.objects.filter(
            person_id=person_id, network__in=registry.CONNECTORS, first_synced_at__isnull=False
        )
        .exclude(status=Account.Status.UNLINKED)
        .order_by("network", "added_at", "pk")
        .values_list("pk", "network", "handle")
    )
    return [OwnAccount(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """An account as a public profile names it."""

    network: str
    network_name: str
    handle: str
    url: str


def _state(
    network: Network,
    account: Account | None,
    fetch: FetchState | None,
    usage: costs.Usage | None,
) -> NetworkState:
    unlinked = account is not None and account.status == Account.Status.UNLINKED
    broken_off = account is not None and account.state == Account.State.RELINK
    return NetworkState(
        network=network,
        capabilities=network.capabilities,
        account_id=account.pk if account else None,
        native_id=account.native_id if account else "",
        handle=account.handle if account else "",
        url=account.url if account else "",
        state=_word(account),
        state_label=_label(account),
        progress=_progress([fetch]) if fetch is not None else None,
        last_synced_at=account.last_synced_at if account else None,
        resume_at=account.resume_at if account else None,
        can_link=can_link(network) and (account is None or unlinked or broken_off),
        can_unlink=account is not None and account.status == Account.Status.LINKED,
        usage=usage,
        missing_keys=() if server_apps.is_registered(network) else network.keys,
    )


def _word(account: Account | None) -> str:
    if account is None:
        return ""
    return "unlinked" if account.status == Account.Status.UNLINKED else account.state


def _label(account: Account | None) -> str:
    if account is None:
        return ""
    if account.status == Account.Status.UNLINKED:
        return account.get_status_display()
    return account.get_state_display()


def can_link(network: Network) -> bool:
    """Return whether ownership of an account there can be proven: by signing in, or by a code."""
    if network.auth is AuthKind.PROOF_CODE:
        return not network.retired_because and server_apps.is_registered(network)
    return can_sign_in(network)


def can_sign_in(network: Network) -> bool:
    """Return whether an account there can be proven by signing in at the network."""
    if network.retired_because or network.auth is not AuthKind.OAUTH:
        return False
    if not server_apps.is_registered(network):
        return False
    try:
        server_apps.oauth_module(network.id)
    except KeyError:
        return False
    return True


def sync_progress(account_ids: Iterable[int]) -> Progress:
    """Return how far the newest fetches of the accounts are. One query."""
    ids = list(account_ids)
    newest = _newest_fetches(ids)
    fetches = [fetch for pk in ids if (fetch := newest.get(pk)) is not None]
    progress = _progress(fetches)
    return Progress(progress.done, len(ids), progress.posts, progress.interactions)


def network_progress(network_id: str) -> tuple[int, int]:
    """Return how many accounts of a network were read at least once, and all. One query."""
    counts = (
        Account.objects.filter(network=network_id)
        .exclude(status=Account.Status.UNLINKED)
        .aggregate(read=Count("first_synced_at"), all=Count("pk"))
    )
    return counts["read"], counts["all"]


def _newest_fetches(account_ids: list[int]) -> dict[int, FetchState]:
    rows: QuerySet[FetchState] = (
        FetchState.objects.filter(account_id__in=account_ids)
        .order_by("account_id", "-day")
        .distinct("account_id")
    )
    return {row.account_id: row for row in rows}


def _progress(fetches: Iterable[FetchState]) -> Progress:
    ended = {FetchState.Status.DONE, FetchState.Status.GIVEN_UP}
    rows = list(fetches)
    return Progress(
        done=sum(row.status in ended for row in rows),
        total=len(rows),
        posts=sum(int(row.stored.get("posts", 0)) for row in rows),
        interactions=sum(int(row.stored.get("interactions", 0)) for row in rows),
    )
