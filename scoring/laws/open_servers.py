"""Law 12: servers that anyone can run, and what they say of themselves."""

from connectors.types import Kind
from scoring.laws.groups import CROWD_ON
from scoring.laws.scenario import Lines
from scoring.simulation import World, history

LIES_FROM = 10
FAVOURITERS = 10_000
# What an honest account has that is compared with the lying one.
HONEST_FOLLOWERS = 100


def lone_server() -> Lines:
    """Return what a server gains that claims ten million followers and ten thousand favouriters.

    For its own account, beside one of a hundred followers on another such server; half of the
    favouriters it pretends to live elsewhere. And for accounts elsewhere on whom its bots act.
    """
    world = World(LIES_FROM + 6)
    bots = world.strangers(FAVOURITERS, 1_000_000, server="lone.example")
    pretended = world.strangers(FAVOURITERS // 2, 1_000_000)
    liar = world.account(10_000_000, 50_000, server="lone.example")
    names = ["its own account"]
    world.account(HONEST_FOLLOWERS, server="honest.example")
    names.append("an account of a hundred followers")
    for day in range(world.days_count):
        world.act(day, [*bots[: FAVOURITERS // 2], *pretended], liar, post=1 + day)
    for fans in CROWD_ON:
        known = world.strangers(fans, 150)
        for helped in (True, False):
            person = world.account(fans**1.5 * 100, fans * 2)
            names.append(f"{fans} reactors" + (" and its bots" if helped else ""))
            for day in range(world.days_count):
                post = 1 + person * 100 + day
                world.act(day, known[day % 3 :: 3], person, post=post)
                if helped and day >= LIES_FROM:
                    world.act(day, bots, person, post=post)
                    world.act(day, bots[::4], person, Kind.RESHARE, post)
    scored = world.run()
    return {name: history(scored, place) for place, name in enumerate(names)}


KNOWN_FROM, OUTSIDERS, RING = 15, 20, 10


def server_standing() -> Lines:
    """Return three accounts of the same claims, on servers of which different people know.

    Of one, people of other networks get to know and act on its accounts, one more each day; ten
    servers in a ring act on one another's accounts every day; of the last nobody knows.
    """
    world = World(KNOWN_FROM + 30)
    followers, lists = 30_000, 300
    found = world.account(followers, lists, server="found.example")
    alone = world.account(followers, lists, server="alone.example")
    ring = [
        world.account(followers, lists, server=f"ring-{number}.example") for number in range(RING)
    ]
    for account in (found, alone, *ring):
        fans = world.strangers(60, 150)
        for day in range(world.days_count):
            world.act(day, fans[day % 3 :: 3], account, post=1 + account * 100 + day)
    outsiders = [world.account(150) for _ in range(OUTSIDERS)]
    for day in range(world.days_count):
        for number in range(RING):
            for other in range(RING):
                if other != number:
                    world.reply(day, ring[number], f"ring-{other}.example")
        for outsider in outsiders[: max(day - KNOWN_FROM, 0)]:
            world.reply(day, outsider, "found.example")
            # Like everybody, they act on others too.
            world.act(day, [world.key_of(outsider)], outsiders[day % OUTSIDERS], post=10**6 + day)
    scored = world.run()
    return {
        "people outside act on its server": history(scored, found),
        "in a ring of ten servers": history(scored, ring[0]),
        "nobody knows its server": history(scored, alone),
    }
