"""One person's history at once: from the reactions that a first sync brought, day by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from scoring import loading, starting
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.engines import DuckDB
from scoring.loading import Population, Reactors, Yesterday
from scoring.rollup import rollup
from scoring.scored_day import ScoredDay, first_day_of_window, with_post
from scoring.servers import servers
from scoring.versions import Timeline
from scoring.walk import Walk

# Pair rows and post rows.
Tables = tuple[pa.Table, pa.Table]
# What a day takes over from the day before, and of whom it speaks.
Before = tuple[Yesterday, Population]


@dataclass(frozen=True, slots=True)
class Part:
    """Days in a row under one version."""

    version: str
    # Whether pages show the version on these days.
    shown: bool
    people: Population
    scored: list[ScoredDay]


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the first scores of a person write."""

    # First day whose reactions the first scored day still reads, and the rows from there to it.
    start: date
    early: Tables
    # Whose reactions they are.
    rolled: Population
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class _Reacting:
    """Who reacted to the person's accounts, and the class of each, on all days."""

    person_id: int
    reactors: Reactors
    classes: loading.Integers


def history(person_id: int, days: list[date], timeline: Timeline) -> History | None:
    """Return the scores of one person on days in a row; None where nothing was synced yet.

    The reactors' trust is the newest one on all days.
    """
    spans = timeline.spans(days)
    rolled = loading.population(spans[-1].params, person_id)
    if not rolled.account_ids.size:
        return None
    reactors = loading.reactors(rolled.account_ids.tolist())
    who = _Reacting(person_id, reactors, loading.trust_classes(reactors.person_ids))
    start = min(first_day_of_window(span.days[0], span.params) for span in spans)
    rows = _rolled_up(start, days[-1], rolled, who, [span.params for span in spans])
    window = early = _until(rows[spans[0].params.version], days[0])
    before: Before | None = None
    parts = []
    for span in spans:
        tables = rows[span.params.version]
        if span.replaced is not None:
            last_day = span.days[:1]
            old, _ = _part(span.replaced, last_day, timeline, who, window, tables, before)
            parts.append(old)
        new, before = _part(span.params, span.days, timeline, who, window, tables, before)
        parts.append(new)
        window = (
            pa.concat_tables([window[0], *(row.pairs for row in new.scored)]),
            pa.concat_tables([window[1], *(with_post(row.posts) for row in new.scored)]),
        )
    return History(start, early, rolled, parts)


def _rolled_up(
    start: date, last: date, rolled: Population, who: _Reacting, versions: list[Params]
) -> Mapping[str, Tables]:
    """Return the rows of all days as each of the versions rolls them up."""
    found = {}
    known = servers(rolled, who.reactors, start, last, Model(versions[-1]), only=True)
    standing = known.standing(loading.number(last), who.classes, versions[-1])
    of_no_standing = known.without_standing(standing, versions[-1])
    with DuckDB() as engine:
        account_ids = rolled.account_ids.tolist()
        engine.put("interactions", [loading.interactions(start, last, account_ids)])
        engine.see("accounts", loading.owners(rolled))
        engine.see("reactors", loading.reactor_rows(who.reactors, who.classes, of_no_standing))
        for params in versions:
            expressions = rollup(params.audience_thresholds)
            found[params.version] = engine.run(expressions.pairs), engine.run(expressions.posts)
    return found


def _until(tables: Tables, day: date) -> Tables:
    """Return the rows before a day."""
    return loading.split(tables[0], day)[1], with_post(loading.split(tables[1], day)[1])


def _part(
    params: Params,
    days: list[date],
    timeline: Timeline,
    who: _Reacting,
    window: Tables,
    tables: Tables,
    before: Before | None,
) -> tuple[Part, Before]:
    """Return the days under a version, and what the day after them takes over."""
    model = Model(params)
    people = loading.population(params, who.person_id)
    given = starting.given(model, people, days[0], days[-1], who.reactors, who.classes)
    if before is None:
        version = timeline.yesterdays_version(days[0], params)
        taken_over = loading.yesterday(people, days[0], version)
    else:
        taken_over = loading.carried_over(*before, people)
    walk = Walk(given, *window, taken_over)
    nothing = loading.no_rows()
    pairs, _ = loading.split(tables[0], days[0])
    posts, _ = loading.split(tables[1], days[0])
    scored = [
        walk.step(day, pairs.get(day, nothing[0]), posts.get(day, nothing[1])) for day in days
    ]
    shown = timeline.shown_on(days[0]) is params
    return Part(params.version, shown, people, scored), (walk.before, people)
