"""What happened to an account: its posts and who acted on them, as sorted columns.

Everything of a day depends on the seed, the first day, the number of people and that day only.
29 bytes an interaction; about 1 ms for an ordinary account and 120 days.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from connectors.samplenet import names, noise, stories
from connectors.samplenet.noise import Floats, Ints
from connectors.samplenet.population import AUDIENCE_FROM, BOTS_FROM, Population

DAY_SECONDS = 86_400
# Kinds by number; the words are those of the API.
KINDS = ("like", "reshare", "comment", "quote", "mention", "follow")
LIKE, RESHARE, COMMENT, QUOTE, MENTION, FOLLOW = range(6)
KIND_SHARES = (0.62, 0.16, 0.17, 0.05)
# Mentions outside one's posts, for each reaction on them.
MENTION_SHARE = 0.06
# Follows by name that the network lists for an account and day; counts know all of them.
NAMED_FOLLOWS = 40
# A reaction comes after a log-normal delay with this median, at most four days later.
DELAY_SECONDS = 40 * 60
DELAY_SPREAD = 1.5
LONGEST_DELAY = 4 * DAY_SECONDS
MOST_POSTS = 40
VIRAL_REACTIONS = 800
# Numbers of an account's day that are not posts, and the first number of a group's reactions.
_MENTION_SLOT, _FOLLOW_SLOT = 90, 91
_GROUP_PLACE = 50_000

(
    _POSTS,
    _HOUR,
    _LUCK,
    _REACTIONS,
    _KIND,
    _ACTOR,
    _DELAY,
    _NIGHT,
    _MEMBER,
    _CHURN,
    _WAVE,
    _GROUP,
    _TEXT,
    _TIME,
) = range(200, 214)


@dataclass(frozen=True, slots=True)
class Posts:
    """An account's posts, oldest first."""

    id: Ints
    # Seconds since 1970.
    at: Ints
    # Picks the text (texts.text_of).
    choice: Ints
    # Reactions to expect of the open audience.
    mean: Floats
    # The day of the author that the post belongs to.
    day: Ints

    def __len__(self) -> int:
        return len(self.id)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp] | slice) -> "Posts":
        """Return the chosen rows, in their order."""
        return Posts(
            self.id[chosen],
            self.at[chosen],
            self.choice[chosen],
            self.mean[chosen],
            self.day[chosen],
        )


@dataclass(frozen=True, slots=True)
class Acts:
    """What others did to an account, oldest first, then by id."""

    id: Ints
    at: Ints
    kind: NDArray[np.int8]
    actor: NDArray[np.int32]
    # Id of the post acted on; 0: none.
    post: Ints

    def __len__(self) -> int:
        return len(self.id)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp] | slice) -> "Acts":
        """Return the chosen rows, in their order."""
        return Acts(
            self.id[chosen],
            self.at[chosen],
            self.kind[chosen],
            self.actor[chosen],
            self.post[chosen],
        )


@dataclass(frozen=True, slots=True)
class History:
    """Posts and received acts of one account."""

    posts: Posts
    acts: Acts


def acts_of(id: Ints, at: Ints, kind: Ints, actor: Ints, post: Ints) -> Acts:
    """Return the columns in their compact types."""
    return Acts(id, at, kind.astype(np.int8), actor.astype(np.int32), post)


def joined(parts: list[Acts]) -> Acts:
    """Return the rows of all parts, oldest first, then by id."""
    whole = Acts(
        *(
            np.concatenate([getattr(part, column) for part in parts])
            for column in ("id", "at", "kind", "actor", "post")
        )
    )
    return whole.only(np.lexsort((whole.id, whole.at)))


def start_seconds(people: Population) -> int:
    """Return the first second of the network."""
    return int(datetime.combine(people.start, time(), UTC).timestamp())


def posts_of(people: Population, number: int, last_day: int) -> Posts:
    """Return the posts alone of what happened: a hundredth of the time of generate."""
    posts = _posts(people, number, last_day)
    return posts.only(posts.at >= start_seconds(people))


