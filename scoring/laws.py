"""The laws that need the whole pipeline, as scenarios: what happens, and the scores that follow.

Each returns lines of scores, a value a day; tests judge them and docs/laws shows them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.types import Kind
from scoring.core.integrity import DiscountKind
from scoring.simulation import World, cost, history
from scoring.walk import ScoredDay

Lines = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A law's scenario: its number, what the chart says, and how to play it."""

    law: int
    name: str
    title: str
    play: Callable[[], Lines]


# The reference person of docs/scoring.md: so many people for each kind, each once a week.
_WEEKLY = ((Kind.LIKE, 255), (Kind.COMMENT, 105), (Kind.RESHARE, 60), (Kind.MENTION, 150))


def _reference(world: World, days: range, *, pool: list[int], account: int) -> None:
    """Let the reference person post twice a day and everybody of the pool react once a week."""
    for day in days:
        start = 0
        for kind, number in _WEEKLY:
            people = pool[start : start + number] if kind is not Kind.COMMENT else pool[:number]
            start += number if kind is Kind.LIKE else 0
            today = [key for place, key in enumerate(people) if place % 7 == day % 7]
            for half in (0, 1):
                post = 0 if kind is Kind.MENTION else 2 * day + half + 1
                world.act(day, today[half::2], account, kind, post)


AWAY_FROM, AWAY_DAYS = 45, 30


def month_offline() -> Lines:
    """Return a reference person who is offline for a month and comes back as before."""
    world = World(AWAY_FROM + AWAY_DAYS + 21)
    for away in (AWAY_DAYS, 0):
        person = world.account(90_000, 2_100)
        pool = world.strangers(440, 1_000)
        _reference(world, range(AWAY_FROM), pool=pool, account=person)
        _reference(world, range(AWAY_FROM + away, world.days_count), pool=pool, account=person)
    scored = world.run()
    return {"a month offline": history(scored, 0), "as before": history(scored, 1)}


def idle_network() -> Lines:
    """Return a person with a second, idle account, and one without."""
    world = World(30)
    people = [world.account(1_450, 8), world.account(1_450, 8)]
    world.account(4, of=people[0])
    for person in people:
        fans = world.strangers(60, 150)
        for day in range(world.days_count):
            world.act(day, fans[day % 7 :: 7], person, post=1 + person * 100 + day)
    scored = world.run()
    return {"with an idle second account": history(scored, 0), "without": history(scored, 1)}


VIRAL_DAY = 20


def viral_post() -> Lines:
    """Return a quiet person whose post of one day is shared by two thousand people."""
    world = World(60)
    person = world.account(310)
    fans = world.strangers(10, 100)
    # A fifth of everybody has hardly any followers: as in the sample network.
    crowd = [key for _ in range(400) for key in (*world.strangers(4, 100), *world.strangers(1, 9))]
    for day in range(world.days_count):
        world.act(day, fans[day % 5 :: 5], person, post=day + 1)
    world.act(VIRAL_DAY, crowd[:1_600], person, Kind.RESHARE, VIRAL_DAY + 1)
    world.act(VIRAL_DAY + 1, crowd[1_600:], person, Kind.RESHARE, VIRAL_DAY + 1)
    world.act(VIRAL_DAY, crowd[:600], person, Kind.LIKE, VIRAL_DAY + 1)
    scored = world.run()
    held = [float(day.why.held_back[person]) for day in scored]
    shown = history(scored)
    return {
        "shown": shown,
        "before the daily limit": _sum(shown, held),
        "if all counted": _sum(_sum(shown, held), _discounted(scored, person)),
    }


GROUP, GROUP_FROM = 20, 15


def _group(
    world: World, outside: int, *, every: int, acting: bool, first_day: int = GROUP_FROM
) -> int:
    """Return one of twenty people with so many reactors of their own, who may act on one another.

    Each member likes and comments on what each other member posts, every so many days; a fifth of
    the reactors outside do so on each day.
    """
    members = [world.account(240) for _ in range(GROUP)]
    for place, member in enumerate(members):
        fans = world.strangers(outside, 150)
        for day in range(world.days_count):
            post = 1 + member * world.days_count + day
            world.act(day, fans[day % 5 :: 5], member, post=post)
            if not acting or day < first_day:
                continue
            others = [
                world.key_of(other)
                for number, other in enumerate(members)
                if other != member and (number + place + day) % every == 0
            ]
            world.act(day, others, member, post=post)
            world.act(day, others[::2], member, Kind.COMMENT, post)
    return members[0]


def pod() -> Lines:
    """Return a member of a pod of twenty, with few reactors outside and with none."""
    world = World(GROUP_FROM + 25)
    lines: Lines = {}
    members = {
        (outside, acting): _group(world, outside, every=1, acting=acting)
        for outside in (6, 0)
        for acting in (True, False)
    }
    scored = world.run()
    for (outside, acting), member in members.items():
        name = f"{outside} reactors outside, " + ("in a pod" if acting else "alone")
        lines[name] = history(scored, member)
        if acting:
            kept = cost(scored, member, DiscountKind.RECIPROCITY)
            lines[f"{name}, if all counted"] = _sum(lines[name], kept)
    return lines


