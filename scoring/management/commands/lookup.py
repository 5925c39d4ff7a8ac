"""Fetch and score an account by its handle, here and now."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors import lookup as opening
from connectors.models import Lookup
from people.models import Person
from scoring import lookup, queries, why
from scoring.core.explain import ChangeKind

# The same for an account that is absent, private, not indexable or opted out.
UNAVAILABLE = "We can't show this account."


class Command(BaseCommand):
    help = (
        "Fetch the public posts and reactions of an account, score it and print the score and "
        "what it is made of. Needs no worker. HANDLE: @name@sample, @name@server of Mastodon, "
        "or a Bluesky handle (name.bsky.social). Exit code 1: it cannot be shown."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="the account's handle or address")

    def handle(self, *args: Any, **options: Any) -> None:
        meant = opening.understand(options["handle"])
        if not meant:
            raise CommandError(
                "This is no handle of a network that can be looked up: use @name@server, "
                "@name@sample or name.bsky.social."
            )
        for network_id, ref in meant:
            row = opening.begin_lookup(network_id, ref, None)
            self.stdout.write(f"Looking up {ref.handle} on {network_id} …")
            lookup.run_lookup(row.pk)
            row = Lookup.objects.select_related("person").get(pk=row.pk)
            if row.state == Lookup.State.DONE and row.person is not None:
                self._print(row.person)
                return
        raise CommandError(UNAVAILABLE)

    def _print(self, person: Person) -> None:
        score = queries.latest_score(person.pk)
        if score is None or score.value is None:
            raise CommandError(UNAVAILABLE)
        sign = "?" if score.provisional else ""
        self.stdout.write(
            f"{person.name}: {score.value:.1f}{sign} of 100 on {score.day} (UTC), "
            f"80 % band {score.low:.1f}–{score.high:.1f}"
            + (", provisional" if score.provisional else "")
        )
        self._print_shares(person, score)
        self._print_change(person, score)
        self._print_moments(person)

    def _print_shares(self, person: Person, score: queries.ScoreDay) -> None:
        for network in why.network_shares(person.pk, score.day):
            self.stdout.write(f"{network.network}: {network.share:.0%} of the score")
            for signal in network.signals:
                value = "unknown" if signal.value is None else f"{signal.value:,.1f} {signal.unit}"
                if signal.is_estimate:
                    value = "not told by the network, estimated"
                self.stdout.write(f"  {signal.share:6.1%}  {signal.name}: {value}")

    def _print_change(self, person: Person, score: queries.ScoreDay) -> None:
        change = why.change_between(person.pk, score.day - timedelta(days=30), score.day)
        self.stdout.write(f"Change since {change.first}: {change.points:+.1f} points")
        for part in change.parts:
            # A corrected estimate stands apart from what came in and faded of its signal.
            kind = f" ({part.kind})" if part.kind == ChangeKind.CORRECTION else ""
            name = f"{part.measure}{kind}" if part.measure else part.kind
            self.stdout.write(f"  {part.points:+6.1f}  {name}")

    def _print_moments(self, person: Person) -> None:
        moments = queries.moments_for(person.pk, limit=5)
        if moments:
            self.stdout.write("Posts that moved it:")
        for moment in moments:
            who = ", ".join(
                f"{r.name} ({'about ' if r.is_estimate else ''}{r.score:.0f})"
                for r in moment.reactors
                if r.score is not None
            )
            more = f" and {moment.more_count} more" if moment.more_count else ""
            self.stdout.write(
                f"  {moment.points:+.1f}  {moment.day}  {moment.url}: "
                f"{moment.people_count} people – {who}{more}"
            )
