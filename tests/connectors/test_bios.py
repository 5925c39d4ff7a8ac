"""What a profile's text asks for or states."""

import pytest

from connectors import bios


@pytest.mark.parametrize(
    "bio",
    [
        "15 y/o from Bergen",
        "16yo | she/her",
        "17 years old",
        "artist, 14-year-old",
        "artist · age: 14",
        "Hi! I'm 13, I draw",
        "i am 16",
        "jeg er 15.",
        "12 år, liker hester",
        "they/them | minor | artist",
        "minor",
        "I'm a minor, be nice",
    ],
)
def test_an_age_below_18_is_stated(bio: str) -> None:
    assert bios.states_minor(bio)


@pytest.mark.parametrize(
    "bio",
    [
        "",
        "18 y/o",
        "45 years old",
        "15 years of experience",
        "Running since 2012, 10 km in 45:12",
        "Minor planet researcher",
        "Asia Minor, history",
        "minors do not interact",
        "Mother of two, 3 and 5 years old",
        "I am 1 of 12",
        "Under 18 do not follow",
        "I am 16% Norwegian",
    ],
)
def test_no_age_below_18_is_stated(bio: str) -> None:
    assert not bios.states_minor(bio)


@pytest.mark.parametrize("tag", ["#nobot", "#NoBots", "#noindex", "#noarchive"])
def test_a_tag_asks_machines_to_stay_away(tag: str) -> None:
    assert bios.asks_to_stay_away(f"Tides. {tag} please")


@pytest.mark.parametrize("bio", ["", "#nobottle", "no bots here", "#bots"])
def test_other_words_do_not(bio: str) -> None:
    assert not bios.asks_to_stay_away(bio)
