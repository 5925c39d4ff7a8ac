"""`manage.py settings_doc`: write the documents that list every environment variable."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klout.env import VARIABLES, Variable

_HEAD = """\
# Settings

Every setting comes from the environment. A wrong value stops the start and names the variable.
`make run` needs none of them; [.env.example](../.env.example) is a file to start from.
This page is written by `manage.py settings_doc`, and a test compares the two.

| Variable | Kind | Default | Meaning |
| --- | --- | --- | --- |
"""
_EXAMPLE_HEAD = """\
# Every setting, with its default. Copy this file to `.env` and uncomment what you change:
# `manage.py` and docker compose read it. Written by `manage.py settings_doc`.
"""


def page() -> str:
    """Return docs/settings.md: one row per variable, in the order of klout/settings.py."""
    rows = [
        f"| `{one.name}` | {one.kind} | {_default(one)} | {one.help.replace('|', chr(92) + '|')} |"
        for one in VARIABLES.values()
    ]
    return _HEAD + "\n".join(rows) + "\n"


def example() -> str:
    """Return .env.example: every variable, commented out, with its meaning above it."""
    parts = [
        f"\n# {one.help} ({one.kind})\n#{one.name}={'' if _is_local(one) else one.default}\n"
        for one in VARIABLES.values()
    ]
    return _EXAMPLE_HEAD + "".join(parts)


def _is_local(variable: Variable) -> bool:
    """Return True where the default is a path of this very machine."""
    return variable.default.startswith(str(settings.BASE_DIR))


def _default(variable: Variable) -> str:
    if variable.kind == "secret":
        return "none"
    if _is_local(variable):
        return f"`{Path(variable.default).relative_to(settings.BASE_DIR)}` in the project"
    return f"`{variable.default}`" if variable.default else "none"


class Command(BaseCommand):
    """Writes or checks docs/settings.md and .env.example."""

    help = "Write docs/settings.md and .env.example; --check: exit 1 where they are not up to date."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {
            settings.BASE_DIR / "docs" / "settings.md": page(),
            settings.BASE_DIR / ".env.example": example(),
        }
        for file, text in wanted.items():
            if options["check"]:
                if not file.exists() or file.read_text(encoding="utf-8") != text:
                    raise CommandError(
                        f"{file.name} is not up to date; run: manage.py settings_doc", returncode=1
                    )
            else:
                file.write_text(text, encoding="utf-8")
                self.stdout.write(f"wrote {file.relative_to(settings.BASE_DIR)}")
