"""How wide text is, and whether our fonts can write it; read from the font files themselves.

Widths are those of single characters: what joined letters (Arabic) save is left as room.
"""

import struct
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fonts"
REGULAR, BOLD, EMOJI = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "NotoEmoji_700Bold.ttf"
FILES = [str(FOLDER / name) for name in (REGULAR, BOLD, EMOJI)]
FAMILY = "DejaVu Sans"
# Width of a character that no font of ours has, in em: a full square.
UNKNOWN_EM = 1.0
# What may stand in an XML document, C0 and surrogates aside.
_ILLEGAL = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
# Signs that turn the direction of what follows, beyond the name's own end.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


@dataclass(frozen=True, slots=True)
class Font:
    """A font's characters and their widths."""

    # Code point: width in em.
    widths: dict[int, float]


@cache
def font(name: str) -> Font:
    """Return what a font file of ours can write. Reads the file once."""
    data = (FOLDER / name).read_bytes()
    tables: dict[bytes, int] = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[tag] = start
    per_em: int = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    measured: int = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    advances = [
        struct.unpack_from(">H", data, tables[b"hmtx"] + 4 * glyph)[0] for glyph in range(measured)
    ]
    glyphs = _characters(data, tables[b"cmap"])
    return Font({code: advances[min(g, measured - 1)] / per_em for code, g in glyphs.items() if g})


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    """Return the glyph of each code point, from the table of format 12, else of format 4."""
    found: dict[int, int] = {}
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">I", data, cmap + 8 + 8 * number)[0]
        kind = struct.unpack_from(">H", data, start)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", data, start + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", data, start + 16 + 12 * group)
                found |= {code: glyph + code - first for code in range(first, last + 1)}
        elif kind == 4:
            found |= _segments(data, start) | found
    return found


def _segments(data: bytes, start: int) -> dict[int, int]:
    count = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, start + 16 + 4 * count)
    place = start + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, place)
    found: dict[int, int] = {}
    for number in range(count):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            glyph = code
            if offsets[number]:
                at = place + 2 * number + offsets[number] + 2 * (code - starts[number])
                glyph = struct.unpack_from(">H", data, at)[0]
                if not glyph:
                    continue
            found[code] = (glyph + deltas[number]) & 0xFFFF
    return found


def plain(text: str) -> str:
    """Return the text on one line, without signs that XML forbids or that turn its direction."""
    kept = " ".join(text.split()).translate(_ILLEGAL).translate(_TURNING)
    return unicodedata.normalize("NFC", kept)


def can_write(text: str, *, bold: bool = False) -> bool:
    """Return whether our fonts have every character of the text."""
    known = font(BOLD if bold else REGULAR).widths.keys() | font(EMOJI).widths.keys()
    return all(ord(sign) in known or unicodedata.combining(sign) for sign in text)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the text is at most, in the unit of `size`."""
    own, emoji = font(BOLD if bold else REGULAR).widths, font(EMOJI).widths
    return size * sum(
        own.get(ord(sign), emoji.get(ord(sign), UNKNOWN_EM))
        for sign in text
        if not unicodedata.combining(sign)
    )


def lines(text: str, size: float, room: float, most: int, *, bold: bool = False) -> list[str]:
    """Return the text in at most so many lines that fit the room; what is left out is told by "…".

    Lines break between words; a word that is too long for a line of its own is cut.
    """
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < most:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        if width(line, size, bold=bold) > room or (words and len(found) == most - 1):
            line = _cut(line, size, room, bold=bold)
            if len(found) < most - 1:
                words = []
        found.append(line)
    return found


def _cut(line: str, size: float, room: float, *, bold: bool) -> str:
    while line and width(f"{line}…", size, bold=bold) > room:
        line = line[:-1]
    # Half of a joined sign would be another sign.
    return line.rstrip("\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16} ") + "…"
