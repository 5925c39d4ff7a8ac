"""Print every network: what is set up, what is linked, what it costs, whether it answers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from connectors.operating import NetworkLine, network_lines

_HEAD = ("network", "set up", "linked", "waiting", "this month", "prices", "reached")


class Command(BaseCommand):
    help = "Print every network: what is set up, linked and spent; with --reach, what answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reach", action="store_true", help="ask each network's addresses whether they answer"
        )

    def handle(self, *args: Any, reach: bool, **options: Any) -> None:
        lines = network_lines(timezone.now(), reach=reach)
        rows = [_HEAD, *map(_cells, lines)]
        if not reach:
            rows = [row[:-1] for row in rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _cells(line: NetworkLine) -> tuple[str, ...]:
    return (
        *(line.id, line.setup, str(line.linked), str(line.waiting)),
        *(line.cost, line.prices, line.reached),
    )
