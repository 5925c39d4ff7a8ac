"""What the invented people write: texts in English and bokmål, each with what it is about.

The labels leave this process in no answer of the server: `manage.py evaluate --topics` alone reads
them, from here. They name topics by the words of the project's own list. Texts were written before
it was measured on them; some are about a topic without any word that says so, some hold words that
mean something else, and some are about nothing.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.samplenet import names

FILE = Path(__file__).with_name("texts.txt")
_ALL_BITS = 2**64 - 1
NORWEGIAN_ZONE = 0
# Of a person's posts: about the main interest, the second one, nothing, and words that mislead.
_SHARES = (0.58, 0.18, 0.16, 0.08)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, what it is about (slugs), and its language."""

    text: str
    topics: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Interest:
    """What texts about something are put together from."""

    topics: tuple[str, ...]
    hashtags: tuple[str, ...]
    things: tuple[str, ...]
    lines: tuple[str, ...]
    # The same in bokmål.
    saker: tuple[str, ...]
    setninger: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """All that the file holds."""

    # In the order of names.TOPICS: the communities; and what people also write about.
    main: tuple[Interest, ...]
    second: tuple[Interest, ...]
    # About nothing that has a name; and words of topics that mean something else.
    nothing: tuple[str, ...]
    nothing_nb: tuple[str, ...]
    misleading: tuple[str, ...]


@cache
def prose() -> Prose:
    """Return what the file holds."""
    interests: dict[str, list[Interest]] = {"main": [], "second": []}
    others: dict[str, tuple[str, ...]] = {}
    for block in FILE.read_text(encoding="utf-8").strip().split("\n\n"):
        head, *lines = (line for line in block.splitlines() if not line.startswith("#"))
        word, _, about = head.partition(":")
        by_sign = {sign: tuple(line[2:] for line in lines if line[0] == sign) for sign in "+-*="}
        if word in interests:
            topics, _, tags = about.partition("|")
            hashtags = tuple(tag.removeprefix("#") for tag in tags.split())
            parts = (by_sign[sign] for sign in "+-*=")
            interests[word].append(Interest(tuple(topics.split()), hashtags, *parts))
        else:
            others[word] = by_sign["-"]
    return Prose(
        tuple(interests["main"]),
        tuple(interests["second"]),
        others["nothing"],
        others["nothing-nb"],
        others["misleading"],
    )


_TEMPLATES = (
    "Spent the morning with {thing}.",
    "What I learned from {thing}, in three points.",
    "Does anyone else keep coming back to {thing}?",
    "A short note on {thing}, and why it matters.",
    "Unpopular opinion about {thing}: I like it.",
    "Thanks to everyone who asked about {thing}.",
    "Today: {thing}. Tomorrow: more of it.",
    "Before and after: {thing}.",
    "{thing}, and nothing else all day.",
)
_MALER = (
    "Brukte hele formiddagen på {thing}.",
    "Er det flere som ikke kan la være: {thing}?",
    "I dag: {thing}. I morgen: mer av det samme.",
    "Takk til alle som spurte om {thing}.",
)


def text_of(topic: int, zone: int, number: int, choice: int) -> Text:
    """Return what an account of that community, zone and number writes, for any whole number."""
    told, bits = prose(), _mixed(choice)
    level = (bits & 0xFFFF) / 0x10000
    first, second, third = (bits >> 16) & 0xFFFF, (bits >> 32) & 0xFFFF, (bits >> 48) & 0xFFFF
    norwegian = zone == NORWEGIAN_ZONE and first % 2 == 0
    main, beside, nothing, _ = _SHARES
    if level < main:
        return _about(told.main[topic % len(told.main)], norwegian, second, third)
    if level < main + beside:
        return _about(told.second[number % len(told.second)], norwegian, second, third)
    if level < main + beside + nothing:
        if norwegian:
            return Text(told.nothing_nb[second % len(told.nothing_nb)], (), "nb")
        return Text(told.nothing[second % len(told.nothing)])
    return Text(told.misleading[second % len(told.misleading)])


def _mixed(choice: int) -> int:
    """Return 64 bits for a number: splitmix64, as in noise, for one at a time."""
    value = (choice + 1) * 0x9E3779B97F4A7C15 & _ALL_BITS
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _ALL_BITS
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _ALL_BITS
    return value ^ value >> 31


def _about(interest: Interest, norwegian: bool, choice: int, other: int) -> Text:
    """Return a line of the interest, or one of its things in a sentence; some with a hashtag."""
    lines = interest.setninger if norwegian else interest.lines
    things = interest.saker if norwegian else interest.things
    templates = _MALER if norwegian else _TEMPLATES
    if choice % 4 == 0:
        text = lines[choice // 4 % len(lines)]
    else:
        thing = things[choice // 4 % len(things)]
        text = templates[other % len(templates)].format(thing=thing)
    text = text[0].upper() + text[1:]
    if other // 16 % 5 < 2:
        text += f" #{interest.hashtags[other // 128 % len(interest.hashtags)]}"
    return Text(text, interest.topics, "nb" if norwegian else "en")


GOOD_MORNING = Text(names.MORNING)
