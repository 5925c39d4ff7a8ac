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


def test_the_number_of_a_person_has_one_word_in_norwegian() -> None:
    """docs/words.md: "poengsum" and its forms, never "score"."""
    said = re.compile(r"(?<!%\()\bscore(?:n|r|ne)?\b", re.IGNORECASE)
    for entry in polib.pofile(str(FOLDER / "django.po")):
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert entry.obsolete or not said.search(text), text


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


_MARKUP = re.compile(
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL
)
_SAID = re.compile(r'\b(?:aria-label|title|alt|placeholder|label)="([^"]*)"')
# Names, formats, and what is to be pasted into HTML.
_SAME_EVERYWHERE = {"Klout", "· Klout", "HTML", "Markdown", "JSON", "shields.io", "@name@server"}


def unmarked(source: str) -> list[str]:
    """Return the words of a template that no tag translates, those of its attributes too."""
    text = _MARKUP.sub("\0", source)
    found = [*_SAID.findall(text), *re.sub(r"<[^>]*>", "\0", text).split("\0")]
    return [
        words.strip(" \n\0")
        for words in found
        if re.search(r"[^\W\d_]{3,}", words)
        and words.strip() not in _SAME_EVERYWHERE
        # HTML to be pasted elsewhere, and tags whose values hold a >.
        and not re.search(r"&[lg]t;|^\"|\bhx-", words.strip())
    ]


def test_words_that_nobody_translates_are_noticed() -> None:
    source = (
        '{# no #}<p title="Some {{ x }}">{% translate "yes" %} and {{ this }}</p>'
        "{% blocktranslate %}a <b>b</b>{% endblocktranslate %}"
        '<i aria-label="{% translate "x" %}">Klout</i><input alt="Not">'
    )
    assert unmarked(source) == ["Some", "Not", "and"]


def test_every_word_of_a_template_is_marked() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    found = {
        str(path.relative_to(folder)): unmarked(path.read_text(encoding="utf-8"))
        for path in [*folder.rglob("*.html"), *folder.rglob("*.txt")]
        if path.name != "robots.txt"
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_scripts_of_ours_say_nothing_of_their_own() -> None:
    """What a script shows comes from the page, where it is translated."""
    for path in (Path(settings.BASE_DIR) / "static/js").glob("*.js"):
        source = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        texts = [a or b for a, b in re.findall(r'"([^"\n]*)"|`([^`]*)`', source)]
        # Two words with a space between them, and no selector.
        said = [t for t in texts if re.search(r"^[^.#\[]*[a-z]{2,} [a-z]{2,}", t)]
        assert said in ([], ["use strict"]), path


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