def generate(people: Population, number: int, last_day: int) -> History:
    """Return what happened to the account of the directory on the author's days 0 to last_day."""
    posts = _posts(people, number, last_day)
    parts = [_reactions(people, number, posts), _mentions(people, number, last_day)]
    parts.append(_follows(people, number, last_day))
    parts.extend(
        _group_acts(people, number, place, posts)
        for place, group in enumerate(people.groups)
        if number in group.targets
    )
    posts = posts.only(posts.at >= start_seconds(people))
    return History(posts, _without_doubles(_possible(people, number, joined(parts), posts)))


@lru_cache(maxsize=64)
def _offsets(start: datetime, zone: int, last_day: int) -> Ints:
    """Return by how many seconds the zone is ahead of UTC at noon of each day."""
    there = ZoneInfo(names.ZONES[zone])
    noon = [
        (start + timedelta(days=day, hours=12)).replace(tzinfo=there) for day in range(last_day)
    ]
    shifts = (moment.utcoffset() or timedelta() for moment in noon)
    return np.asarray([int(shift.total_seconds()) for shift in shifts])


def _zone_offsets(people: Population, number: int, last_day: int) -> Ints:
    start = datetime.combine(people.start, time())
    return _offsets(start, int(people.traits.zone[number - 1]), last_day + 1)


def _posts(people: Population, number: int, last_day: int) -> Posts:
    """Return the account's posts; those of day 0 may lie before the network's first second."""
    traits, seed, row = people.traits, people.seed, number - 1
    day = np.arange(last_day + 1)
    phase = noise.uniform(seed, _WAVE, number)[0]
    wave = np.sin(2 * np.pi * (day / max(traits.period[row], 1.0) + phase))
    weekend = (people.start.weekday() + day) % 7 >= 5
    rate = traits.per_day[row] * np.exp(traits.swing[row] * wave)
    rate = rate * np.where(weekend, traits.weekend[row], 1.0)
    away = (day >= traits.offline_from[row]) & (day < traits.offline_until[row])
    rate[away | (day < traits.active_from[row])] = 0.0
    if traits.fixed[row]:
        count = np.where(rate > 0, int(traits.per_day[row]), 0)
    else:
        count = np.minimum(noise.poisson(rate, seed, _POSTS, number, day), MOST_POSTS)
    viral = number == stories.number_of("viral")
    if viral and people.days.viral <= last_day:
        count[people.days.viral] = max(count[people.days.viral], 1)
    owner = np.repeat(day, count)
    slot = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    hour = _hours(people, number, owner, slot, count[owner])
    at = start_seconds(people) + owner * DAY_SECONDS + (hour * 3600).astype(np.int64)
    at -= _zone_offsets(people, number, last_day)[owner]
    luck = traits.spread[row] * noise.normal(seed, _LUCK, number, owner, slot)
    mean = traits.per_post[row] * np.exp(luck - traits.spread[row] ** 2 / 2)
    if viral:
        mean[(owner == people.days.viral) & (slot == 0)] = min(VIRAL_REACTIONS, 2 * people.people)
    choice = (noise.hashed(seed, _TEXT, number, owner, slot) >> np.uint64(40)).astype(np.int64)
    number_in_all = (number * 10_000 + owner) * 100 + slot
    return Posts(number_in_all, at, choice, mean, owner).only(np.lexsort((slot, at)))


def _hours(people: Population, number: int, day: Ints, slot: Ints, count: Ints) -> Floats:
    """Return the local hour of each post: morning, noon and evening peaks, or a fixed timetable."""
    row, seed = number - 1, people.seed
    chance = noise.normal(seed, _HOUR, number, day, slot)
    if number == stories.number_of("good_morning"):
        return 6.5 + slot / 3 + 0.02 * np.clip(chance, -3, 3)
    if people.traits.fixed[row]:
        return 8.5 + 12.0 * slot / np.maximum(count, 1) + 0.25 * np.clip(chance, -3, 3)
    peak = noise.from_shares(noise.uniform(seed, _TIME, number, day, slot), (0.3, 0.25, 0.45))
    centre = np.asarray([8.2, 12.4, 19.8])[peak]
    hours: Floats = (centre + 1.4 * chance + people.traits.morning[row]) % 24
    return hours


