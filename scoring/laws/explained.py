"""Laws 11 and 13: what is not known, and explanations that add up."""

import json
from itertools import accumulate, pairwise

from connectors.types import Kind
from scoring.core import explain
from scoring.core.explain import Parts
from scoring.core.model import Model
from scoring.core.params import CURRENT, by_version
from scoring.explanations import bodies
from scoring.laws.scenario import Lines
from scoring.scored_day import ScoredDay
from scoring.simulation import World, history

MISSED_FROM, SHORT, LONG = 15, 5, 14


def days_not_fetched() -> Lines:
    """Return people whose days were fetched, were not for five days, and were not for fourteen.

    Reactions of missed days are seen, and counted, on the first day fetched again.
    """
    world = World(MISSED_FROM + LONG + 11)
    people = {}
    for name, missed in (("fetched", 0), ("5 days missed", SHORT), ("14 days missed", LONG)):
        people[name] = person = world.account(190, 1)
        gap = range(MISSED_FROM, MISSED_FROM + missed)
        world.miss(person, gap)
        fans = world.strangers(30, 150)
        for day in range(world.days_count):
            seen = gap.stop if day in gap else day
            world.act(seen, fans[day % 3 :: 3], person, post=1 + person * 100 + day)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


def signal_not_given() -> Lines:
    """Return a person on a network that tells all, on one without lists, and one who has none."""
    world = World(20)
    people = {}
    for name, lists in (("30 lists", 30), ("lists cannot be told", 0), ("no lists", 0)):
        people[name] = person = world.account(1_450, lists)
        if name == "lists cannot be told":
            world.hide(person, "lists")
        fans = world.strangers(30, 150)
        for day in range(world.days_count):
            world.act(day, fans[day % 3 :: 3], person, post=1 + person * 100 + day)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


def parts_add_up() -> Lines:
    """Return a score that moves, and its first value plus the parts of each day's change."""
    world = World(50)
    person = world.account(lambda day: 300 + 2 * day, 4)
    world.account(lambda day: 40 if day < 25 else 90, of=person)
    fans, crowd = world.strangers(40, 150), world.strangers(600, 150)
    for day in range(world.days_count):
        if not 28 <= day < 38:
            world.act(day, fans[day % 5 :: 5], person, post=1 + day)
    world.act(20, crowd, person, Kind.RESHARE, 21)
    scored = world.run()
    told = parts_of(scored)
    model = Model(CURRENT)
    changes = [explain.change(before, after, model) for before, after in pairwise(told)]
    shown = history(scored)
    steps = [sum(part.points for part in parts) for parts in changes]
    return {
        "the score": shown,
        "its first value and all parts since": list(accumulate(steps, initial=shown[0])),
        "of which new": _of(changes, shown[0], positive=True),
        "of which fading": _of(changes, shown[0], positive=False),
    }


CHANGED_ON = 25


def another_version() -> Lines:
    """Return a person's score while another version of the model takes the place of the shown one.

    Both are computed for the day of the change. The last line is the first value plus all parts of
    changes since: each version's own, and the model's part on that day.
    """
    world = World(50)
    person = world.account(lambda day: 300 + 20 * day, 4)
    fans = world.strangers(60, 150)
    for day in range(world.days_count):
        world.act(day, fans[day % 4 :: 4], person, post=1 + day)
    before, after = (world.run(by_version(version)) for version in ("2026.11", "2026.12"))
    told = [*parts_of(before[: CHANGED_ON + 1]), *parts_of(after[CHANGED_ON:])]
    old = Model(by_version("2026.11"))
    new = Model(by_version("2026.12"))
    models = [old] * (CHANGED_ON + 1) + [new] * (world.days_count - CHANGED_ON)
    steps = [
        sum(part.points for part in explain.change(*pair, model))
        for pair, model in zip(pairwise(told), models[1:], strict=True)
    ]
    # Two steps on the day of the change: its reactions, then the model.
    steps[CHANGED_ON - 1 : CHANGED_ON + 1] = [sum(steps[CHANGED_ON - 1 : CHANGED_ON + 1])]
    lines = history(before), history(after)
    return {
        "2026.11": lines[0],
        "2026.12, a candidate": lines[1],
        "shown": lines[0][:CHANGED_ON] + lines[1][CHANGED_ON:],
        "first value and all parts since": list(accumulate(steps, initial=lines[0][0])),
    }


def parts_of(scored: list[ScoredDay], person: int = 0) -> list[Parts]:
    """Return the explanations of a person as they are stored, day by day."""
    return [
        Parts.from_json(json.loads(next(bodies(day.why, len(day.value)))[person].as_py()))
        for day in scored
    ]


def _of(changes: list[list[explain.ChangePart]], start: float, *, positive: bool) -> list[float]:
    steps = [
        sum(part.points for part in parts if (part.points > 0) is positive) for parts in changes
    ]
    return list(accumulate(steps, initial=start))