def circle_of_friends() -> Lines:
    """Return one of twenty friends, each with as many reactors outside, and what is discounted."""
    world = World(GROUP_FROM + 10)
    member = _group(world, GROUP - 1, every=5, acting=True, first_day=0)
    scored = world.run()
    shown = history(scored, member)
    lost = cost(scored, member, DiscountKind.RECIPROCITY)
    return {"shown": shown, "if all counted": _sum(shown, lost)}


def _growing(day: int) -> float:
    return float(min(day, 15))


def newcomer() -> Lines:
    """Return somebody new whom fifteen ordinary people find, and who answers all of them."""
    world = World(21)
    person = world.account(_growing)
    friends = [world.account(150) for _ in range(15)]
    keys = [world.key_of(friend) for friend in friends]
    for place, friend in enumerate(friends):
        own = world.strangers(12, 150)
        for day in range(world.days_count):
            world.act(day, own[day % 3 :: 3], friend, post=1_000 + place * 100 + day)
            if day % 3 == place % 3:
                world.act(day, [world.key_of(person)], friend, post=1_000 + place * 100 + day)
    for day in range(world.days_count):
        world.act(day, keys[day % 3 :: 3], person, post=day + 1)
        world.act(day, keys[day % 12 :: 12], person, Kind.COMMENT, day + 1)
    return {"a newcomer with fifteen reactors": history(world.run())}


CROWD_FROM = 10
# People who react to each of the accounts before the crowd comes.
CROWD_ON = (0, 3, 30, 300)


def crowd() -> Lines:
    """Return accounts of different strength on whom a thousand empty accounts act every day."""
    world = World(CROWD_FROM + 10)
    bots = world.strangers(1_000, 0)
    names = []
    for fans in CROWD_ON:
        known = world.strangers(fans, 150)
        for crowded in (True, False):
            person = world.account(fans**1.5 * 100, fans * 2)
            names.append(f"{fans} reactors" + (" and the crowd" if crowded else ""))
            for day in range(world.days_count):
                post = 1 + person * 100 + day
                world.act(day, known[day % 3 :: 3], person, post=post)
                if crowded and day >= CROWD_FROM:
                    world.act(day, bots, person, post=post)
                    world.act(day, bots, person, Kind.RESHARE, post)
    scored = world.run()
    return {name: history(scored, place) for place, name in enumerate(names)}


FLEET_FROM = 15


def fleet() -> Lines:
    """Return an account on whom a thousand accounts of ten followers act, from a day on."""
    world = World(FLEET_FROM + 15)
    bots = world.strangers(1_000, 10)
    for size in (1_000, 0):
        person = world.account(190)
        fans = world.strangers(6, 150)
        for day in range(world.days_count):
            post = 1 + person * 100 + day
            world.act(day, fans[day % 3 :: 3], person, post=post)
            if day >= FLEET_FROM:
                world.act(day, bots[:size], person, post=post)
    scored = world.run()
    shown = history(scored, 0)
    kept = cost(scored, 0, DiscountKind.SMALL_ACCOUNTS)
    return {
        "with a fleet": shown,
        "with a fleet, if all counted": _sum(shown, kept),
        "without": history(scored, 1),
    }


BOUGHT_FROM, FOLLOWED_FROM = 30, 50


def _bought(day: int) -> float:
    return 420.0 if day < BOUGHT_FROM else 8_420.0


def bought_followers() -> Lines:
    """Return somebody who buys 8,000 followers, and somebody whom reactions follow later."""
    world = World(BOUGHT_FROM + 45)
    for followed in (False, True):
        person = world.account(_bought)
        fans, more = world.strangers(6, 150), world.strangers(90, 150)
        for day in range(world.days_count):
            post = 1 + person * 100 + day
            world.act(day, fans[day % 3 :: 3], person, post=post)
            if followed and day >= FOLLOWED_FROM:
                world.act(day, more[day % 3 :: 3], person, post=post)
    scored = world.run()
    shown = history(scored, 0)
    return {
        "no reactions follow": shown,
        "no reactions follow, if all counted": _sum(
            shown, cost(scored, 0, DiscountKind.FOLLOWER_STEP)
        ),
        "reactions follow": history(scored, 1),
    }


def _discounted(scored: list[ScoredDay], account: int) -> list[float]:
    """Return what all discounts together took off, day by day."""
    return [
        sum(values)
        for values in zip(*(cost(scored, account, k) for k in DiscountKind), strict=True)
    ]


def _sum(first: list[float], second: list[float]) -> list[float]:
    return [a + b for a, b in zip(first, second, strict=True)]


SCENARIOS = (
    Scenario(3, "idle_network", "One more network, idle", idle_network),
    Scenario(5, "month_offline", "A month offline, and coming back", month_offline),
    Scenario(7, "viral_post", "A hugely popular post", viral_post),
    Scenario(12, "crowd", "A thousand accounts without an audience", crowd),
    Scenario(12, "pod", "A pod of twenty", pod),
    Scenario(12, "circle_of_friends", "A circle of twenty friends", circle_of_friends),
    Scenario(12, "newcomer", "A newcomer with fifteen reactors", newcomer),
    Scenario(12, "fleet", "A thousand very small accounts", fleet),
    Scenario(12, "bought_followers", "Bought followers", bought_followers),
)
