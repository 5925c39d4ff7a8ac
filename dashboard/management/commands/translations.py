"""Bring the catalogues in locale/ up to date with the strings of the project, and compile them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.translations import Message, collected


class Command(BaseCommand):
    help = (
        "Collect the strings of Python and templates, bring locale/*/LC_MESSAGES/django.po up to "
        "date and compile it. Exit code 1 with --check where a string has no translation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, only tell")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        messages = collected(root)
        missing = 0
        for language, _name in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                missing += self._language(root, language, messages, check=options["check"])
        if options["check"] and missing:
            raise CommandError(f"{missing} strings have no translation.", returncode=1)

    def _language(
        self, root: Path, language: str, messages: dict[tuple[str, str], Message], *, check: bool
    ) -> int:
        try:
            import polib  # type: ignore[import-untyped]
        except ImportError as error:
            raise CommandError("polib is missing: install the development requirements.") from error
        path = root / "locale" / language / "LC_MESSAGES" / "django.po"
        before = polib.pofile(str(path)) if path.exists() else polib.POFile()
        old = {(entry.msgctxt or "", entry.msgid): entry for entry in before}
        catalogue = polib.POFile(wrapwidth=100)
        catalogue.metadata = {
            "Language": language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for key in sorted(messages, key=lambda key: (sorted(messages[key].places)[0], key)):
            catalogue.append(_entry(polib, messages[key], old.get(key)))
        missing = [entry for entry in catalogue if not entry.translated()]
        for entry in missing if check else ():
            self.stderr.write(f"{language}: {entry.msgid!r} ({entry.occurrences[0][0]})")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        self.stdout.write(f"{language}: {len(catalogue)} strings, {len(missing)} to translate.")
        return len(missing)


def _entry(polib: Any, message: Message, old: Any) -> Any:
    """Return the string's entry with the translation that it had."""
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        occurrences=[(place, "") for place in sorted(message.places)],
        flags=["python-format"] if message.has_values else [],
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: "", 1: ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry
