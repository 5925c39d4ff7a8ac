"""Walks from any day on: everything that they need is in the rows of the days before."""

from datetime import date, timedelta

from scoring import discounts, loading, plus_k
from scoring.anonymous import anonymous
from scoring.audience import audience
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.loading import Population
from scoring.scored_day import Given, first_day_of_window, window_days
from scoring.servers import servers
from scoring.walk import Walk


def walk_from(
    params: Params, first: date, last: date, yesterdays_version: str
) -> tuple[Walk, Population]:
    """Return the walk of everybody from a day on, under a version, and whom it scores.

    The rows of the day before are those of `yesterdays_version`. Reactions come from the stored
    pair rows, with the trust classes that were in use on their days.
    """
    model = Model(params)
    people = loading.population(params)
    start, before = first_day_of_window(first, params), first - timedelta(days=1)
    known = given(model, people, first, last, loading.reactors())
    walk = Walk(known, *loading.no_rows(), loading.yesterday(people, first, yesterdays_version))
    while start <= before:
        # A week at a time: on their way here rows take several times what the walk keeps of them.
        end = min(start + timedelta(days=6), before)
        walk.remember(loading.pair_rows(start, end), loading.post_rows(start, end))
        start = end + timedelta(days=1)
    return walk, people


def given(
    model: Model,
    people: Population,
    first: date,
    last: date,
    reactors: loading.Reactors,
    fixed_classes: loading.Integers | None = None,
) -> Given:
    """Return what a walk from first to last knows from its start."""
    known = first if fixed_classes is None else first_day_of_window(first, model.params)
    return Given(
        model,
        people,
        audience(people, known, last, model.params),
        loading.fetches(people, known, last, model.params.carried_days),
        reactors,
        servers(people, reactors, known, last, model, only=fixed_classes is not None),
        fixed_classes,
        discounts.lifted(people, model.params),
        anonymous(people, first, last, window_days(model.params), model.params),
        plus_k.credits_given(people, first, last, model.params, only=fixed_classes is not None),
    )
