"""Finds topics in texts: a dictionary of word sequences, asked once for each word of a text.

Pure: knows no database. Words that mean several things count only with something beside them that
says which: a word of the topic's surroundings, or another find of the topic or of a near one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scoring.topics import folding

# More topics than this are no text about something, but a list of words.
MOST_TOPICS = 5
# What a find is worth: a hashtag is put there on purpose, an ambiguous word is helped by others.
WORD, HASHTAG, HELPED = 1.0, 1.5, 0.7
# A text that finds more topics than this is spam for search, and about none of them.
SPAM_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic as the matcher knows it."""

    id: str
    parents: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    # Those of the words that count only with help.
    doubtful: frozenset[str] = frozenset()
    context: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Phrase:
    """A sequence of words: whom it means for sure, and whom it may mean."""

    sure: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)


class Matcher:
    """Built once from all topics; `topics` may be called from many threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._phrases: dict[tuple[str, ...], _Phrase] = {}
        self._compact: dict[str, _Phrase] = {}
        self._hosts: dict[str, str] = {}
        self._context: dict[str, frozenset[str]] = {}
        self._parents: dict[str, frozenset[str]] = {}
        for entry in entries:
            self._add(entry)
        # By its first word, the longest first.
        self._longest: dict[str, int] = {}
        for words in self._phrases:
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def _add(self, entry: Entry) -> None:
        doubtful = {folding.folded(word) for word in entry.doubtful}
        for word in entry.words:
            words = tuple(folding.tokens(word))
            if not words:
                continue
            sure = folding.folded(word) not in doubtful
            places = [self._phrases.setdefault(words, _Phrase())]
            joined = "".join(words)
            if len(joined) > 2:
                places.append(self._compact.setdefault(joined, _Phrase()))
            for phrase in places:
                chosen = phrase.sure if sure else phrase.maybe
                if entry.id not in phrase.sure and entry.id not in phrase.maybe:
                    chosen.append(entry.id)
        self._context[entry.id] = frozenset(
            token for word in entry.context for token in folding.tokens(word)
        )
        self._parents[entry.id] = frozenset(entry.parents)
        for host in entry.hosts:
            self._hosts[host] = entry.id

    def topics(
        self, text: str, hashtags: Sequence[str] = (), link_hosts: Sequence[str] = ()
    ) -> list[str]:
        """Return the topics of a post, the surest first, at most five.

        `hashtags` are those that the network tells, beside the ones in the text.
        """
        text = text[: folding.MOST_SIGNS]
        words = folding.tokens(text)
        tags = dict.fromkeys((*hashtags, *folding.hashtags(text)))
        worth: dict[str, float] = {}
        doubts: list[tuple[list[str], float, frozenset[str]]] = []
        for words_of, phrase in self._found(words):
            self._note(phrase, WORD, frozenset(words_of), worth, doubts)
        about = set(words)
        for tag in list(tags)[: folding.MOST_HASHTAGS]:
            self._hashtag(tag, about, worth, doubts)
        for host in link_hosts:
            owner = self._hosts.get(host.lower().removeprefix("www."))
            if owner is not None:
                worth[owner] = worth.get(owner, 0.0) + WORD
        self._decide(doubts, about, worth)
        if len(worth) > SPAM_TOPICS:
            return []
        return sorted(worth, key=lambda topic: (-worth[topic], topic))[:MOST_TOPICS]

    def _found(self, words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], _Phrase]]:
        """Yield the phrases in the words, the longest at each place, none inside another."""
        longest, phrases, after = self._longest, self._phrases, 0
        # Few words begin a phrase, and every word of every post is asked.
        for place in [place for place, word in enumerate(words) if word in longest]:
            if place < after:
                continue
            for length in range(longest[words[place]], 0, -1):
                found = phrases.get(tuple(words[place : place + length]))
                if found is not None:
                    yield tuple(words[place : place + length]), found
                    after = place + length
                    break

    def _hashtag(
        self,
        tag: str,
        about: set[str],
        worth: dict[str, float],
        doubts: list[tuple[list[str], float, frozenset[str]]],
    ) -> None:
        whole = folding.folded(tag.lstrip("#"))
        phrase = self._compact.get(whole)
        if phrase is not None:
            if len(phrase.maybe) == 1 and not phrase.sure:
                # Whoever puts it there means the topic of the word, not another sense.
                phrase = _Phrase(sure=phrase.maybe)
            self._note(phrase, HASHTAG, frozenset((whole,)), worth, doubts)
            about.add(whole)
            return
        inner = folding.hashtag_words(tag)
        about.update(inner)
        for words_of, part in self._found(inner):
            self._note(part, WORD, frozenset(words_of), worth, doubts)

    @staticmethod
    def _note(
        phrase: _Phrase,
        value: float,
        said: frozenset[str],
        worth: dict[str, float],
        doubts: list[tuple[list[str], float, frozenset[str]]],
    ) -> None:
        if len(phrase.sure) == 1 and not phrase.maybe:
            topic = phrase.sure[0]
            worth[topic] = worth.get(topic, 0.0) + value
        else:
            doubts.append(([*phrase.sure, *phrase.maybe], value, said))

    def _decide(
        self,
        doubts: list[tuple[list[str], float, frozenset[str]]],
        about: set[str],
        worth: dict[str, float],
    ) -> None:
        """Settle the ambiguous finds by what stands beside them; those without help are left."""
        sure = frozenset(worth)
        near = frozenset(parent for topic in sure for parent in self._parents[topic])
        for owners, value, said in doubts:
            helped = {topic: self._help(topic, said, about, sure, near) for topic in owners}
            best = max(helped.values())
            chosen = [topic for topic, help_ in helped.items() if help_ == best]
            if best > 0 and len(chosen) == 1:
                worth[chosen[0]] = worth.get(chosen[0], 0.0) + value * HELPED

    def _help(
        self,
        topic: str,
        said: frozenset[str],
        about: set[str],
        sure: frozenset[str],
        near: frozenset[str],
    ) -> int:
        """Return how much in the text says that the ambiguous word means this topic."""
        found = len((self._context[topic] & about) - said)
        if topic in sure:
            found += 2
        elif topic in near or self._parents[topic] & (near | sure):
            found += 1
        return found
