"""manage.py sync_account ACCOUNT: fetch and store what is new of one account, by hand."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from connectors import credentials, registry, sync
from connectors.clients import client_for
from connectors.due import due_day
from connectors.errors import ConnectorError
from connectors.models import Account
from connectors.types import Interaction, Post, Snapshot

# Exit codes beside 0 (done) and 1 (wrong arguments).
FAILED, BUSY = 2, 3


class Command(BaseCommand):
    help = (
        "Fetch what is new of one account and store it. Exit codes: 0 done, 1 no such account, "
        "2 the network or the account failed (the sentence says how), 3 another worker is at it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="number of the account, or its handle")
        parser.add_argument("--network", help="network of the handle, where several have it")
        parser.add_argument(
            "--day",
            type=date.fromisoformat,
            help="UTC day (YYYY-MM-DD) that the fetch is for; default: the last one that ended",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="fetch and count, but store nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        account = _account(options["account"], options["network"])
        if options["dry_run"]:
            self._count(account)
            return
        result = sync.sync_account(
            account.pk, options["day"] or due_day(timezone.now()), force=True
        )
        if result.status == "busy":
            raise CommandError("Another worker is syncing this account.", returncode=BUSY)
        if result.status != "done":
            raise CommandError(f"Not synced ({result.status}). {result.detail}", returncode=FAILED)
        self.stdout.write(
            f"Account {account.pk}: {result.stored.posts} posts, "
            f"{result.stored.interactions} new interactions, {result.stored.snapshots} snapshots."
        )

    def _count(self, account: Account) -> None:
        """Print how many records a fetch brings now, with progress on a terminal."""
        module = registry.connector(account.network)
        now = timezone.now()
        counts = dict.fromkeys(("posts", "interactions", "snapshots"), 0)
        try:
            token, credential_id = credentials.token_of(account, now)
            with client_for(
                module.NETWORK,
                server=account.server,
                credential_id=credential_id,
                person_id=account.person_id,
            ) as client:
                ref = sync.account_ref(account, token, now)
                for record in module.fetch(client, ref, account.last_synced_at):
                    counts["posts"] += isinstance(record, Post)
                    counts["interactions"] += isinstance(record, Interaction)
                    counts["snapshots"] += isinstance(record, Snapshot)
                    if self.stdout.isatty() and sum(counts.values()) % 500 == 0:
                        self.stdout.write(f"\r{sum(counts.values())} records", ending="")
        except ConnectorError as error:
            raise CommandError(
                f"Not fetched ({type(error).__name__}). {error}", returncode=FAILED
            ) from None
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"Account {account.pk}: {told}. Nothing was stored.")


def _account(text: str, network: str | None) -> Account:
    accounts = Account.objects.all() if network is None else Account.objects.filter(network=network)
    if text.isascii() and text.isdigit():
        found = list(accounts.filter(pk=int(text)))
    else:
        found = list(accounts.filter(handle__iexact=text.removeprefix("@")))
    if not found:
        raise CommandError(f"There is no account {text} here. `lookup` opens one by its handle.")
    if len(found) > 1:
        names = ", ".join(sorted(account.network for account in found))
        raise CommandError(f"Several networks have {text}: {names}. Choose with --network.")
    return found[0]
