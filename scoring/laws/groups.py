"""Law 12: crowds, pods, circles of friends, newcomers, fleets, bought followers, traded +K."""

from connectors.types import Kind
from scoring.core.integrity import DiscountKind
from scoring.laws.scenario import Lines, added
from scoring.simulation import World, cost, history

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
            lines[f"{name}, if all counted"] = added(lines[name], kept)
    return lines


def circle_of_friends() -> Lines:
    """Return one of twenty friends, each with as many reactors outside, and what is discounted."""
    world = World(GROUP_FROM + 10)
    member = _group(world, GROUP - 1, every=5, acting=True, first_day=0)
    scored = world.run()
    shown = history(scored, member)
    lost = cost(scored, member, DiscountKind.RECIPROCITY)
    return {"shown": shown, "if all counted": added(shown, lost)}


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
        "with a fleet, if all counted": added(shown, kept),
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
        "no reactions follow, if all counted": added(
            shown, cost(scored, 0, DiscountKind.FOLLOWER_STEP)
        ),
        "reactions follow": history(scored, 1),
    }


TRADERS, TRADED_FROM, CREDITS_A_DAY = 50, 5, 5


def traded_plus_k() -> Lines:
    """Return whom fifty people give +K, and one of fifty who give it one another, five a day."""
    world = World(TRADED_FROM + 25)
    liked, alone = world.account(100), world.account(100)
    for giver in [world.account(100) for _ in range(TRADERS)]:
        world.credit(TRADED_FROM, giver, liked)
    ring = [world.account(100) for _ in range(TRADERS)]
    for place, giver in enumerate(ring):
        for step in range(1, TRADERS):
            day = TRADED_FROM + (step - 1) // CREDITS_A_DAY
            world.credit(day, giver, ring[(place + step) % TRADERS])
    scored = world.run()
    traded = history(scored, ring[0])
    kept = cost(scored, ring[0], DiscountKind.PLUS_K)
    return {
        "fifty people give it": history(scored, liked),
        "fifty trade it, if all counted": added(traded, kept),
        "fifty trade it": traded,
        "without": history(scored, alone),
    }
