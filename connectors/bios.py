"""What the text of a profile asks for or states: not to be indexed, or an age below 18."""

import re

# Tags by which people of open networks ask machines to stay away, whatever their settings say.
_STAY_AWAY = re.compile(r"#(?:nobots?|noindex|noarchive|noscrap(?:e|ing))\b", re.IGNORECASE)

# "15 y/o", "16 years old", "17yo", "age: 14", "I am 13", "15 år", "jeg er 16"; and the plain word.
_AGE = r"(?P<age>\d{1,2})"
_STATED_AGES = (
    re.compile(
        rf"(?<![\d.,/-]){_AGE}\s*-?\s*(?:y/?o\b|yrs?\b|years?[\s-]+old\b|år\b)", re.IGNORECASE
    ),
    re.compile(rf"\b(?:age|aged|alder)\s*:?\s*{_AGE}(?![\d.,/-]|\s*%)", re.IGNORECASE),
    re.compile(
        rf"\b(?:i\s+am|i['’]?m|jeg\s+er)\s+{_AGE}\s*(?:[.,;!|•·/\n)]|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
)
_MINOR_WORDS = re.compile(
    r"(?:^|[|•·/,;\n])\s*(?:i\s*['’]?a?m\s+(?:a\s+)?)?minor\s*(?:$|[|•·/,;.\n])"
    r"|\bi\s*['’]?a?m\s+a\s+minor\b|\bunder\s*18\b(?!\s*(?:dni|do\s+not|don['’]?t|not))",
    re.IGNORECASE,
)
# "15 years of experience", "10 years old company" are no ages of people; below this it is a pet.
_YOUNGEST = 8


def asks_to_stay_away(bio: str) -> bool:
    """Return True where the text carries a tag such as #nobot or #noindex."""
    return bool(_STAY_AWAY.search(bio))


def states_minor(bio: str) -> bool:
    """Return True where the text states an age from 8 to 17, or says "minor"."""
    for pattern in _STATED_AGES:
        for found in pattern.finditer(bio):
            if _YOUNGEST <= int(found["age"]) < 18:
                return True
    return bool(_MINOR_WORDS.search(bio))
