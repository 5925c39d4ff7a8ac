"""Load an ontology of topics from a folder, beside the project's own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.topics import loading, ontology, published

# More bad lines than this are counted, not told.
MOST_TOLD = 50


class Command(BaseCommand):
    help = (
        "Load the topics of a folder with *topic_ontology*.csv, *topic_edge*.csv and "
        "*topic_display*.csv, in one transaction; run again, it changes nothing. Without a folder "
        "the project's own topics are stored or brought up to date."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="where the three files are")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folder"] is None:
            self.stdout.write(f"{ontology.store_own_topics()} topics of the project's own.")
            return
        try:
            found = published.read(options["folder"])
        except published.NoOntology as error:
            raise CommandError(str(error)) from None
        for bad in found.bad[:MOST_TOLD]:
            self.stderr.write(f"left out: {bad}")
        if len(found.bad) > MOST_TOLD:
            self.stderr.write(f"… and {len(found.bad) - MOST_TOLD} more lines left out.")
        if not found.slugs:
            raise CommandError("The folder holds no usable topic; nothing was changed.")
        done = loading.load(found)
        self.stdout.write(
            f"{done.topics} topics ({done.new_topics} new, {done.merged} of our own known there), "
            f"{done.names} names, {done.edges} edges; {len(found.bad)} lines left out; "
            f"{len(found.from_edges)} topics named in edges only."
        )
