"""The strings of the project and their translations, without gettext's programs.

`manage.py translations` collects what Python and templates mark, brings locale/ up to date and
compiles it. Compiled catalogues are committed: a copy of the project needs no compiler.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

PACKAGES = ("klout", "people", "connectors", "scoring", "perks", "dashboard")
# Python's names for marking a string, with the number of strings that they take.
_MARKERS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
}
# Sentences of a network's row, marked by where they stand: connectors know no gettext.
_MARKED_FIELDS = frozenset({"apart_because", "attribution", "retired_because"})
_CONTEXT_MARKERS = {"pgettext": 1, "pgettext_lazy": 1, "npgettext": 2, "npgettext_lazy": 2}
_PYTHON_FORMAT = re.compile(r"%\(\w+\)[sd]")


@dataclass(slots=True)
class Message:
    """One string that is to be translated, and where it stands."""

    text: str
    plural: str = ""
    context: str = ""
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """Return what the catalogue knows it by."""
        return self.context, self.text

    @property
    def has_values(self) -> bool:
        """Return whether names such as %(days)s must be in the translation too."""
        return bool(_PYTHON_FORMAT.search(self.text + self.plural))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def in_python(source: str, place: str) -> Iterator[Message]:
    """Yield the marked strings of a Python module."""
    for call in _calls(ast.parse(source)):
        for keyword in call.keywords:
            if keyword.arg in _MARKED_FIELDS and (text := _literal(keyword.value)):
                yield Message(text, "", "", {place})
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        context = ""
        arguments = [_literal(argument) for argument in call.args]
        if name in _CONTEXT_MARKERS:
            context, arguments = arguments[0] or "", arguments[1:]
            number = _CONTEXT_MARKERS[name]
        elif name in _MARKERS:
            number = _MARKERS[name]
        else:
            continue
        texts = [text for text in arguments[:number] if text]
        if len(texts) == number:
            yield Message(texts[0], texts[1] if number == 2 else "", context, {place})


# What templatize leaves of a template: calls with string literals between runs of X.
_TEMPLATE_CALL = re.compile(
    r"""\b(n?p?gettext|_)\(((?:\s*u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*,?)+)"""
)


def in_template(source: str, place: str) -> Iterator[Message]:
    """Yield the marked strings of a template."""
    for name, arguments in _TEMPLATE_CALL.findall(templatize(source, origin=place)):
        call = f"{name}({arguments.rstrip().rstrip(',')})"
        yield from in_python(call, place)


def collected(root: Path) -> dict[tuple[str, str], Message]:
    """Return every string that the project marks, by its key."""
    found: dict[tuple[str, str], Message] = {}
    paths = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    paths += [
        path
        for folder in (root / "templates", *(root / package for package in PACKAGES))
        for path in folder.rglob("*.html")
    ]
    paths += list((root / "templates").rglob("*.txt"))
    for path in sorted(set(paths)):
        place = str(path.relative_to(root))
        if "/migrations/" in place or place.startswith("connectors/samplenet/"):
            continue
        source = path.read_text(encoding="utf-8")
        reader = in_python if path.suffix == ".py" else in_template
        for message in reader(source, place):
            known = found.setdefault(message.key, message)
            known.places |= message.places
            known.plural = known.plural or message.plural
    return found
