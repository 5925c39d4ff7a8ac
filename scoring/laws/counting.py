"""Laws 1, 2, 4, 8, 9 and 10: the scale, one more, posts without reactions, who and how many."""

import numpy as np

from connectors.types import Kind
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.laws.scenario import Lines
from scoring.simulation import World, history

# 2^32 is the last doubling below `Params.max_count`.
DOUBLINGS = 33
# A mix of reactions that is usual beside so many followers (the reference person's, rounded).
_MIX = {
    "followers": 1.0,
    "lists": 0.02,
    "likes": 0.002,
    "comments": 0.0008,
    "reshares": 0.0005,
    "mentions": 0.001,
    "quality": 0.005,
    "top_posts": 0.0025,
}


def scale() -> Lines:
    """Return the scores of an account of which everything doubles, from nothing to billions."""
    model = Model(CURRENT)
    amounts = np.concatenate([[0.0], 2.0 ** np.arange(DOUBLINGS)])
    lines: Lines = {}
    for name, mix in (
        ("everything doubles", _MIX),
        ("followers alone", {"followers": 1.0}),
        ("a thousand times the reactions", {**_MIX, "quality": 5.0, "likes": 2.0}),
    ):
        x = np.zeros((amounts.size, len(model.measures)))
        for measure, share in mix.items():
            x[:, model.measures.index(measure)] = np.minimum(amounts * share, CURRENT.max_count)
        lines[name] = model.evaluate(x, np.arange(amounts.size), amounts.size).raw.tolist()
    return lines


ONE_MORE_FROM = 15


def one_more() -> Lines:
    """Return a person, and the same with one reactor more from a day on: a nobody, or a star."""
    world = World(30)
    lines = {}
    for name, followers in (("as it is", None), ("and a nobody", 0), ("and a star", 500_000)):
        person = world.account(190)
        lines[name] = person
        fans = world.strangers(10, 150)
        more = [] if followers is None else world.strangers(1, followers)
        for day in range(world.days_count):
            post = 1 + person * 100 + day
            world.act(day, fans[day % 3 :: 3], person, post=post)
            if day >= ONE_MORE_FROM:
                world.act(day, more, person, post=post)
    scored = world.run()
    return {name: history(scored, person) for name, person in lines.items()}


def silent_posts() -> Lines:
    """Return people with the same reactions to a post a day: of one post a day, and of six."""
    world = World(30)
    people = {}
    for name, silent in (("one post a day", 0), ("six posts a day, five of them unheard", 5)):
        people[name] = person = world.account(190)
        fans = world.strangers(10, 150)
        for day in range(world.days_count):
            # The one that is heard is another of the six each day.
            heard = day % (silent + 1)
            post = 1 + person * 10_000 + day * 10 + heard
            world.act(day, fans[day % 3 :: 3], person, post=post)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


def fewer_posts() -> Lines:
    """Return people with the same ten reshares a day: of one post a day, of two, and of ten."""
    world = World(30)
    people = {}
    for number in (1, 2, 10):
        person = world.account(190)
        people[f"ten reshares a day of {number} post{'s' if number > 1 else ''}"] = person
        fans = world.strangers(100, 150)
        for day in range(world.days_count):
            today = fans[day % 10 :: 10]
            for place in range(number):
                post = 1 + person * 1_000 + day * 10 + place
                world.act(day, today[place::number], person, Kind.RESHARE, post)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


# How many people somebody who reacts to everybody acts on, besides.
EVERYBODY = 120


def who_reacts() -> Lines:
    """Return people on whom ten others act: nobodies, ordinary ones, stars, and busybodies."""
    world = World(30)
    people = {}
    for name, followers in (
        ("ten with no followers", 0),
        ("ten with 150 followers", 150),
        ("ten with 50,000 followers", 50_000),
    ):
        people[name] = person = world.account(190)
        _daily(world, world.strangers(10, followers), person)
    crowd = [world.account(20) for _ in range(EVERYBODY)]
    for name, busy in (
        ("ten members of 400 followers", False),
        ("the same, who react to everybody", True),
    ):
        people[name] = person = world.account(190)
        members = [world.account(400) for _ in range(10)]
        keys = [world.key_of(member) for member in members]
        _daily(world, keys, person)
        for day in range(world.days_count if busy else 0):
            for place, other in enumerate(crowd):
                if place % 5 == day % 5:
                    world.act(day, keys, other, post=500_000 + other * 100 + day)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


def people_not_events() -> Lines:
    """Return people with a hundred reshares by a hundred, and by three, and three by three."""
    world = World(30)
    people = {}
    for name, fans_count, times in (
        ("100 people, one reshare each a week", 100, 1),
        ("3 people, 33 reshares each a week", 3, 33),
        ("3 people, one reshare each a week", 3, 1),
    ):
        people[name] = person = world.account(190)
        fans = world.strangers(fans_count, 150)
        for day in range(world.days_count):
            today = [key for place, key in enumerate(fans) if place % 7 == day % 7]
            for turn in range(times):
                world.act(day, today, person, Kind.RESHARE, 1 + person * 10_000 + day * 40 + turn)
    scored = world.run()
    return {name: history(scored, person) for name, person in people.items()}


def _daily(world: World, keys: list[int], person: int) -> None:
    """Let a third of them like the person's post of the day, every day."""
    for day in range(world.days_count):
        world.act(day, keys[day % 3 :: 3], person, post=1 + person * 1_000 + day)
