"""Print every network: what is set up, what is linked, what it costs, whether it answers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from connectors.operating import NetworkLine, network_lines

_HEAD = ("network", "set up", "look-ups", "linked", "waiting", "this month", "prices", "reached")


class Command(BaseCommand):
    help = (
        "Print every network: what is set up, linked and spent, and whether its addresses answer "
        "(within seconds, and only where they are public ones)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-ask", action="store_true", help="ask no network whether it answers"
        )

    def handle(self, *args: Any, no_ask: bool, **options: Any) -> None:
        lines = network_lines(timezone.now(), reach=not no_ask)
        rows = [_HEAD, *map(_cells, lines)]
        if no_ask:
            rows = [row[:-1] for row in rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _cells(line: NetworkLine) -> tuple[str, ...]:
    return (
        *(line.id, line.setup, line.lookups, str(line.linked), str(line.waiting)),
        *(line.cost, line.prices, line.reached),
    )
