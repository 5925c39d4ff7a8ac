"""People found by a name or handle as one types it, typos forgiven.

Only listed people have entries (migration 0007 keeps them so, by triggers), and each who is found
is looked at again in the person's own row: nothing of a private person takes part in any order.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from connectors.copying import clean
from scoring.reactors import opted_out

# Longer texts are no names; more words make no better question.
MOST_CHARACTERS = 100
MOST_WORDS = 5
SHORTEST = 2
# From so many letters on, a word may be misspelled.
MISSPELLED_FROM = 4
# Some more than asked for are fetched: a few may have opted out or be hidden.
SPARE = 5

# A word's beginning finds many: so many in no order, and so many of the best scored.
ANY_OF_THEM = 5_000
BEST_OF_THEM = 2_000
# Words that a misspelled one may mean, and entries looked at for each.
ALIKE = 12
# Share of trigrams in common; pg_trgm itself stops at 0.3, where Maria is Maryam. Migration 0010
# has the same number.
LEAST_ALIKE = 0.36
OF_EACH_ALIKE = 1_000
# One swap of neighbours is the commonest typo, and trigrams know it badly: as alike as this.
SWAPPED = 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """A listed person with their newest score."""

    person_id: int
    slug: str
    name: str
    kind: str
    # 1–100, unrounded.
    value: float
    provisional: bool
    network: str
    handle: str


_FOLDED = "SELECT scoring_folded(%s)"

# By the index search_entry_begins.
_BEGUN = """
    (SELECT person_id, points, entry FROM scoring_searchentry
      WHERE entry LIKE %(begins)s LIMIT {any})
"""
# By search_entry_two and search_entry_three.
_BEST = """
    (SELECT person_id, points, entry FROM scoring_searchentry
      WHERE left(entry, {letters}) = %(head)s ORDER BY points DESC LIMIT {best})
"""
# By both: the best of three letters only where more begin with the word than are looked at.
_BEGUN_OR_BEST = """
    WITH word AS MATERIALIZED (
        SELECT person_id, points, entry FROM scoring_searchentry
         WHERE entry LIKE %(begins)s LIMIT {any})
    SELECT * FROM word UNION ALL
    (SELECT person_id, points, entry FROM scoring_searchentry
      WHERE left(entry, {letters}) = %(head)s AND (SELECT count(*) FROM word) >= {any}
      ORDER BY points DESC LIMIT {best})
"""
# By search_word_trigrams and the words' own key.
_ALIKE = """
    SELECT word, alike
      FROM scoring_words_alike(%(word)s, %(swapped)s::text[], %(swapped_alike)s, %(most)s)
"""
# By search_entry_begins, a range for each word.
_MISSPELLED = """
    (SELECT e.person_id, e.points, e.entry, a.alike
       FROM unnest(%(words)s::text[], %(alike)s::float8[]) AS a (word, alike)
      CROSS JOIN LATERAL (
            SELECT person_id, points, entry FROM scoring_searchentry
             WHERE (entry ~>=~ a.word) AND (entry ~<~ (a.word || chr(1114109)))
             LIMIT {each}) AS e)
"""

_PEOPLE = """
WITH begun AS MATERIALIZED ({source}
), found AS (
    SELECT person_id, min({level}) AS level, max(points) AS points FROM begun
     WHERE points > 0 AND {others}
     GROUP BY person_id ORDER BY level, points DESC, person_id LIMIT %(limit)s
)
SELECT p.id, p.slug, p.name, p.kind, s.value, s.provisional, a.accounts
  FROM found f JOIN people_person p ON p.id = f.person_id
       AND p.visibility = 'public' AND (p.hidden_until IS NULL OR p.hidden_until <= %(now)s)
       AND (p.expires_at IS NULL OR p.expires_at > %(now)s)
  JOIN LATERAL (SELECT value, provisional FROM scoring_score
                 WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s ON true
  JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(network, native_id, handle) ORDER BY id)::text
                       AS accounts
                  FROM connectors_account
                 WHERE person_id = p.id AND status <> 'unlinked') AS a ON a.accounts IS NOT NULL
 ORDER BY f.level, s.value DESC, p.id
