"""Reads a topic ontology in the format in which Klout published its own in 2018: three CSV files.

Ids are text, some beyond 63 bits; "parrentTopicSlug" is spelled so; the root, id 0, is no row of
the ontology and an edge to itself; a topic may be named in edges only. What cannot be used is told
by file and line, and the rest is taken.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = "0"
ONTOLOGY, EDGES, NAMES = "ontology", "edge", "display"
_COLUMNS = {
    ONTOLOGY: ("topicId", "topicSlug", "topicDisplayName"),
    EDGES: ("parentTopicId", "parrentTopicSlug", "childTopicId", "childTopicSlug"),
    NAMES: ("topicId", "language", "topicDisplayName"),
}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SLUG = re.compile(r"[^\s?#\\\x00-\x1f]{1,100}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
LONGEST_NAME = 200
# More lines than this are no ontology of topics.
MOST_ROWS = 2_000_000


class NoOntology(Exception):
    """The folder holds no ontology in this format; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that was not used, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.why}"


@dataclass(slots=True)
class Published:
    """What the files hold."""

    # Slugs by id, names by id and language, edges as (parent, child).
    slugs: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: set[tuple[str, str]] = field(default_factory=set)
    bad: list[BadRow] = field(default_factory=list)
    # Topics that only edges name.
    from_edges: set[str] = field(default_factory=set)


def read(folder: Path) -> Published:
    """Return what the three files of the folder hold. Raises NoOntology."""
    if not folder.is_dir():
        raise NoOntology(f"{folder} is not a folder.")
    found = Published()
    edges = list(_lines(_file(folder, EDGES), EDGES, found))
    _topics(_file(folder, ONTOLOGY), found)
    _topics_of_edges(edges, found)
    _edges(edges, found)
    _names(_file(folder, NAMES), found)
    return found


def _file(folder: Path, word: str) -> Path:
    """Return the one file "…topic_<word>….csv" of the folder."""
    files = sorted(path for path in folder.glob(f"*topic_{word}*.csv") if path.is_file())
    if len(files) != 1:
        raise NoOntology(f"{folder} must hold one file *topic_{word}*.csv; it has {len(files)}.")
    return files[0]


@dataclass(frozen=True, slots=True)
class _Line:
    file: str
    line: int
    values: Mapping[str, str]


def _lines(path: Path, word: str, found: Published) -> Iterator[_Line]:
    """Yield the rows with all their columns; tell of the others."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in _COLUMNS[word] if name not in (reader.fieldnames or ())]
            if missing:
                raise NoOntology(f"{path.name} lacks the column {missing[0]}.")
            for row in reader:
                if reader.line_num > MOST_ROWS:
                    raise NoOntology(f"{path.name} has more than {MOST_ROWS} lines.")
                if None in row or any(row[name] is None for name in _COLUMNS[word]):
                    found.bad.append(BadRow(path.name, reader.line_num, "wrong number of columns"))
                    continue
                values = {name: row[name].strip() for name in _COLUMNS[word]}
                if any("\0" in value for value in values.values()):
                    found.bad.append(BadRow(path.name, reader.line_num, "holds a NUL"))
                    continue
                yield _Line(path.name, reader.line_num, values)
    except UnicodeDecodeError:
        raise NoOntology(f"{path.name} is not UTF-8.") from None
    except csv.Error as error:
        raise NoOntology(f"{path.name} is not CSV ({error}).") from None


def _topics(path: Path, found: Published) -> None:
    taken: set[str] = set()
    for line in _lines(path, ONTOLOGY, found):
        topic, slug, name = (line.values[column] for column in _COLUMNS[ONTOLOGY])
        why = _wrong_topic(topic, slug) or _wrong_name(name)
        if not why and (topic in found.slugs or slug.lower() in taken):
            why = f"{topic if topic in found.slugs else slug} is there twice"
        if why:
            found.bad.append(BadRow(line.file, line.line, why))
            continue
        found.slugs[topic] = slug
        taken.add(slug.lower())
        found.names[topic] = {"en": name}


def _topics_of_edges(edges: list[_Line], found: Published) -> None:
    """Take up topics that the ontology lacks and edges name; the root is none."""
    taken = {slug.lower() for slug in found.slugs.values()}
    for line in edges:
        values = line.values
        for topic, slug in (
            (values["parentTopicId"], values["parrentTopicSlug"]),
            (values["childTopicId"], values["childTopicSlug"]),
        ):
            if topic in found.slugs or topic == ROOT or _wrong_topic(topic, slug):
                continue
            if slug.lower() in taken:
                continue
            found.slugs[topic] = slug
            taken.add(slug.lower())
            found.names[topic] = {"en": slug.replace("-", " ").capitalize()}
            found.from_edges.add(topic)


def _edges(edges: list[_Line], found: Published) -> None:
    for line in edges:
        parent, child = line.values["parentTopicId"], line.values["childTopicId"]
        why = ""
        if child == ROOT and parent != ROOT:
            why = "the root has no parent"
        elif parent == child:
            # The root's own is how the format begins; nobody needs to be told.
            why = "" if parent == ROOT else f"{child} is its own parent"
            if not why:
                continue
        elif child not in found.slugs:
            why = f"there is no topic {child or '(empty)'}"
        elif parent != ROOT and parent not in found.slugs:
            why = f"there is no topic {parent or '(empty)'}"
        if why:
            found.bad.append(BadRow(line.file, line.line, why))
        elif parent != ROOT:
            found.edges.add((parent, child))


def _names(path: Path, found: Published) -> None:
    for line in _lines(path, NAMES, found):
        topic, language, name = (line.values[column] for column in _COLUMNS[NAMES])
        why = _wrong_name(name)
        if topic not in found.slugs:
            why = f"there is no topic {topic or '(empty)'}"
        elif not _LANGUAGE.fullmatch(language):
            why = "that is not a language"
        if why:
            found.bad.append(BadRow(line.file, line.line, why))
        else:
            found.names[topic][language] = name


def _wrong_topic(topic: str, slug: str) -> str:
    if not _ID.fullmatch(topic) or topic == ROOT:
        return f"{topic[:70] or '(empty)'} is not the id of a topic"
    if not _SLUG.fullmatch(slug):
        return f"{slug[:70] or '(empty)'} is not a slug"
    return ""


def _wrong_name(name: str) -> str:
    if not name or len(name) > LONGEST_NAME:
        return f"a name has 1 to {LONGEST_NAME} signs"
    return ""