def _reactions(people: Population, number: int, posts: Posts) -> Acts:
    """Return the open audience's reactions to the posts."""
    seed = people.seed
    count = noise.poisson(posts.mean, seed, _REACTIONS, posts.id) if len(posts) else posts.id
    count = np.minimum(count, _GROUP_PLACE - 1)
    post = np.repeat(np.arange(len(posts)), count)
    place = np.arange(len(post)) - np.repeat(np.cumsum(count) - count, count)
    on = posts.id[post]
    kind = noise.from_shares(noise.uniform(seed, _KIND, on, place), KIND_SHARES)
    at = posts.at[post] + _delays(people, number, on, place, posts.at[post])
    # A post that many act on has reached beyond the usual audience.
    reach = np.maximum(people.traits.candidates[number - 1], 4 * posts.mean[post])
    actor = _actors(people, number, on, place, reach)
    return acts_of(on * 100_000 + place, at, kind, actor, on)


def _delays(people: Population, number: int, on: Ints, place: Ints, posted: Ints) -> Ints:
    """Return the seconds from post to reaction; most of those due at night wait for the morning."""
    seed = people.seed
    delay = DELAY_SECONDS * np.exp(DELAY_SPREAD * noise.normal(seed, _DELAY, on, place))
    seconds: Ints = np.minimum(delay, LONGEST_DELAY).astype(np.int64) + 5
    offset = _zone_offsets(people, number, 0)[0]
    hour = ((posted + seconds + offset) % DAY_SECONDS) / 3600
    chance = noise.uniform(seed, _NIGHT, on, place)
    waits = (hour < 6) & (chance < 0.75)
    until_morning: Ints = np.where(waits, (6 - hour + 3 * chance) * 3600, 0).astype(np.int64)
    return seconds + until_morning


def _actors(
    people: Population, number: int, key: Ints, place: Ints, reach: Floats | None = None
) -> Ints:
    """Return who acts: followers of the directory by weight, else of the account's audience."""
    seed, traits, row = people.seed, people.traits, number - 1
    level = noise.uniform(seed, _ACTOR, key, place, 0)
    inside = noise.uniform(seed, _ACTOR, key, place, 1) < traits.people_share[row]
    # The first of the audience act often, the last hardly ever.
    reach = traits.candidates[row : row + 1] if reach is None else reach
    rank = np.floor(reach * level**1.8).astype(np.int64)
    bits = noise.hashed(seed, _MEMBER, number, rank)
    topics = len(names.TOPICS)
    of_community = (bits >> np.uint64(60)) < np.uint64(12)
    member = ((bits & np.uint64(0xFFFFFFFFFFF)) % np.uint64(people.audience)).astype(np.int64)
    near = member - member % topics + int(traits.topic[row])
    result = AUDIENCE_FROM + np.where(of_community & (near < people.audience), near, member)
    graph = people.graph
    if number <= people.people and graph.start[row + 1] > graph.start[row]:
        first, after = graph.start[row], graph.start[row + 1]
        below = graph.ends[first - 1] if first else 0.0
        mark = below + level * (graph.ends[after - 1] - below)
        edge = np.clip(np.searchsorted(graph.ends, mark, side="right"), first, after - 1)
        result = np.where(inside, graph.who[edge], result)
    return result


def _mentions(people: Population, number: int, last_day: int) -> Acts:
    """Return mentions of the account elsewhere, as many as its daily reactions allow."""
    seed, traits, row = people.seed, people.traits, number - 1
    day = np.arange(last_day + 1)
    rate = MENTION_SHARE * traits.per_day[row] * traits.per_post[row]
    count = noise.poisson(np.full(len(day), rate), seed, _POSTS, number, day, _MENTION_SLOT)
    return _spread_over_days(people, number, day, count, _MENTION_SLOT, MENTION)