"""


def search(text: str, limit: int = 10) -> list[Found]:
    """Return listed people whose name or handle the text begins, most alike first, then by score.

    Words may come in any order, each may be unfinished. Where fewer than wanted are found, words
    that are spelled alike count too. Three queries; with misspelled words up to nine.
    """
    words = _words(text)
    if not words:
        return []
    found = _begun(words, limit)
    if len(found) < limit and any(len(word) >= MISSPELLED_FROM for word in words):
        known = {row.person_id for row in found}
        found += [row for row in _misspelled(words, limit) if row.person_id not in known]
    return found[:limit]


def _words(text: str) -> list[str]:
    """Return the folded words of a typed text; [] where there is too little to look for."""
    folded = _rows(_FOLDED, [clean(text, MOST_CHARACTERS)])[0][0]
    words: list[str] = folded.split()[:MOST_WORDS]
    return words if max(map(len, words), default=0) >= SHORTEST else []


def _first(words: list[str]) -> int:
    """Return which word the index looks for: the first, or a longer one where it is short."""
    if len(words[0]) > SHORTEST:
        return 0
    return max(range(len(words)), key=lambda n: len(words[n]))


def _begun(words: list[str], limit: int) -> list[Found]:
    number = _first(words)
    word = words[number]
    letters = 2 if len(word) == 2 else 3
    # Two or three letters begin too many words to look at all; whole words are few.
    begins = f"{word}%" if len(word) > 3 else f"{word} %"
    source = _BEGUN_OR_BEST if len(word) > 3 else f"{_BEGUN} UNION ALL {_BEST}"
    whole = " ".join(words)
    return _people(
        source.format(any=ANY_OF_THEM, letters=letters, best=BEST_OF_THEM),
        "CASE WHEN entry LIKE %(whole)s THEN 0 WHEN entry LIKE %(begun)s THEN 1 ELSE 2 END",
        "entry LIKE %(word)s AND entry LIKE ALL(%(others)s::text[])",
        limit,
        {
            "begins": begins,
            "head": word[:letters],
            "word": f"{word}%",
            "whole": f"{whole} %",
            "begun": f"{whole}%",
            "others": [f"% {other}%" for n, other in enumerate(words) if n != number],
        },
    )


def _misspelled(words: list[str], limit: int) -> list[Found]:
    """Return people whose names are spelled like the words; at least one word differs."""
    alike = {word: _alike(word) if len(word) >= MISSPELLED_FROM else [] for word in words}
    number = _first(words)
    first = [(words[number], 1.0), *alike[words[number]]]
    others = {
        f"other{n}": [f"% {spelled}%" for spelled, _ in [(word, 1.0), *alike[word]]]
        for n, word in enumerate(words)
        if n != number
    }
    return _people(
        _MISSPELLED.format(each=OF_EACH_ALIKE),
        "3 - round(alike::numeric, 1)",
        " AND ".join(["true", *(f"entry LIKE ANY(%({name})s::text[])" for name in others)]),
        limit,
        {"words": [word for word, _ in first], "alike": [share for _, share in first], **others},
    )


def _alike(word: str) -> list[tuple[str, float]]:
    swaps = [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)]
    asked = {"word": word, "swapped": swaps, "swapped_alike": SWAPPED, "most": ALIKE}
    rows = _rows(_ALIKE, asked)
    return [
        (other, float(share)) for other, share in rows if other != word and share >= LEAST_ALIKE
    ]


def _people(
    source: str, level: str, others: str, limit: int, values: dict[str, Any]
) -> list[Found]:
    query = _PEOPLE.format(source=source, level=level, others=others)
    rows = _rows(query, {**values, "now": timezone.now(), "limit": limit * SPARE})
    accounts: dict[int, list[tuple[str, str, str]]] = {
        row[0]: [(network, native, handle) for network, native, handle in json.loads(row[-1])]
        for row in rows
    }
    hidden = opted_out({account for found in accounts.values() for account in found})
    wanted = str(values.get("word", "")).rstrip("%")
    found = []
    for person_id, slug, name, kind, value, provisional, _accounts in rows:
        theirs = accounts[person_id]
        if any((network, native) in hidden for network, native, _handle in theirs):
            continue
        network, handle = _shown_account(theirs, wanted)
        found.append(Found(person_id, slug, name, kind, value, provisional, network, handle))
    return found[:limit]


def _shown_account(accounts: list[tuple[str, str, str]], wanted: str) -> tuple[str, str]:
    """Return network and handle of the account that was meant, else of the first."""
    meant = (a for a in accounts if wanted and wanted in a[2].lower())
    network, _, handle = next(meant, accounts[0])
    return network, handle


# --- Keeping the order ----------------------------------------------------------------------
_POINTS_OF_ALL = """
UPDATE scoring_searchentry e SET points = s.points
  FROM (SELECT person_id, round(value)::smallint AS points FROM scoring_score
         WHERE day = %(day)s AND shown) AS s
 WHERE s.person_id = e.person_id AND e.points <> s.points
"""
_POINTS_OF_ONE = """
UPDATE scoring_searchentry SET points = scoring_search_points(%(person)s)
 WHERE person_id = %(person)s
"""
_STEM = "rtrim(split_part(entry, ' ', 1), '0123456789')"
_LEARN = f"""
INSERT INTO scoring_searchword (word)
SELECT DISTINCT {_STEM} AS word FROM scoring_searchentry
 WHERE (%(person)s::bigint IS NULL OR person_id = %(person)s)
   AND length({_STEM}) BETWEEN 3 AND 40
 ORDER BY word
ON CONFLICT DO NOTHING
"""  # noqa: S608 - texts of this module only
# What nobody's entry begins with any more.
_FORGET = """
DELETE FROM scoring_searchword w
 WHERE (%(words)s::text[] IS NULL OR w.word = ANY(%(words)s))
   AND NOT EXISTS (SELECT FROM scoring_searchentry e
                    WHERE (e.entry ~>=~ w.word) AND (e.entry ~<~ (w.word || chr(1114109))))
"""
_ERASE = f"DELETE FROM scoring_searchentry WHERE person_id = %s RETURNING {_STEM}"  # noqa: S608


def renew_all(day: date) -> None:
    """Order everybody by the scores of a day that has been written; a few statements."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS_OF_ALL, {"day": day})
        cursor.execute(_LEARN, {"person": None})
        cursor.execute(_FORGET, {"words": None})


def renew(person_id: int) -> None:
    """Order one person by their newest score, and learn the words of their names."""
    with connection.cursor() as cursor:
        cursor.execute(_POINTS_OF_ONE, {"person": person_id})
        cursor.execute(_LEARN, {"person": person_id})


def erase(person_id: int) -> int:
    """Remove a person's entries and the words that were theirs alone; return how many entries."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [person_id])
        words = [row[0] for row in cursor.fetchall()]
        cursor.execute(_FORGET, {"words": words})
    return len(words)


def _rows(query: str, parameters: list[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
