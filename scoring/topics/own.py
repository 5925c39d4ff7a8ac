"""The project's own topics, which serve where no other ontology was loaded."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("own_topics.txt")
# Before the slug, the number of a topic of our own: no published id begins like this.
PREFIX = "own:"

# Whoever links to these pages writes about the topic; by slug.
HOSTS: dict[str, tuple[str, ...]] = {
    "open-source": ("github.com", "gitlab.com", "codeberg.org", "sourceforge.net"),
    "programming": ("stackoverflow.com",),
    "python": ("docs.python.org", "readthedocs.io"),
    "javascript": ("nodejs.org",),
    "rust": ("docs.rs", "rust-lang.org"),
    "science": ("arxiv.org", "nature.com", "forskning.no"),
    "film": ("imdb.com", "letterboxd.com"),
    "books": ("goodreads.com", "bokelskere.no"),
    "music": ("bandcamp.com", "open.spotify.com", "soundcloud.com"),
    "chess": ("chess.com", "lichess.org"),
    "photography": ("flickr.com", "500px.com"),
    "hiking": ("ut.no",),
    "weather": ("yr.no",),
    "maps": ("openstreetmap.org",),
}


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A line of the file."""

    slug: str
    parents: tuple[str, ...]
    # By language.
    names: dict[str, str]
    # Further words that mean it, and those of all words that may mean something else.
    words: tuple[str, ...]
    doubtful: frozenset[str]
    context: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its number in the database."""
        return PREFIX + self.slug


@cache
def own_topics() -> tuple[OwnTopic, ...]:
    """Return the project's own topics, parents not always before their children."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(_parsed(line) for line in lines if line and not line.startswith("#"))


def _parsed(line: str) -> OwnTopic:
    slug, parents, english, norwegian, words, context = line.split("|")
    told = _listed(words)
    return OwnTopic(
        slug,
        _listed(parents),
        {"en": english, "nb": norwegian},
        tuple(word.removeprefix("~") for word in told),
        frozenset(word[1:] for word in told if word.startswith("~")),
        _listed(context),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