def _follows(people: Population, number: int, last_day: int) -> Acts:
    """Return the follows that the network lists by name; bought ones come from the fleet's kind."""
    seed = people.seed
    day = np.arange(last_day + 1)
    now = people.followers_on(np.full(len(day), number), day)
    before = people.followers_on(np.full(len(day), number), np.maximum(day - 1, 0))
    churn = noise.poisson(0.0003 * now, seed, _CHURN, number, day)
    quiet = number in (stories.number_of("good_morning"), stories.number_of("newcomer"))
    gained = np.maximum(now - before, 0) + (0 if quiet else churn)
    follows = _spread_over_days(
        people, number, day, np.minimum(gained, NAMED_FOLLOWS), _FOLLOW_SLOT, FOLLOW
    )
    if number == stories.number_of("bought_followers"):
        bought = (follows.at - start_seconds(people)) // DAY_SECONDS == people.days.bought
        follows.actor[bought] = BOTS_FROM + np.arange(bought.sum()) % stories.fleet_size(
            people.people
        )
    return follows


def _spread_over_days(
    people: Population, number: int, day: Ints, count: Ints, slot: int, kind: int
) -> Acts:
    owner = np.repeat(day, count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    key = (number * 10_000 + owner) * 100 + slot
    second = noise.uniform(people.seed, _TIME, key, place) * DAY_SECONDS
    at = start_seconds(people) + owner * DAY_SECONDS + second.astype(np.int64)
    actor = _actors(people, number, key, place)
    none = np.zeros(len(owner), dtype=np.int64)
    return acts_of(key * 100_000 + place, at, none + kind, actor, none)


def _group_acts(people: Population, number: int, place: int, posts: Posts) -> Acts:
    """Return what the members of a group do on the account's posts."""
    group, seed = people.groups[place], people.seed
    chosen = posts.day >= group.first_day
    if group.first_post_only:
        chosen &= posts.id % 100 == 0
    members = np.asarray(group.members)
    post = np.repeat(np.flatnonzero(chosen), len(members))
    member = np.tile(np.arange(len(members)), int(chosen.sum()))
    parts = []
    for kind, probability in ((LIKE, group.like), (COMMENT, group.comment)):
        acts = noise.uniform(seed, _GROUP, posts.id[post], member, kind, place) < probability
        acts &= members[member] != number
        on = posts.id[post[acts]]
        number_in_post = _GROUP_PLACE + 2 * member[acts] + (kind == COMMENT)
        delay = _delays(people, number, on, number_in_post, posts.at[post[acts]])
        parts.append(
            acts_of(
                on * 100_000 + number_in_post,
                posts.at[post[acts]] + delay,
                np.full(len(on), kind),
                members[member[acts]],
                on,
            )
        )
    return joined(parts)


def _possible(people: Population, number: int, acts: Acts, posts: Posts) -> Acts:
    """Return the acts without those of or on somebody who is away, and without one's own."""
    traits = people.traits
    day = (acts.at - start_seconds(people)) // DAY_SECONDS
    kept = (day >= 0) & (acts.actor != number) & ((acts.post == 0) | np.isin(acts.post, posts.id))
    row = number - 1
    kept &= ~((day >= traits.offline_from[row]) & (day < traits.offline_until[row]))
    kept &= day >= traits.active_from[row]
    actor = np.where(acts.actor < AUDIENCE_FROM, acts.actor, 1) - 1
    inside = acts.actor < AUDIENCE_FROM
    away = (day >= traits.offline_from[actor]) & (day < traits.offline_until[actor])
    kept &= ~(inside & (away | (day < traits.active_from[actor])))
    return acts.only(kept)


def _without_doubles(acts: Acts) -> Acts:
    """Return each actor's first act of a kind on a post, and first follow; mentions may repeat."""
    _, post = np.unique(acts.post, return_inverse=True)
    # 20 bits of post, 3 of kind, 26 of actor; mentions get numbers of their own.
    key = (post << 29 | acts.kind.astype(np.int64)) << 26 | acts.actor
    key = np.where(acts.kind == MENTION, -1 - np.arange(len(acts)), key)
    _, first = np.unique(key, return_index=True)
    return acts.only(np.sort(first))
