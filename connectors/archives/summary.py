"""What a file comes to, told before it is kept: counts, dates, samples, what is unclear."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from connectors.archives.understood import Act, Owner, OwnPost, Unclear, Understood
from connectors.types import Direction

MOST_SAMPLES = 5
SAMPLE_SIGNS = 200
MOST_UNCLEAR = 40
MOST_HASHTAGS = 12
# Different hashtags that are counted; a file made to fill the memory has more.
_MOST_COUNTED = 20_000


@dataclass(slots=True)
class Summary:
    """Grows with what an importer yields; `to_json` is what a row keeps of it."""

    native_id: str = ""
    handle: str = ""
    name: str = ""
    posts: int = 0
    # "like sent", "follow received", …: how many.
    acts: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    samples: list[dict[str, str]] = field(default_factory=list)
    hashtags: Counter[str] = field(default_factory=Counter)
    # What was not read, with why; and how many more there are.
    unclear: dict[str, str] = field(default_factory=dict)
    unclear_more: int = 0

    def add(self, record: Understood) -> None:
        """Take a record in."""
        if isinstance(record, OwnPost):
            self._post(record)
        elif isinstance(record, Act):
            way = "received" if record.direction is Direction.RECEIVED else "sent"
            self.acts[f"{record.kind.name.lower()} {way}"] += 1
            if record.at is None:
                self.undated += 1
            else:
                self._span(record.at)
        elif isinstance(record, Owner):
            self.native_id = self.native_id or record.native_id[:255]
            self.handle = self.handle or record.handle[:255]
            self.name = self.name or record.name[:200]
        else:
            self._unclear(record)

    def _post(self, post: OwnPost) -> None:
        self.posts += 1
        self._span(post.created_at)
        if len(self.samples) < MOST_SAMPLES and post.text:
            at = post.created_at.isoformat()
            self.samples.append({"at": at, "text": post.text[:SAMPLE_SIGNS]})
        for tag in post.features.hashtags:
            if tag in self.hashtags or len(self.hashtags) < _MOST_COUNTED:
                self.hashtags[tag[:100]] += 1

    def _span(self, at: datetime) -> None:
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)

    def not_opened(self, name: str, why: str) -> None:
        """Take in a member that is never opened."""
        self._unclear(Unclear(name, why))

    def _unclear(self, record: Unclear) -> None:
        what = record.what[:200]
        if what in self.unclear:
            return
        if len(self.unclear) < MOST_UNCLEAR:
            self.unclear[what] = record.why
        else:
            self.unclear_more += 1

    @property
    def records(self) -> int:
        """How many posts and acts there are."""
        return self.posts + self.acts.total()

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        told = asdict(self)
        told["acts"] = dict(self.acts)
        told["hashtags"] = dict(self.hashtags.most_common(MOST_HASHTAGS))
        for name in ("first_at", "last_at"):
            at = told[name]
            told[name] = at.isoformat() if at else None
        return told


def watched(records: Iterable[Understood], summary: Summary) -> Iterator[Understood]:
    """Yield the records, each after the summary took it in."""
    for record in records:
        summary.add(record)
        yield record
