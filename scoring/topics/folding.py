"""Texts made comparable: case, accents, and the words of hashtags."""

import re
import unicodedata

# Letters that no decomposition takes apart, or not as people write them: "søm" is not "som", nor
# "hår" "har"; whoever has no such keys writes "soem" and "haar".
_LETTERS = {
    "æ": "ae",
    "ø": "oe",
    "å": "aa",
    "œ": "oe",
    "ß": "ss",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
}


def _plain_letters() -> dict[int, str]:
    """Return what each accented Latin letter is without its accents, in lower case."""
    table = {ord(sign): plain for sign, plain in _LETTERS.items()}
    for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(number).lower()
        if letter in _LETTERS:
            table[number] = _LETTERS[letter]
            continue
        base = unicodedata.normalize("NFKD", letter)[0]
        if base.isascii() and base.isalpha():
            table[number] = base
    # Combining marks of Latin accents: "e" and U+0301 is "é", which is "e".
    table.update(dict.fromkeys(range(0x300, 0x370), ""))
    table[ord("’")] = "'"
    return table


_TABLE = _plain_letters()
# An address or a mention is no word; a plus belongs to "c++".
_TOKEN = re.compile(r"(?:https?://|www\.|@)\S+|#\w+|[^\W_]+\+*")
_HASHTAG = re.compile(r"#(\w+)")
# Words inside a hashtag: at a change to upper case, between letters and digits, at "_".
_INNER = re.compile(r"[A-ZÀ-Þ]+(?![a-zß-ÿ])|[A-ZÀ-Þ]?[^\W\d_A-ZÀ-Þ]+|\d+")
# A text of a million signs must not hold a worker up: what it is about, its beginning tells.
MOST_SIGNS = 5_000
MOST_HASHTAGS = 30


def folded(text: str) -> str:
    """Return the text in lower case, its Latin letters without accents; ø is oe, å is aa."""
    if text.isascii():
        return text.lower()
    return text.translate(_TABLE).casefold()


def tokens(text: str) -> list[str]:
    """Return the folded words of a text, without addresses, mentions and hashtags."""
    found = _TOKEN.findall(folded(text))
    return [word for word in found if word[0] not in "#@" and word[:4] not in ("http", "www.")]


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text, without the sign, as they are written."""
    return _HASHTAG.findall(text) if "#" in text else []


def hashtag_words(tag: str) -> list[str]:
    """Return the folded words that a hashtag is made of: #MachineLearning is two."""
    return [folded(word) for word in _INNER.findall(tag)]
