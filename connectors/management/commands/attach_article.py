"""`manage.py attach_article SLUG ADDRESS`: the article about somebody who asked for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors import checks, linking, registry
from connectors.clients import client_for
from connectors.errors import ConnectorError
from connectors.oauth import Proof
from people import opt_out
from people.models import Person

_NETWORK = "wikipedia"


class Command(BaseCommand):
    help = "Attach the Wikipedia article about a person who signed up, at that person's request."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the person's address here")
        parser.add_argument("address", help="https://en.wikipedia.org/wiki/…")

    def handle(self, *args: Any, slug: str, address: str, **options: Any) -> None:
        person = Person.objects.filter(slug=slug, owner__isnull=False).first()
        if person is None:
            raise CommandError("Nobody of that address has signed up.")
        ref = registry.parse_handle(_NETWORK, address)
        if ref is None:
            raise CommandError("That is no address of an article.")
        module = registry.connector(_NETWORK)
        try:
            with client_for(module.NETWORK) as client:
                profile = module.fetch_profile(client, ref)
            checks.check_profile(module.NETWORK, profile)
        except ConnectorError as error:
            raise CommandError(str(error)) from None
        if profile.states_minor or opt_out.is_opted_out(_NETWORK, profile.native_id, ref.handle):
            raise CommandError("This article is not to be used.")
        try:
            account = linking.attach(person, _NETWORK, Proof(profile))
        except (linking.AlreadyLinked, linking.MixedSample) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Attached {account.handle}; it is read with the next sync.")
