"""Laws 3, 5, 6 and 7: one more network, time away, a popular post."""

from connectors.types import Kind
from scoring.laws.scenario import Lines, added, discounted
from scoring.simulation import World, history

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
        "before the daily limit": added(shown, held),
        "if all counted": added(added(shown, held), discounted(scored, person)),
    }
