"""The invented people: columns of numbers per account, the follow graph, and the audience.

Account numbers begin at 1; row n - 1 of each column belongs to account n. Everything is drawn from
the seed with whole-column NumPy calls: about 0.1 s for 600 people and 6 s for 100,000.
"""

from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

import numpy as np

from connectors.samplenet import names, noise, stories
from connectors.samplenet.noise import Floats, Ints

# Where the numbers of accounts that are nobody of the directory begin.
AUDIENCE_FROM = 10_000_000
BOTS_FROM = 20_000_000
# Chosen so that 600 people receive about 300,000 interactions in 120 days, stories included.
REACTIONS_PER_DAY = 2.6
# No ordinary person moves more people a day than this, before the columns are scaled.
MOST_REACTIONS_PER_DAY = 90.0
# Audience accounts for each person of the directory.
AUDIENCE_PER_PERSON = 20

# Stories whose days or size depend on the population's.
_PLACED = ("offline", "viral", "newcomer", "bought_followers", "celebrity", "brand")

# Purposes of random numbers (see noise): any distinct numbers.
(
    _FOLLOWERS,
    _TAIL,
    _INFLUENCE,
    _PER_DAY,
    _TOPIC,
    _ZONE,
    _WEEKEND,
    _SWING,
    _PERIOD,
    _NAME,
    _GROWTH,
    _FOLLOWING,
    _AGE,
    _EDGE,
    _ACTIVITY,
    _LISTS,
    _MORNING,
) = range(100, 117)


@dataclass(frozen=True, slots=True)
class Traits:
    """One number per account in each column."""

    # Followers on day 0, their growth a day (a share), and a rise of `ramp` a day for `ramp_days`.
    followers: Floats
    growth: Floats
    ramp: Floats
    ramp_from: Floats
    ramp_days: Floats
    step: Floats
    step_day: Floats
    following: Floats
    lists: Floats
    # Posts a day: the mean, or exactly so many where `fixed`; `weekend` multiplies on two days.
    per_day: Floats
    fixed: Floats
    weekend: Floats
    # Slow waves of activity: amplitude, period in days.
    swing: Floats
    period: Floats
    # Expected reactions of a post from the open audience: the hidden true influence; the
    # logarithm of a post's own luck is normal with standard deviation `spread`.
    per_post: Floats
    spread: Floats
    # How many audience accounts ever react, and the share of reactions by people of the directory.
    candidates: Floats
    people_share: Floats
    topic: Floats
    zone: Floats
    # Hours by which the person's day is early (negative) or late.
    morning: Floats
    # Half-open range of days without any act, and the first day on the network.
    offline_from: Floats
    offline_until: Floats
    active_from: Floats
    # How readily the person reacts to others (relative).
    activity: Floats
    brand: Floats
    private: Floats
    indexable: Floats
    # Stated age in years; 0: not stated.
    age: Floats
    # Days before day 0 on which the account was opened.
    opened_before: Floats


@dataclass(frozen=True, slots=True)
class Graph:
    """Who of the directory follows whom, as flat lists per followed account."""

    # Followers of row r are who[start[r]:start[r + 1]]; `ends` sums their weights up, over all.
    start: Ints
    who: Ints
    ends: Floats


