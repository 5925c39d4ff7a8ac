"""manage.py rotate_token_keys: encrypt everything anew under the newest key of TOKEN_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from connectors import crypto, encrypted
from connectors.errors import Relink
from connectors.models import Account, Credential

BATCH = 500


class Command(BaseCommand):
    help = (
        "Encrypt stored credentials, app secrets, texts, codes and addresses anew under the first "
        "key of TOKEN_KEYS; then the older keys can be dropped. May be run again. Accounts whose "
        "credential no key opens are marked to be linked again. Exit codes: 0 all rows are under "
        "the newest key, 2 some could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        unread = 0
        for model, column in encrypted.columns():
            done, failed = _rotate(model, column, dry_run=options["dry_run"])
            unread += failed
            self.stdout.write(f"{model.__name__}: {done} rows, {failed} that no key opens.")
        if unread:
            raise CommandError(
                f"{unread} rows could not be read: is a key missing in TOKEN_KEYS?", returncode=2
            )


def _rotate(model: type[models.Model], column: str, *, dry_run: bool) -> tuple[int, int]:
    """Return how many rows were encrypted anew, and how many could not be read."""
    done = failed = 0
    last = 0
    rows = model._default_manager.exclude(**{column: b""}).order_by("pk")
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=last).select_for_update()[:BATCH])
            if not batch:
                return done, failed
            for row in batch:
                try:
                    setattr(row, column, crypto.rotated(getattr(row, column)))
                    done += 1
                except Relink as error:
                    failed += 1
                    if isinstance(row, Credential) and not dry_run:
                        Account.objects.filter(pk=row.account_id).update(
                            state=Account.State.RELINK, state_detail=str(error)
                        )
            if not dry_run:
                model._default_manager.bulk_update(batch, [column])
            last = batch[-1].pk
