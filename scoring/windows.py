"""Reactions of the last days, held small: a hundred million pair rows take 2 GiB.

A window is a tuple of blocks, one for each day that was added: a new day and one that falls out
move no other day's rows. A block's rows are in the order of the people who received them, so that
the rows of some people lie side by side and the model can take a part of the people at a time.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scoring.loading import Bools, Integers

# Rows of a window that the model takes at once: its intermediate results are some 150 bytes a row.
PIECE_ROWS = 4_000_000

Days = npt.NDArray[np.int32]
Indexes = npt.NDArray[np.int32]
Small = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class PairWindow:
    """Reactions as arrays of one length; days as days since 1970. 22 bytes a row."""

    day: Days
    account: Indexes
    reactor: Integers
    # Index into features.people_measures, −1 for other kinds.
    kind: Small
    trust_class: Small
    # Position of the reactor among the scored people, −1 for others.
    person: Indexes


@dataclass(frozen=True, slots=True)
class PostWindow:
    """People who acted on posts, as arrays of one length. 22 bytes a row."""

    day: Days
    account: Indexes
    post: Integers
    kind: Small
    trust_class: Small
    people: Indexes


Window = TypeVar("Window", PairWindow, PostWindow)

# Types of the columns in the order of their names; what is not here stays 64 bits wide.
_TYPES = {
    "day": np.int32,
    "account": np.int32,
    "kind": np.int8,
    "trust_class": np.int8,
    "person": np.int32,
    "people": np.int32,
}


def block(of: type[Window], owner: Integers, **columns: Integers) -> Window:
    """Return the rows as a block, in the order of the people who own their accounts.

    `owner` is the position of each account's person among the people, of shape (A,). The narrow
    types hold: there are fewer than 2³¹ accounts, people and people on a post.
    """
    order = np.argsort(owner[columns["account"]], kind="stable")
    return of(
        **{name: rows[order].astype(_TYPES.get(name, np.int64)) for name, rows in columns.items()}
    )


def picked(window: Window, rows: Bools | Integers | slice) -> Window:
    """Return some rows of a block; a slice copies nothing."""
    return replace(window, **{name: getattr(window, name)[rows] for name in _names(window)})


def between(
    blocks: Sequence[Window], *, after: int = -1, before: int | None = None
) -> tuple[Window, ...]:
    """Return the blocks with the rows younger than the day `after` and older than `before`.

    Blocks of which all rows stay are not copied, those without any left out.
    """
    found = []
    for one in blocks:
        if not one.day.size:
            continue
        keep = one.day > after
        if before is not None:
            keep &= one.day < before
        if keep.all():
            found.append(one)
        elif keep.any():
            found.append(picked(one, keep))
    return tuple(found)


def joined(blocks: Sequence[Window], none: Window) -> Window:
    """Return all rows of the blocks as one; `none` is a block without rows."""
    if len(blocks) == 1:
        return blocks[0]
    return replace(
        none,
        **{
            name: np.concatenate([getattr(one, name) for one in (none, *blocks)])
            for name in _names(none)
        },
    )


def by_people(
    pairs: Sequence[PairWindow],
    posts: Sequence[PostWindow],
    owner: Integers,
    people_count: int,
) -> Iterator[tuple[PairWindow, PostWindow]]:
    """Yield all rows, the people's one after the other, some people's whole rows at a time.

    At most PIECE_ROWS rows at a time (more where one person has more); at least one piece.
    `owner` is the position of each account's person among the people.
    """
    sizes = np.zeros(people_count, dtype=np.int64)
    for account in (*(one.account for one in pairs), *(one.account for one in posts)):
        sizes += np.bincount(owner[account], minlength=people_count)
    ends = np.cumsum(sizes)
    no_pairs, no_posts = _empty(PairWindow), _empty(PostWindow)
    first, done = 0, 0
    while True:
        last = max(int(np.searchsorted(ends, done + PIECE_ROWS, side="right")), first + 1)
        yield (
            joined([_of_people(one, owner, first, last) for one in pairs], no_pairs),
            joined([_of_people(one, owner, first, last) for one in posts], no_posts),
        )
        if last >= people_count:
            return
        first, done = last, int(ends[last - 1])


def _of_people(window: Window, owner: Integers, first: int, last: int) -> Window:
    """Return the rows of the people from `first` to before `last`, without copying them."""
    begin, end = (bisect_left(window.account, p, key=owner.__getitem__) for p in (first, last))
    return picked(window, slice(begin, end))


def _empty(of: type[Window]) -> Window:
    return of(**{name: np.zeros(0, dtype=_TYPES.get(name, np.int64)) for name in _names(of)})


def _names(window: Window | type[Window]) -> list[str]:
    return [field.name for field in fields(window)]
