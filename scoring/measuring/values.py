"""The value of every signal of some accounts, from a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from connectors import registry
from connectors.types import Direction
from scoring.measuring.levels import Counts, counts, model_inputs
from scoring.measuring.people import People, people
from scoring.measuring.posts import Posts, posts
from scoring.measuring.rows import ratio
from scoring.signals import State, signals_for
from scoring.signals.recipes import (
    Engagement,
    Gained,
    How,
    Level,
    ModelInput,
    OwnSite,
    PeopleOf,
    PostCount,
    PostRatio,
    Ratio,
    Recipe,
    Responses,
    Written,
)

# Signal id → value in the signal's unit; None: the network does not tell it, or of nothing.
Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What was read of one account."""

    now: Counts
    before: Counts
    inputs: Counts
    posts: Posts
    people: People


def measured(accounts: Mapping[int, str], day: date) -> dict[int, Values]:
    """Return the values of all counted signals of each account, given with its network, on a day.

    Four queries. Reactions are those of 28 days, posts those of 90 days to `day`.
    """
    if not accounts:
        return {}
    ids = list(accounts)
    levels, inputs = counts(ids, day), model_inputs(ids, day)
    written = posts(ids, day)
    federated = any(registry.network(name).federated for name in set(accounts.values()))
    acted = people(ids, day, federated=federated)
    found: dict[int, Values] = {}
    for account, network in accounts.items():
        now, before = levels.get(account, ({}, {}))
        told = _Rows(now, before, inputs.get(account, {}), written[account], acted[account])
        found[account] = {
            signal.id: _value(signal.recipe, told)
            for signal in signals_for(network)
            if signal.state is State.COUNTED
        }
    return found


def _value(recipe: Recipe, told: _Rows) -> float | None:
    """Return what a recipe makes of an account's rows."""
    match recipe:
        case ModelInput(measure):
            return told.inputs.get(measure)
        case OwnSite():
            # Of the person, and of none of the accounts.
            return None
        case Level(count):
            return told.now.get(count)
        case Gained(count):
            now, before = told.now.get(count), told.before.get(count)
            return None if now is None or before is None else now - before
        case Ratio(above, below):
            return ratio(told.now.get(above), told.now.get(below))
        case PostCount(count, how):
            return told.posts.counts.get((count, how))
        case PostRatio(above, below):
            sums = told.posts.counts
            return ratio(sums.get((above, How.SUM)), sums.get((below, How.SUM)))
        case Engagement(per_follower):
            typical = told.posts.reactions_typical
            if not per_follower or typical is None:
                return typical
            return ratio(1_000 * typical, told.now.get("followers"))
        case Written(what):
            return told.posts.writing.get(what)
        case Responses(answer):
            return told.people.responses.get(answer)
        case PeopleOf(kind, sent):
            direction = Direction.SENT if sent else Direction.RECEIVED
            return told.people.kinds.get((kind, direction), 0.0)
