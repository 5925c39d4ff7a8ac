"""Texts are made clean before anything is decided, and say what is wrong with them."""

import pytest

from scoring.questions import wording


def test_a_line_keeps_its_words_and_loses_what_cannot_be_seen() -> None:
    assert (
        wording.line("  How\u200b do\nI \u202etrap\u202c a\ufeff rook?\x00\x1b ")
        == "How do I trap a rook?"
    )
    # Persian and picture signs need their joiners.
    assert wording.line("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"
    assert wording.line("\ud800 and so on") == "? and so on"
    # One letter and its marks are one sign; a tower of marks is cut.
    assert wording.line("e\u0301") == "é"
    assert len(wording.line("z" + "\u0335" * 500)) == 1 + wording.MOST_MARKS


def test_lines_keep_paragraphs_and_no_more_than_one_empty_line() -> None:
    assert wording.lines("One\r\n\r\n\r\n\r\nTwo  \rThree\u2028Four") == "One\n\nTwo\nThree\nFour"
    assert wording.lines("\n" * 10_000 + "x" + "\n" * 10_000) == "x"
    assert wording.lines("<script>alert(1)</script>") == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", wording.TooShort),
        ("\u200b\u200d\u2060" * 20, wording.TooShort),
        ("   \t \n " * 20, wording.TooShort),
        ("\u0301" * 60, wording.TooShort),
        ("x" * 101, wording.TooLong),
        ("a\n" * 45 + "b\n" * 45, wording.TooLong),
        (
            "see http://a.example www.b.example HTTPS://c.example http://d.example",
            wording.TooManyLinks,
        ),
    ],
)
def test_what_cannot_be_taken_says_why(text: str, why: type[wording.Unfit]) -> None:
    with pytest.raises(why) as refused:
        wording.check("text", wording.lines(text), least=15, most=100, most_links=3)
    assert refused.value.field == "text"


def test_what_is_endless_is_refused_at_once() -> None:
    with pytest.raises(wording.TooLong):
        wording.check("text", wording.lines("x" * 3_000_000), least=1, most=3_000, most_links=0)
    wording.check(
        "text", wording.lines("a good answer http://a.example"), least=15, most=100, most_links=1
    )
