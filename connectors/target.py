"""Whose records are stored, and what a fetch has stored so far: no batch asks for that again.

Only the worker that holds the account's lock (connectors.sync) writes its interactions, so what
was there when the fetch began and what it added is all there is. Should it be wrong after all, the
database's own keys say so, and storing falls back on asking.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from connectors.binary import Integers
from connectors.types import Actor, Network

# Beyond that the database is asked: the memory of a worker stays small.
MOST_KEYS = 500_000
MOST_REACTORS = 100_000


def _none() -> Integers:
    return np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class Memory:
    """Kept for one fetch of one account, and never longer."""

    # True where the account had no interactions when the fetch began; None: not asked yet.
    began_empty: bool | None = None
    # Keys of the interactions that this fetch stored, in order, while it began with none.
    keys: Integers = field(default_factory=_none)
    # Months whose partition is there.
    months: set[date] = field(default_factory=set)
    # Reactors as they were stored by this fetch, and their keys, by native id.
    reactors: dict[str, Actor] = field(default_factory=dict)
    reactor_keys: dict[str, int] = field(default_factory=dict)

    def stored(self, keys: Integers) -> None:
        """Note the keys, in order, of interactions that are now in the database."""
        if self.began_empty:
            # Two that are in order are merged in one pass.
            self.keys = np.sort(np.concatenate([self.keys, keys]), kind="stable")
            if len(self.keys) > MOST_KEYS:
                self.doubt()

    def met(self, reactors: Mapping[str, Actor], keys: Mapping[str, int]) -> None:
        """Note reactors that are now in the database, by native id; too many make it forget."""
        if len(self.reactors) + len(reactors) > MOST_REACTORS:
            self.reactors, self.reactor_keys = {}, {}
        self.reactors.update(reactors)
        self.reactor_keys.update(keys)

    def doubt(self) -> None:
        """Have the database asked from now on which interactions are there."""
        self.began_empty, self.keys = False, _none()


@dataclass(frozen=True, slots=True)
class Target:
    """Whose records are stored, and what their days depend on."""

    account_id: int
    network: Network
    # True until the account's first whole history is stored: its days keep their own dates.
    first_history: bool
    # The completed sync before this one; None for the first.
    previous_at: datetime | None
    now: datetime
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)
