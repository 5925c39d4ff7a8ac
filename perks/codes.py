"""Codes from a sponsor's file: judged line by line, stored all together or not at all."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors import crypto
from connectors.copying import copy_rows
from people import opt_out
from people.models import User
from perks import waiting
from perks.audit import acting_as
from perks.models import MOST_STOCK, Code, Perk

MOST_BYTES = 2_000_000
MOST_ROWS = 50_000
MOST_CHARACTERS = 100
# Wrong lines that are told; of more only how many.
MOST_TOLD = 50
_HEADS = frozenset({"code", "codes", "kode", "koder"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of the file that cannot be taken, and why, in the reader's language."""

    line: int
    reason: str


class BadFile(ValueError):
    """Nothing was imported; which lines are wrong, or why the file as a whole is."""

    def __init__(self, reason: str, wrong: list[Wrong] | None = None) -> None:
        super().__init__(reason)
        self.wrong = wrong or []


def key_of(perk_id: int, code: str) -> str:
    """Return the keyed hash by which the same code is known again."""
    # Case and spaces inside make two codes; opt_out.key_hash would fold them.
    return opt_out.key_hash(f"perk {perk_id}", code.encode().hex())


def parsed(data: bytes) -> list[tuple[int, str]]:
    """Return the codes with their lines; raise BadFile naming every wrong line."""
    if len(data) > MOST_BYTES:
        raise BadFile(_("The file is larger than 2 MB."))
    found: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    wrong: list[Wrong] = []
    for line, cells in _rows(_text(data)):
        if len(found) + len(wrong) >= MOST_ROWS:
            raise BadFile(_("The file has more than 50,000 codes. Please split it."))
        code, reason = _judged(cells)
        if not reason and code in first:
            reason = _("the same code as in line %(line)d") % {"line": first[code]}
        if reason:
            wrong.append(Wrong(line, reason))
        else:
            first[code] = line
            found.append((line, code))
    if wrong:
        raise BadFile(_("Nothing was imported: some lines are wrong."), wrong)
    if not found:
        raise BadFile(_("There is no code in this file."))
    return found


def _text(data: bytes) -> str:
    """Return the text of UTF-8, or of what spreadsheets call Unicode text."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise BadFile(_("This is not a text file in UTF-8. Please save it as CSV in UTF-8."))
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that is not empty, split into cells; a heading is left out."""
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader):
            cells = [cell.strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells and not (number == 0 and cells[0].casefold() in _HEADS):
                yield reader.line_num, cells
    except csv.Error:
        reason = _("quotation marks that do not close")
        raise BadFile(
            _("Nothing was imported: some lines are wrong."), [Wrong(reader.line_num, reason)]
        ) from None


def _judged(cells: list[str]) -> tuple[str, str]:
    """Return the code, and what is wrong with it, "" for nothing."""
    code = cells[0]
    if len(cells) > 1:
        return code, _("more than one column")
    if len(code) > MOST_CHARACTERS:
        return code, _("longer than 100 characters")
    if any(unicodedata.category(sign)[0] == "C" for sign in code):
        return code, _("signs that cannot be seen")
    return code, ""


def upload(perk_id: int, data: bytes, by: User | None) -> int:
    """Store all codes of the file and offer them to those who wait; return how many they are.

    Raises BadFile, with nothing stored, where a line is wrong or a code is there already.
    """
    codes = parsed(data)
    with acting_as(by):
        perk = waiting.locked(perk_id)
        if perk.kind != Perk.Kind.CODE:
            raise BadFile(_("This perk has no codes."))
        if perk.stock + len(codes) > MOST_STOCK:
            raise BadFile(_("A perk has at most a million codes."))
        keys = {key_of(perk_id, code): line for line, code in codes}
        known = Code.objects.filter(perk=perk, key_hash__in=list(keys))
        again = sorted(keys[key] for key in known.values_list("key_hash", flat=True))
        if again:
            reason = _("this code was uploaded before")
            raise BadFile(
                _("Nothing was imported: some lines are wrong."),
                [Wrong(line, reason) for line in again],
            )
        rows = (
            (perk_id, crypto.encrypt_text(code), key)
            for key, (_line, code) in zip(keys, codes, strict=True)
        )
        with connection.cursor() as cursor:
            copy_rows(cursor, "perks_code", ("perk_id", "secret", "key_hash"), rows)
        waiting.hand_on(perk, timezone.now())
    return len(codes)
