"""What may be written: texts made clean, and the rules that a text must keep; pure."""

import re
import unicodedata

# Links of one text; none in a title, none from somebody who came today.
MOST_LINKS = 3
# Lines of one text: more is a wall that nobody reads.
MOST_LINES = 60
# Marks on one letter; scripts that are written need fewer.
MOST_MARKS = 4

LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
# They turn the direction of what stands around them; pages set each text apart themselves.
_TURNING = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)],
)
# Nothing to be seen, and nothing that a script or a picture sign needs (unlike U+200C and U+200D).
_UNSEEN = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, *range(0x2060, 0x2065)),
        *(0x3164, 0xFEFF, 0xFFA0),
    ],
)
# Whatever is longer is too long, and need not be made clean to know it.
_LONGEST = 50_000


class Unfit(ValueError):
    """A text that cannot be taken; the class says why, for which field, and what the limit is."""

    def __init__(self, field: str, limit: int) -> None:
        super().__init__(field, limit)
        self.field = field
        self.limit = limit


class TooShort(Unfit):
    """Fewer signs that can be seen than it takes to say something."""


class TooLong(Unfit):
    """More signs or lines than somebody reads."""


class TooManyLinks(Unfit):
    """More links than are allowed here."""


def line(text: str) -> str:
    """Return a text as one line: clean, without breaks or doubled spaces."""
    return " ".join(_clean(text).split())


def lines(text: str) -> str:
    """Return a text of several lines: clean, an empty line at most between two others."""
    kept = [part.rstrip() for part in _clean(text).replace("\t", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _clean(text: str) -> str:
    text = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u2029", "\n\n").encode(errors="replace").decode()
    text = unicodedata.normalize("NFC", text).translate(_TURNING).translate(_UNSEEN)
    found: list[str] = []
    marks = 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        # Control, private and unassigned signs; a lone surrogate has become "?" above.
        if marks > MOST_MARKS or (kind in ("Cc", "Co", "Cn") and sign not in "\n\t"):
            continue
        found.append(sign)
    return "".join(found)


def seen_count(text: str) -> int:
    """Return how many letters, digits and signs there are to be seen."""
    return sum(unicodedata.category(sign)[0] in "LNPS" for sign in text)


def check(field: str, text: str, *, least: int, most: int, most_links: int) -> None:
    """Raise Unfit where a clean text is too short, too long, or holds more links than allowed."""
    if len(text) > most or text.count("\n") >= MOST_LINES:
        raise TooLong(field, most)
    if seen_count(text) < least:
        raise TooShort(field, least)
    if len(LINK.findall(text)) > most_links:
        raise TooManyLinks(field, most_links)
