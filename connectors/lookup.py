"""Opening accounts that somebody asked for by handle, on networks whose data is openly offered.

Whatever is not for public eyes here – absent, private, not indexable, opted out, of a minor –
goes through the same steps (queued, one profile request, answer) and ends in the same state;
nothing of the account is fetched before that, and nothing says which of them it was.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from connectors import checks, costs, registry
from connectors.clients import client_for
from connectors.copying import clean
from connectors.errors import BudgetSpent, ConnectorError, RateLimited, Retry
from connectors.models import Account, Lookup
from connectors.types import AccountRef, Network, Profile
from people import opt_out, slugs, visibility
from people.models import Person, User

log = logging.getLogger(__name__)

# A negative answer is kept so long: asking again asks nobody.
KEPT = timedelta(days=1)
# A look-up that takes longer was lost with its worker: a new one is begun beside it.
UNDER_WAY = timedelta(minutes=5)
# Look-ups that ask the same host at once, and how long one waits for its turn.
PER_HOST = 2
TURN_SECONDS = 5.0


def understand(text: str) -> list[tuple[str, AccountRef]]:
    """Return the accounts that a typed handle or address may mean, network by network."""
    found = []
    for network in registry.enabled():
        if not registry.may_look_up(network.id):
            continue
        ref = registry.parse_handle(network.id, text)
        if ref is not None:
            found.append((network.id, ref))
    return found


def begin_lookup(network_id: str, ref: AccountRef, asked_by: User | None) -> Lookup:
    """Return the look-up of an account: answered where it may be shown, else still to be made.

    A negative answer younger than a day is given again. Asks no network; three queries at most.
    """
    handle = ref.handle[:255]
    person = _shown_person(network_id, ref)
    if person is not None:
        return Lookup.objects.create(
            network=network_id,
            handle=handle,
            asked_by=asked_by,
            person=person,
            state=Lookup.State.DONE,
            finished_at=timezone.now(),
        )
    before = (
        Lookup.objects.filter(
            network=network_id, handle=handle, created_at__gt=timezone.now() - KEPT
        )
        .order_by("-created_at")
        .first()
    )
    if before is not None:
        under_way = before.state not in Lookup.FINISHED
        young = before.created_at > timezone.now() - UNDER_WAY
        if before.state == Lookup.State.UNAVAILABLE or (under_way and young):
            return before
    return Lookup.objects.create(network=network_id, handle=handle, asked_by=asked_by)


def _shown_person(network_id: str, ref: AccountRef) -> Person | None:
    """Return the public person of an account that is known here."""
    accounts = Account.objects.filter(network=network_id).exclude(status=Account.Status.UNLINKED)
    accounts = (
        accounts.filter(native_id=ref.native_id)
        if ref.native_id
        else accounts.filter(handle__iexact=ref.handle)
    )
    account = accounts.select_related("person").order_by("-added_at").first()
    if account is None or not _may_be_found(account.person):
        return None
    if opt_out.is_opted_out(network_id, account.native_id, account.handle):
        return None
    return account.person


def _may_be_found(person: Person) -> bool:
    return Person.objects.filter(visibility.listed(), pk=person.pk).exists()


def open_account(lookup_id: UUID | str) -> Account | None:
    """Return the account looked up, made where it is new; None ends the look-up as unavailable.

    One profile request, whatever the answer will be.
    """
    lookup = Lookup.objects.get(pk=lookup_id)
    if lookup.state in Lookup.FINISHED:
        return _account_of(lookup)
    Lookup.objects.filter(pk=lookup.pk).update(state=Lookup.State.PROFILE)
    account: Account | None = None
    learned = True
    try:
        profile, server = _ask(lookup)
        account = _opened(registry.network(lookup.network), profile, server, lookup.handle)
    except (Retry, RateLimited) as error:
        learned = False
        log.info("lookup_failed network=%s error=%s", lookup.network, type(error).__name__)
    except ConnectorError as error:
        log.info("lookup_failed network=%s error=%s", lookup.network, type(error).__name__)
    if account is None:
        Lookup.objects.filter(pk=lookup.pk).update(
            state=Lookup.State.UNAVAILABLE,
            finished_at=timezone.now(),
            # Nothing was learned: without its handle this answer is given to nobody else.
            handle=lookup.handle if learned else "",
        )
        return None
    Lookup.objects.filter(pk=lookup.pk).update(
        state=Lookup.State.SYNCING, person_id=account.person_id
    )
    return account


def _account_of(lookup: Lookup) -> Account | None:
    if lookup.person_id is None:
        return None
    return Account.objects.filter(person_id=lookup.person_id, network=lookup.network).first()


def _ask(lookup: Lookup) -> tuple[Profile, str]:
    module = registry.connector(lookup.network)
    # A name with dots alone is understood with its sign only: what is kept is without it.
    ref = registry.parse_handle(lookup.network, lookup.handle) or registry.parse_handle(
        lookup.network, f"@{lookup.handle}"
    )
    if ref is None and not module.NETWORK.federated:
        # Understood by a sign or an address that is not kept.
        ref = AccountRef("", lookup.handle)
    if ref is None:
        raise ConnectorError("The handle is not one of this network.")
    now = timezone.now()
    if not costs.can_look_up(module.NETWORK, now):
        raise BudgetSpent(
            f"This month's share of look-ups at {module.NETWORK.name} is spent.",
            resume_at=costs.next_month(now),
            network=lookup.network,
        )
    with (
        _turn(lookup.network, ref.server),
        client_for(module.NETWORK, server=ref.server) as client,
    ):
        profile = module.fetch_profile(client, ref)
    checks.check_profile(module.NETWORK, profile)
    return profile, ref.server


@contextmanager
def _turn(network_id: str, server: str) -> Iterator[None]:
    """Hold one of the host's turns; raises Retry where none gets free within a few seconds."""
    keys = [f"lookup:{network_id}:{server}:{number}" for number in range(PER_HOST)]
    until = time.monotonic() + TURN_SECONDS
    held: str | None = None
    while held is None:
        held = next((key for key in keys if _try_hold(key)), None)
        if held is None:
            if time.monotonic() > until:
                raise Retry("Too many look-ups at this host at once.", network=network_id)
            time.sleep(0.05)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 2))", [held])


