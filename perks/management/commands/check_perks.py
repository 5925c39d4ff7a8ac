"""manage.py check_perks: whether the stock of every perk is its codes minus its claims."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from perks import keeping


class Command(BaseCommand):
    help = "Check that the stock of every perk is codes minus claims. Exit code 1 where not."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = keeping.wrong_stock()
        for row in wrong:
            self.stderr.write(f"perk {row.perk_id}: {row.check}")
        if wrong:
            raise CommandError("The stock of some perks is wrong.", returncode=1)
        self.stdout.write("The stock of every perk is right.")
