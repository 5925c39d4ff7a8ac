"""Accounts that Wikidata names beside a person's own: asked for when the person wishes it.

Wikidata is told the names of the person's linked accounts, so nothing is asked by itself. What it
names is kept like what a profile points at: for the person alone, and never joined.
"""

from collections.abc import Iterable

from django.db import transaction

from connectors import identity, registry
from connectors.clients import client_for
from connectors.copying import clean
from connectors.models import Account, ProbableAccount
from connectors.wikipedia import statements
from people.models import Person

# How long a person waits for an answer.
SECONDS = 5.0


def can_ask(networks: Iterable[str]) -> bool:
    """Return whether Wikidata could know one of the accounts of these networks."""
    return any(statements.can_state(network) for network in networks)


def ask(person: Person) -> int:
    """Return how many accounts Wikidata names beside the person's own; raises ConnectorError.

    Two questions at most, and a handful of queries.
    """
    accounts = {
        (account.network, _name(account).lstrip("@").lower()): account
        for account in Account.objects.filter(person=person, status=Account.Status.LINKED).order_by(
            "pk"
        )[: statements.MOST_ASKED]
        if statements.can_state(account.network)
    }
    if not accounts:
        return 0
    names = [(account.network, _name(account)) for account in accounts.values()]
    with client_for(registry.network("wikipedia"), timeout_seconds=SECONDS) as client:
        found = statements.find(client, names)
    named: dict[tuple[str, str], tuple[identity.Pointed, Account]] = {}
    for item in found:
        network, name = item.known[0]
        account = accounts[network, name.lower()]
        for url in item.addresses:
            for one in identity.accounts_at(url):
                named.setdefault((one.network, clean(one.key, 255)), (one, account))
    own = set(accounts) | {(a.network, a.native_id.lower()) for a in accounts.values()}
    others = {key: told for key, told in named.items() if key not in own}
    return _keep(person, dict(list(others.items())[: identity.MOST_LINKS]))


def _name(account: Account) -> str:
    """Return the name under which Wikidata would know an account."""
    return account.native_id if account.network in {"youtube", "mastodon"} else account.handle


@transaction.atomic
def _keep(person: Person, named: dict[tuple[str, str], tuple[identity.Pointed, Account]]) -> int:
    """Keep what Wikidata names now in the place of what it named before; return how many."""
    rows = ProbableAccount.objects.filter(person=person)
    known = {(row.network, row.key): row for row in rows}
    for place, row in known.items():
        told_here = row.told_by == ProbableAccount.ToldBy.WIKIDATA
        if told_here and place not in named and row.dismissed_at is None:
            row.delete()
    for (network, key), (one, account) in named.items():
        before = known.get((network, key))
        if before is not None and before.told_by == ProbableAccount.ToldBy.PROFILE:
            # A profile of their own says more.
            continue
        ProbableAccount.objects.update_or_create(
            person=person,
            network=network,
            key=key,
            defaults={
                "account": account,
                "handle": clean(one.account.handle or one.account.native_id, 255),
                "url": clean(one.url, 500),
                "told_by": ProbableAccount.ToldBy.WIKIDATA,
            },
        )
    dismissed = {place for place, row in known.items() if row.dismissed_at is not None}
    return len(named.keys() - dismissed)
