"""What people.networks asks of this package: accounts by name, their owners, their texts."""

from django.db.models import Q
from django.db.models.functions import Lower

from connectors import lookup, registry
from connectors.clients import client_for
from connectors.errors import ConnectorError
from connectors.models import Account
from connectors.types import AccountRef
from people.models import Person
from people.networks import NamedAccount, Networks


class NamedAccounts(Networks):
    """Accounts under all the names by which they go."""

    def understand(self, text: str) -> list[NamedAccount]:
        """Return the accounts that a typed handle or address may mean; asks no network."""
        return [_named(network_id, ref) for network_id, ref in lookup.understand(text)]

    def accounts_of(self, person: Person) -> list[NamedAccount]:
        """Return the accounts of a person. One query."""
        return [
            NamedAccount(
                account.network,
                (account.native_id, account.handle),
                label=f"@{account.handle}",
                # An unlinked one whose history was kept had been proven as well.
                linked=account.status != Account.Status.OPEN,
                server=account.server,
            )
            for account in Account.objects.filter(person_id=person.pk).order_by("pk")
        ]

    def people_named(self, account: NamedAccount) -> list[Person]:
        """Return the people (none or one) who have an account with one of those names here."""
        names = [name for name in account.names if name]
        return list(
            Person.objects.filter(
                Q(accounts__native_id__in=names)
                | Q(
                    accounts__in=Account.objects.annotate(lower_handle=Lower("handle")).filter(
                        lower_handle__in=[name.lower().removeprefix("@") for name in names]
                    )
                ),
                accounts__network=account.network,
            ).distinct()
        )

    def profile_text(self, account: NamedAccount) -> tuple[NamedAccount, str] | None:
        """Return the account with all its names and its public profile text, by one request."""
        module = registry.connector(account.network)
        native_id, handle = account.names
        ref = AccountRef(native_id, handle, server=account.server)
        try:
            with client_for(module.NETWORK, server=account.server) as client:
                profile = module.fetch_profile(client, ref)
        except ConnectorError:
            return None
        full = NamedAccount(
            account.network,
            (profile.native_id, profile.handle),
            label=f"@{profile.handle}",
            server=account.server,
        )
        return full, profile.bio


def _named(network_id: str, ref: AccountRef) -> NamedAccount:
    handle = ref.handle or ref.native_id
    return NamedAccount(network_id, (ref.native_id, handle), label=f"@{handle}", server=ref.server)
