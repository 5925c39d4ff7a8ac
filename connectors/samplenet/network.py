"""The network as its server sees it: a clock, the population, and histories made when asked for."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from connectors.samplenet import history, noise, population
from connectors.samplenet.history import DAY_SECONDS, Acts, History, Posts
from connectors.samplenet.noise import Ints
from connectors.samplenet.state import State

# Interactions kept ready in memory, 29 bytes each, whatever the size of the population.
KEPT_ROWS = 4_000_000
# Accounts that a test brought in by hand begin here.
STRANGERS_FROM = 30_000_000
_POSTS_BEFORE = 300
# Ids hold the account and the day; acts by hand have those of a day that never comes.
_DAY_IDS, _HAND_DAY = 10_000_000, 9_999


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who was brought in by hand, to try attacks with."""

    handle: str
    name: str
    followers: int
    following: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Followers who come by hand: `a_day` on each of `days` days from day `first` on."""

    first: int
    a_day: int
    days: int

    def by(self, days: Ints) -> Ints:
        """Return how many have come by the end of each day of the network."""
        come: Ints = self.a_day * np.clip(days - self.first + 1, 0, self.days)
        return come


@dataclass(frozen=True, slots=True)
class Counts:
    """An account's daily counts: row d is the count at the end of day d of the network."""

    followers: Ints
    following: Ints
    posts: Ints
    lists: Ints


@dataclass(frozen=True, slots=True)
class Visible:
    """An account's history up to now."""

    posts: Posts
    acts: Acts


class Clock:
    """Tells the time; a fixed or moved one for tests."""

    def __init__(self, fixed: datetime | None = None) -> None:
        self._fixed = fixed
        self._moved = timedelta()

    def now(self) -> datetime:
        """Return the network's present, in UTC."""
        return (self._fixed or datetime.now(UTC)) + self._moved

    def advance(self, days: int) -> None:
        """Move the network's present by whole days."""
        self._moved += timedelta(days=days)


def is_by_hand(ids: Ints) -> NDArray[np.bool_]:
    """Return which acts were added by hand: they are all that happened then."""
    found: NDArray[np.bool_] = ids // _DAY_IDS % 10_000 == _HAND_DAY
    return found


