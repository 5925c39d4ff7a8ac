"""The Norwegian catalogue: whole, up to date, compiled, and with every value in its place."""

import re
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from dashboard.translations import collected, in_python, in_template

FOLDER = Path(settings.BASE_DIR) / "locale/nb/LC_MESSAGES"
_VALUES = re.compile(r"%\(\w+\)[sd]")


def test_every_string_of_the_project_has_a_translation() -> None:
    entries = polib.pofile(str(FOLDER / "django.po"))
    translated = {(entry.msgctxt or "", entry.msgid) for entry in entries if entry.translated()}
    missing = set(collected(Path(settings.BASE_DIR))) - translated
    assert missing == set(), "run `manage.py translations` and fill locale/nb"


def test_the_command_finds_nothing_to_translate() -> None:
    call_command("translations", "--check")


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    text = polib.pofile(str(FOLDER / "django.po"))
    assert (FOLDER / "django.mo").read_bytes() == text.to_binary()


def test_every_translation_has_the_values_of_its_string() -> None:
    for entry in polib.pofile(str(FOLDER / "django.po")):
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = sorted(_VALUES.findall(entry.msgid_plural or entry.msgid))
        for text in texts:
            assert sorted(_VALUES.findall(text)) == wanted, entry.msgid


def test_strings_are_found_in_python() -> None:
    source = '_("one"); gettext_lazy("two"); ngettext("%(n)s day", "%(n)s days", n); other("no")'
    found = [(message.text, message.plural) for message in in_python(source, "a.py")]
    assert found == [("one", ""), ("two", ""), ("%(n)s day", "%(n)s days")]


def test_strings_are_found_in_templates() -> None:
    source = (
        '{% load i18n %}{% translate "one" %} {% blocktranslate with a=b %}two {{ a }}'
        "{% endblocktranslate %}{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days"
        "{% endblocktranslate %} it's {{ not_one }}"
    )
    found = [(message.text, message.plural) for message in in_template(source, "a.html")]
    assert found == [("one", ""), ("two %(a)s", ""), ("%(n)s day", "%(n)s days")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Se hvor langt det du publiserer beveger folk"),
        ("/signals/?network=mastodon", "Personer som gjør til favoritt"),
        ("/accounts/login/", "Logg inn"),
        ("/p/nobody-at-all/", "Vi kan ikke vise denne kontoen"),
    ],
)
def test_pages_speak_norwegian_to_who_asks_for_it(path: str, words: str, client: Client) -> None:
    text = client.get(path, headers={"Accept-Language": "nb"}).content.decode()
    assert '<html lang="nb"' in text
    assert words in text
