"""The fonts of pictures: unchanged, and read rightly."""

import re
from hashlib import sha256

import pytest

from dashboard.pictures import fonts
from dashboard.pictures.palette import DARK, LIGHT, Palette
from tests.dashboard.test_static import STATIC

ROWS = re.findall(
    r"^\| `([^`]+\.ttf)`.*`([0-9a-f]{64})` \|$", (fonts.FOLDER / "README.md").read_text(), re.M
)


def test_every_font_has_a_row_with_its_sum_and_a_licence() -> None:
    assert {path.name for path in fonts.FOLDER.glob("*.ttf")} == {name for name, _ in ROWS}
    for name, expected in ROWS:
        assert sha256((fonts.FOLDER / name).read_bytes()).hexdigest() == expected
    assert len(list(fonts.FOLDER.glob("*-LICENSE.txt"))) == 2


def test_the_colours_of_pictures_are_those_of_the_tokens() -> None:
    text = (STATIC / "css/tokens.css").read_text()
    light, dark = text.split("@media")[0], text.split(':root[data-theme="dark"]')[1]
    for palette, rules in ((LIGHT, light), (DARK, dark)):
        for name in Palette.__dataclass_fields__:
            token = name.replace("_", "-")
            assert f"--{token}: {getattr(palette, name)};" in rules, token


def test_widths_are_those_of_the_font() -> None:
    # From the font's own table: advance widths 1401 and 1139 of 2048, and a space of 651.
    assert fonts.width("A", 2048) == 1401
    assert fonts.width("5", 2048) == 1303
    assert fonts.width(" ", 2048) == 651
    assert fonts.width("A", 2048, bold=True) > fonts.width("A", 2048)
    assert fonts.width("e\u0301", 10) == fonts.width("e", 10)


@pytest.mark.parametrize("text", ["Åse Østby", "Ζωή", "Зоя", "شهرزاد", "שרה", "👩‍🚀🐇", "e\u0301"])
def test_our_fonts_write_many_names(text: str) -> None:
    assert fonts.can_write(text, bold=True)


@pytest.mark.parametrize("text", ["山田太郎", "นภา", "김민준"])
def test_what_our_fonts_cannot_write_is_known(text: str) -> None:
    assert not fonts.can_write(text)


@pytest.mark.parametrize(
    "text", ["W" * 200, "a " * 100, "word", "two words", "😀" * 200, "ab" * 9 + " c"]
)
def test_lines_fit_and_say_what_is_left_out(text: str) -> None:
    found = fonts.lines(text.strip(), 40, 500, 2)
    assert 1 <= len(found) <= 2
    assert all(fonts.width(line, 40) <= 500 for line in found)
    whole = " ".join(found) == text.strip()
    assert whole or found[-1].endswith("…")


def test_signs_that_turn_or_break_the_picture_are_left_out() -> None:
    assert fonts.plain("a\u202eb\u2066c\x00\x07d\ud800 e\n\tf\ufffe") == "abcd e f"