@dataclass(frozen=True)
class Population:
    """All accounts of the network."""

    seed: int
    people: int
    start: date
    traits: Traits
    graph: Graph
    groups: tuple[stories.Group, ...]
    days: stories.Timeline
    listed: tuple[stories.Story, ...]

    @property
    def accounts(self) -> int:
        """How many accounts have posts and a profile: the directory and the hidden ones."""
        return self.people + len(stories.HIDDEN)

    @property
    def audience(self) -> int:
        """How many accounts only react."""
        return max(4_000, AUDIENCE_PER_PERSON * self.people)

    @cached_property
    def _name_numbers(self) -> tuple[Ints, Ints]:
        rows = np.arange(1, self.accounts + 1)
        bits = noise.hashed(self.seed, _NAME, rows)
        first = (bits % np.uint64(len(names.FIRST))).astype(np.int64)
        last = ((bits >> np.uint64(20)) % np.uint64(len(names.LAST))).astype(np.int64)
        return first, last

    def story(self, number: int) -> stories.Story | None:
        """Return the account's story, or None for an ordinary person."""
        if 1 <= number <= len(self.listed):
            return self.listed[number - 1]
        if self.people < number <= self.accounts:
            return stories.HIDDEN[number - self.people - 1]
        return None

    def handle(self, number: int) -> str:
        """Return the handle of any account: of the directory, the audience or the fleet."""
        return self.handle_and_name(number)[0]

    def handle_and_name(self, number: int) -> tuple[str, str]:
        """Return handle and name of any account."""
        if number >= BOTS_FROM:
            digits = 700_000 + (number - BOTS_FROM) * 7
            return f"user{digits}", f"user{digits}"
        if number >= AUDIENCE_FROM:
            place = number - AUDIENCE_FROM
            first, last = place % len(names.FIRST), place // len(names.FIRST) % len(names.LAST)
            handle = f"{names.FIRST[first]}_{names.LAST[last]}{place}".lower()
            return handle, f"{names.FIRST[first]} {names.LAST[last]}"
        story = self.story(number)
        if story is not None:
            return story.handle, story.name
        first, last = (int(column[number - 1]) for column in self._name_numbers)
        return (
            names.handle_of(first, last, number),
            f"{names.FIRST[first]} {names.LAST[last]}",
        )

    @cached_property
    def _story_numbers(self) -> dict[str, int]:
        hidden = range(self.people + 1, self.accounts + 1)
        return {
            self.handle(number): number for number in (*range(1, len(self.listed) + 1), *hidden)
        }

    def number(self, handle: str) -> int | None:
        """Return the account with that handle, whatever its case, or None."""
        handle = handle.lower()
        if handle in self._story_numbers:
            return self._story_numbers[handle]
        digits = handle[len(handle.rstrip("0123456789")) :]
        # int() of endless digits is slow, and no number here has more than eight.
        if not digits.isascii() or not 1 <= len(digits) <= 8:
            return None
        value = int(digits)
        for number in (value, AUDIENCE_FROM + value, BOTS_FROM + (value - 700_000) // 7):
            if self.exists(number) and self.handle(number) == handle:
                return number
        return None

    def exists(self, number: int) -> bool:
        """Return whether there is an account with that number."""
        return (
            1 <= number <= self.accounts
            or AUDIENCE_FROM <= number < AUDIENCE_FROM + self.audience
            or BOTS_FROM <= number < BOTS_FROM + stories.fleet_size(self.people)
        )

    def followers_on(self, numbers: Ints, days: Ints) -> Ints:
        """Return the followers of accounts of any sort on days (same shape, broadcast)."""
        numbers, days = np.broadcast_arrays(np.atleast_1d(numbers), np.atleast_1d(days))
        outside = noise.normal(self.seed, _FOLLOWERS, numbers)
        few = np.floor(np.exp(np.log(25.0) + 1.3 * outside))
        few[noise.uniform(self.seed, _TAIL, numbers) < 0.15] = 0
        result = np.minimum(few, 2_000)
        result[numbers >= BOTS_FROM] %= 4
        inside = numbers < AUDIENCE_FROM
        if inside.any():
            rows, day = numbers[inside] - 1, days[inside].astype(np.float64)
            traits = self.traits
            value = traits.followers[rows] * np.exp(traits.growth[rows] * day)
            risen = np.clip(day - traits.ramp_from[rows] + 1, 0, traits.ramp_days[rows])
            value = value + traits.ramp[rows] * risen
            value = value + np.where(day >= traits.step_day[rows], traits.step[rows], 0)
            value[day < traits.active_from[rows]] = 0
            result[inside] = np.floor(value)
        whole: Ints = result.astype(np.int64)
        return whole

    def following(self, numbers: Ints) -> Ints:
        """Return how many others accounts of any sort follow."""
        drawn = np.exp(np.log(130.0) + 0.9 * noise.normal(self.seed, _FOLLOWING, numbers))
        drawn[numbers >= BOTS_FROM] += 1_500
        inside = numbers < AUDIENCE_FROM
        drawn[inside] = self.traits.following[numbers[inside] - 1]
        whole: Ints = np.floor(drawn).astype(np.int64)
        return whole

    def follows(self, number: int) -> Ints:
        """Return the directory accounts that this one of the directory may act on."""
        edges = np.flatnonzero(self.graph.who == number)
        targets = np.searchsorted(self.graph.start, edges, side="right")
        grouped = [
            target
            for group in self.groups
            if number in group.members
            for target in group.targets
            if target != number
        ]
        found: Ints = np.unique(np.concatenate([targets, np.asarray(grouped, dtype=np.int64)]))
        return found


def build(seed: int, people: int, start: date, first_days: int) -> Population:
    """Return the population of that size; stories are placed by the length of its first history."""
    listed = stories.named(people)
    days = stories.timeline(first_days)
    traits = _traits(seed, people, listed, days)
    graph = _graph(seed, people, traits)
    groups = _groups(people, traits, days)
    return Population(seed, people, start, traits, graph, groups, days, listed)


def _traits(
    seed: int, people: int, listed: tuple[stories.Story, ...], days: stories.Timeline
) -> Traits:
    count = people + len(stories.HIDDEN)
    columns = _drawn(seed, count)
    for number, story in (
        *enumerate(listed, 1),
        *enumerate(stories.HIDDEN, people + 1),
    ):
        for trait, value in story.traits.items():
            columns[trait][number - 1] = value
    row = {word: stories.number_of(word) - 1 for word in _PLACED}
    columns["per_post"][row["celebrity"]] *= min(1.0, max(0.2, people / 600))
    columns["per_post"][row["brand"]] *= min(1.0, max(0.4, people / 600))
    columns["offline_from"][row["offline"]] = days.offline_from
    columns["offline_until"][row["offline"]] = days.offline_until
    columns["ramp_from"][row["newcomer"]] = columns["active_from"][row["newcomer"]] = days.newcomer
    columns["opened_before"][row["newcomer"]] = -days.newcomer
    columns["ramp_from"][row["viral"]] = days.viral
    columns["ramp"][row["viral"]], columns["ramp_days"][row["viral"]] = 35, 4
    columns["lists"] = np.floor(columns["lists"] * columns["followers"] ** 0.75)
    columns["step"][row["bought_followers"]] = stories.bought_count(people)
    columns["step_day"][row["bought_followers"]] = days.bought
    return Traits(**columns)


def _drawn(seed: int, count: int) -> dict[str, Floats]:
    """Return the columns of ordinary people."""
    number = np.arange(1, count + 1)

    def chance(purpose: int) -> Floats:
        return noise.uniform(seed, purpose, number)

    def spread(purpose: int) -> Floats:
        return noise.normal(seed, purpose, number)

    # Followers: log-normal, median 150, with a Pareto tail (index 1.1) for one in thirty.
    followers = np.exp(np.log(150.0) + 1.35 * spread(_FOLLOWERS))
    tail = chance(_TAIL)
    in_tail = tail < 1 / 30
    followers[in_tail] = np.minimum(2_500 * (tail[in_tail] * 30 + 1e-9) ** (-1 / 1.1), 2_000_000)
    influence = 0.8 * spread(_INFLUENCE)
    per_day = np.exp(np.log(0.7) + 0.7 * spread(_PER_DAY)).clip(0.03, 6.0)
    per_post = followers**0.55 * np.exp(influence)
    per_post *= np.minimum(1.0, MOST_REACTIONS_PER_DAY * 8 / (per_post * per_day))
    per_post *= REACTIONS_PER_DAY / np.mean(per_post * per_day)
    zero = np.zeros(count)
    columns = {field.name: zero.copy() for field in fields(Traits)}
    columns |= {
        "followers": np.floor(followers),
        "growth": 0.0006 + 0.0009 * spread(_GROWTH),
        "following": np.exp(np.log(180.0) + 0.8 * spread(_FOLLOWING)),
        # A share of the followers, in the end: see _traits.
        "lists": 0.02 * np.exp(0.4 * influence + 0.5 * spread(_LISTS)),
        "per_day": per_day,
        "weekend": 0.5 + 0.8 * chance(_WEEKEND),
        "swing": 0.35 * chance(_SWING),
        "period": 20.0 + 60.0 * chance(_PERIOD),
        "per_post": per_post,
        "spread": np.full(count, 0.7),
        "candidates": np.clip(0.6 * followers**0.8, 8.0, 30_000.0),
        "people_share": np.full(count, 0.35),
        "topic": np.floor(len(names.TOPICS) * chance(_TOPIC)),
        "zone": noise.from_shares(chance(_ZONE), (30, 20, 15, 8, 8, 7, 5, 7)).astype(np.float64),
        "morning": 1.3 * spread(_MORNING),
        "activity": np.exp(0.9 * spread(_ACTIVITY)),
        "indexable": np.ones(count),
        "opened_before": np.floor(200 + 2_500 * chance(_AGE)),
        "offline_from": np.full(count, 1e9),
        "offline_until": np.full(count, 1e9),
        "step_day": np.full(count, 1e9),
        "ramp_from": np.full(count, 1e9),
    }
    return columns


def _graph(seed: int, people: int, traits: Traits) -> Graph:
    """Return who of the directory follows whom: seven in ten from one's own community."""
    most = min(400, people // 3)
    wanted = np.clip(2.2 * traits.followers[:people] ** 0.4, 2, most).astype(np.int64)
    owner = np.repeat(np.arange(people), wanted)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    level = noise.uniform(seed, _EDGE, owner, place, 1)
    own = noise.uniform(seed, _EDGE, owner, place, 2) < 0.7
    topic = traits.topic[:people].astype(np.int64)
    by_topic = np.argsort(topic, kind="stable")
    first = np.searchsorted(topic[by_topic], np.arange(len(names.TOPICS) + 1))
    inside = first[topic[owner]] + np.floor(
        level * (first[topic[owner] + 1] - first[topic[owner]])
    ).astype(np.int64)
    follower = np.where(own, by_topic[inside], np.floor(level * people).astype(np.int64))
    owner, follower = _of_specialist(owner, follower, topic, traits, people)
    # Nobody follows oneself; each pair once.
    pair = np.unique((owner * people + follower)[follower != owner])
    owner, follower = pair // people, pair % people
    start = np.searchsorted(owner, np.arange(people + 1))
    weight = traits.activity[follower] * np.exp(noise.normal(seed, _EDGE, owner, follower, 3))
    return Graph(start, follower + 1, np.cumsum(weight))


def _of_specialist(
    owner: Ints, follower: Ints, topic: Ints, traits: Traits, people: int
) -> tuple[Ints, Ints]:
    """Return the pairs with the specialist followed by the strongest of the topic only."""
    row = stories.number_of("specialist") - 1
    kept = owner != row
    moved = traits.per_post[:people] * traits.per_day[:people]
    # Its own community first, then, where that is small, whoever is strongest.
    order = np.lexsort((-moved, topic != topic[row]))
    strongest = order[order != row][: min(20, people // 4)]
    return (
        np.concatenate([owner[kept], np.full(len(strongest), row)]),
        np.concatenate([follower[kept], strongest]),
    )


def _groups(people: int, traits: Traits, days: stories.Timeline) -> tuple[stories.Group, ...]:
    size = stories.group_size(people)
    first = len(stories.SINGLES) + 1
    pod = tuple(range(first, first + size))
    circle = tuple(range(first + size, first + 2 * size))
    fleet = tuple(range(BOTS_FROM, BOTS_FROM + stories.fleet_size(people)))
    newcomer = stories.number_of("newcomer")
    # Ordinary people: those nearest to 150 followers, filled up from the audience.
    ordinary = np.arange(first + 2 * size, people + 1)
    distance = np.abs(np.log((traits.followers[ordinary - 1] + 1) / 150))
    nearest = [int(number) for number in ordinary[np.argsort(distance, kind="stable")][:15]]
    around = (*nearest, *(AUDIENCE_FROM + 7 + 3 * place for place in range(15 - len(nearest))))
    return (
        stories.Group("pod", pod, pod, 0.95, 0.4, days.pod_from),
        stories.Group("circle", circle, circle, 0.2, 0.08, 0),
        stories.Group(
            "fleet", (stories.number_of("bot_client"),), fleet, 0.97, 0.0, days.fleet_from, True
        ),
        stories.Group("newcomer", (newcomer,), around, 0.3, 0.08, days.newcomer),
    )