class SampleNetwork:
    """All that is served. Safe to use from several threads."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock
        self.people = population.build(state.seed, state.people, state.start, state.first_days)
        self.strangers: dict[int, Stranger] = {}
        self._by_hand: dict[int, list[Acts]] = {}
        self._growth: dict[int, list[Growth]] = {}
        self._saves: dict[int, list[tuple[int, int, int]]] = {}
        self._crowds: dict[str, Ints] = {}
        self._silent = np.zeros(0, dtype=np.int64)
        self._histories: OrderedDict[tuple[int, int], History] = OrderedDict()
        self._rows = 0
        self._lock = RLock()

    @property
    def seconds(self) -> int:
        """The present in seconds since 1970."""
        return int(self.clock.now().timestamp())

    @property
    def today(self) -> int:
        """The present day, counted from the network's first."""
        return (self.clock.now().date() - self.people.start).days

    @property
    def rows_kept(self) -> int:
        """How many interactions are ready in memory."""
        return self._rows

    def day_of(self, day: int) -> date:
        """Return the date of a day of the network."""
        return self.people.start + timedelta(days=day)

    def exists(self, number: int) -> bool:
        """Return whether an account has that number."""
        return number in self.strangers or self.people.exists(number)

    def has_history(self, number: int) -> bool:
        """Return whether the account posts: it is of the directory or a hidden one."""
        return 1 <= number <= self.people.accounts

    def handle_and_name(self, number: int) -> tuple[str, str]:
        """Return handle and name of any account."""
        if number in self.strangers:
            return self.strangers[number].handle, self.strangers[number].name
        return self.people.handle_and_name(number)

    def followers_on(self, numbers: Ints, days: Ints) -> Ints:
        """Return the followers of accounts of any sort on days."""
        result = self.people.followers_on(numbers, days)
        for place in np.flatnonzero(np.atleast_1d(numbers) >= STRANGERS_FROM):
            result[place] = self.strangers[int(numbers[place])].followers
        if self._growth:
            result = result + self._grown(numbers, days)
        return result

    def _grown(self, numbers: Ints, days: Ints) -> Ints:
        """Return the followers that came by hand, of accounts on days (broadcast)."""
        numbers, days = np.broadcast_arrays(np.atleast_1d(numbers), np.atleast_1d(days))
        come = np.zeros(numbers.shape, dtype=np.int64)
        for number, parts in self._growth.items():
            theirs = numbers == number
            for part in parts if theirs.any() else ():
                come[theirs] += part.by(days[theirs])
        return come

    def following(self, numbers: Ints) -> Ints:
        """Return how many others the accounts follow."""
        result = self.people.following(numbers)
        for place in np.flatnonzero(numbers >= STRANGERS_FROM):
            result[place] = self.strangers[int(numbers[place])].following
        return result

    def visible(self, number: int) -> Visible:
        """Return the account's history up to now; an empty one for those who only react."""
        now = self.seconds
        whole = self._history(number)
        posts, acts = whole.posts, whole.acts
        seen = int(np.searchsorted(posts.at, now, side="right"))
        return Visible(
            posts.only(slice(seen)),
            acts.only(slice(int(np.searchsorted(acts.at, now, side="right")))),
        )

    def sent(self, number: int) -> tuple[Acts, Ints]:
        """Return what the account did to others, oldest first, and whom each act was on."""
        if not 1 <= number <= self.people.people:
            return _nothing(), np.zeros(0, dtype=np.int64)
        parts, targets = [_nothing()], [np.zeros(0, dtype=np.int64)]
        for target in self.people.follows(number):
            acts = self.visible(int(target)).acts
            mine = acts.only(acts.actor == number)
            parts.append(mine)
            targets.append(np.full(len(mine), target))
        whole = Acts(
            *(
                np.concatenate([getattr(part, column) for part in parts])
                for column in ("id", "at", "kind", "actor", "post")
            )
        )
        order = np.lexsort((whole.id, whole.at))
        return whole.only(order), np.concatenate(targets)[order]

    def counts(self, number: int) -> Counts:
        """Return the account's daily counts from its first day on the network until today."""
        days = np.arange(max(self.today, 0) + 1)
        same = np.full(len(days), number)
        followers = self.followers_on(same, days)
        following = np.repeat(self.following(np.asarray([number])), len(days))
        if not self.has_history(number):
            return Counts(followers, following, np.zeros_like(days), np.zeros_like(days))
        posts = self.visible(number).posts
        ends = history.start_seconds(self.people) + (days + 1) * DAY_SECONDS
        traits, row = self.people.traits, number - 1
        before = int(_POSTS_BEFORE * traits.per_day[row]) if traits.opened_before[row] > 0 else 0
        # Followers who come by hand put nobody on a list.
        usual = self.people.followers_on(same, days)
        lists = np.floor(traits.lists[row] * usual / max(traits.followers[row], 1.0))
        return Counts(
            followers,
            following,
            before + np.searchsorted(posts.at, ends, side="left"),
            lists.astype(np.int64),
        )

    def opened_on(self, number: int) -> date:
        """Return the day on which the account was opened."""
        if self.has_history(number):
            before = int(self.people.traits.opened_before[number - 1])
        else:
            before = 100 + int(noise.uniform(self.state.seed, 7, number)[0] * 2_000)
        return self.people.start - timedelta(days=before)

    def add_stranger(self, stranger: Stranger) -> int:
        """Return the number of a new account that only reacts."""
        with self._lock:
            number = STRANGERS_FROM + len(self.strangers)
            self.strangers[number] = stranger
            return number

    def crowd(self, like: Stranger, count: int) -> Ints:
        """Return the numbers of the first `count` accounts of a crowd, made where they are new.

        They are named after it, and have the audience that it was first made with.
        """
        with self._lock:
            known = self._crowds.get(like.handle, np.zeros(0, dtype=np.int64))
            more = [
                self.add_stranger(
                    Stranger(f"{like.handle}{n}", f"{like.name}{n}", like.followers, like.following)
                )
                for n in range(known.size, count)
            ]
            self._crowds[like.handle] = known = np.append(known, np.asarray(more, dtype=np.int64))
            return known[:count]

    def silence(self, numbers: Iterable[int]) -> None:
        """Let accounts act on nobody, but by hand."""
        with self._lock:
            self._silent = np.union1d(self._silent, np.fromiter(numbers, dtype=np.int64))
            self._histories.clear()
            self._rows = 0

    def add_growth(self, number: int, growth: Growth) -> None:
        """Let an account gain followers by hand."""
        with self._lock:
            self._growth.setdefault(number, []).append(growth)

    def set_traits(self, number: int, traits: Mapping[str, float]) -> None:
        """Replace traits of an account that has a history; what was made of it is made anew."""
        with self._lock:
            for name, value in traits.items():
                getattr(self.people.traits, name)[number - 1] = value
            self._forget(number)

    def add_acts(self, target: int, build: Callable[[int], Acts]) -> None:
        """Add acts on an account by hand; `build` is given the first free id."""
        with self._lock:
            added = self._by_hand.setdefault(target, [])
            first = (target * 10_000 + _HAND_DAY) * _DAY_IDS + sum(len(part) for part in added)
            added.append(build(first))
            self._forget(target)

    def add_saves(self, number: int, post: int, at: int, count: int) -> None:
        """Let a post be saved by hand so often at that second; below 0, so often less."""
        with self._lock:
            self._saves.setdefault(number, []).append((post, at, count))

    def saves_by_hand(self, number: int) -> tuple[Ints, Ints]:
        """Return posts of the account and how often each was saved by hand up to now."""
        with self._lock:
            rows = [row for row in self._saves.get(number, ()) if row[1] <= self.seconds]
        columns = np.asarray(rows, dtype=np.int64).reshape(-1, 3).T
        return columns[0], columns[2]

    def _forget(self, number: int) -> None:
        for key in [key for key in self._histories if key[0] == number]:
            self._rows -= len(self._histories.pop(key).acts)

    def _history(self, number: int) -> History:
        # Zones ahead of UTC have begun tomorrow.
        key = (number, self.today + 1)
        with self._lock:
            if key in self._histories:
                self._histories.move_to_end(key)
                return self._histories[key]
            if not self.has_history(number) or self.today < 0:
                empty = np.zeros(0, dtype=np.int64)
                return History(Posts(empty, empty, empty, empty.astype(float), empty), _nothing())
            made = history.generate(self.people, number, self.today + 1)
            if self._silent.size:
                acts = made.acts
                made = History(made.posts, acts.only(~np.isin(acts.actor, self._silent)))
            if number in self._by_hand:
                made = History(made.posts, history.joined([made.acts, *self._by_hand[number]]))
            self._histories[key] = made
            self._rows += len(made.acts)
            while self._rows > KEPT_ROWS and len(self._histories) > 1:
                self._rows -= len(self._histories.popitem(last=False)[1].acts)
            return made


def _nothing() -> Acts:
    empty = np.zeros(0, dtype=np.int64)
    return history.acts_of(empty, empty, empty, empty, empty)
