"""What the server remembers between starts: a small JSON file, replaced whole at each change."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path


class UnusableState(Exception):
    """The state file cannot be read or written; the text says which and why."""


@dataclass(slots=True)
class State:
    """The first day of the history, the key of tokens, and the grants that were taken back."""

    path: Path | None
    seed: int
    people: int
    start: date
    first_days: int
    key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    revoked: set[str] = field(default_factory=set)

    def save(self) -> None:
        """Write the file, if there is one; it is whole at every moment."""
        if self.path is None:
            return
        row = asdict(self) | {"start": self.start.isoformat(), "revoked": sorted(self.revoked)}
        del row["path"]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside = self.path.with_name(self.path.name + ".new")
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(row, file)
            beside.replace(self.path)
        except OSError as error:
            raise UnusableState(f"{self.path} cannot be written: {error.strerror}.") from None


def opened(path: Path | None, *, seed: int, people: int, days: int, today: date) -> State:
    """Return the state of the file; a new one where it is of another seed or size, or missing.

    The first day stays what it was at the first start, so that the history does not move.
    """
    fresh = State(path, seed, people, today - timedelta(days=days - 1), days)
    if path is not None and path.exists():
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            old = State(
                path,
                int(row["seed"]),
                int(row["people"]),
                date.fromisoformat(row["start"]),
                int(row["first_days"]),
                str(row["key"]),
                {str(word) for word in row["revoked"]},
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnusableState(f"{path} is not a state file: {type(error).__name__}.") from None
        if (old.seed, old.people) == (seed, people) and old.start <= today:
            return old
        fresh.key, fresh.revoked = old.key, old.revoked
    fresh.save()
    return fresh