def _try_hold(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 2))", [key])
        return bool(cursor.fetchone()[0])


def _opened(network: Network, profile: Profile, server: str, asked: str) -> Account | None:
    """Return the account of a profile if it may be shown, with an unclaimed person where new."""
    hidden = opt_out.is_opted_out(network.id, profile.native_id, profile.handle, asked)
    open_data = registry.may_look_up(network.id)
    if hidden or not open_data or not profile.indexable or profile.states_minor:
        return None
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two look-ups of one account make one person (see connectors.linking).
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))",
                [f"{network.id}:{profile.native_id}"],
            )
        account = (
            Account.objects.select_related("person")
            .filter(network=network.id, native_id=profile.native_id)
            .first()
        )
        if account is not None:
            if account.status == Account.Status.OPEN:
                # Asked for again: the profile stays another while.
                account.person.expires_at = _expires_at(network)
                account.person.save(update_fields=["expires_at"])
            unlinked = account.status == Account.Status.UNLINKED
            return account if _may_be_found(account.person) and not unlinked else None
        person = _unclaimed(network, profile, slugs.free_slug(profile.name or profile.handle))
        person.save()
        account = _open_account(network, profile, person, server)
        account.save()
        return account


def _unclaimed(network: Network, profile: Profile, slug: str) -> Person:
    return Person(
        slug=slug,
        name=clean(profile.name or profile.handle, 200),
        kind=Person.Kind.BRAND if profile.is_brand else Person.Kind.PERSON,
        visibility=Person.Visibility.PUBLIC,
        origin=Person.Origin.LOOKED_UP,
        expires_at=_expires_at(network),
    )


def _expires_at(network: Network) -> datetime | None:
    days = network.policy.lookup_days
    return None if days is None else timezone.now() + timedelta(days=days)


def _open_account(network: Network, profile: Profile, person: Person, server: str) -> Account:
    return Account(
        person=person,
        network=network.id,
        native_id=profile.native_id,
        server=server,
        handle=clean(profile.handle),
        name=clean(profile.name, 200),
        url=checks.web_address(profile.url),
        status=Account.Status.OPEN,
    )


def register_open_accounts(network_id: str, profiles: Sequence[Profile]) -> list[int]:
    """Return the ids of the accounts of those profiles that may be shown, made where new.

    For a network that offers its whole directory. A handful of queries for each 2,000.
    """
    network = registry.network(network_id)
    ids: list[int] = []
    for start in range(0, len(profiles), 2_000):
        ids += _register(network, profiles[start : start + 2_000])
    return ids


def _register(network: Network, profiles: Sequence[Profile]) -> list[int]:
    for profile in profiles:
        checks.check_profile(network, profile)
    shown = {p.native_id: p for p in profiles if p.indexable and not p.states_minor}
    names = {name: p.native_id for p in shown.values() for name in (p.native_id, p.handle)}
    for name in opt_out.opted_out_of(network.id, names):
        shown.pop(names[name], None)
    with transaction.atomic():
        known = dict(
            Account.objects.filter(network=network.id, native_id__in=list(shown)).values_list(
                "native_id", "pk"
            )
        )
        new = [profile for name, profile in shown.items() if name not in known]
        people = Person.objects.bulk_create(
            _unclaimed(network, profile, slug)
            for profile, slug in zip(new, _free_slugs(new), strict=True)
        )
        accounts = Account.objects.bulk_create(
            _open_account(network, profile, person, "")
            for profile, person in zip(new, people, strict=True)
        )
    known.update({account.native_id: account.pk for account in accounts})
    return [known[name] for name in shown]


def _free_slugs(profiles: Sequence[Profile]) -> list[str]:
    """Return unused addresses for new profiles, each different. One query."""
    wanted = [slugify(p.name or p.handle)[: slugs.LENGTH - 8].strip("-_") for p in profiles]
    taken = set(Person.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    taken |= slugs.RESERVED
    chosen = []
    for slug in wanted:
        unusable = len(slug) < 2 or slug.isdigit() or slug in taken
        free = f"{slug or 'person'}-{slugs.random_suffix()}" if unusable else slug
        taken.add(free)
        chosen.append(free)
    return chosen
