"""Reads what a run of the scoring needs into arrays: who there is, levels, fetches, windows."""

from scoring.loading.accounts import Population, combined_networks, population
from scoring.loading.arrays import (
    DAY_LIMIT,
    EPOCH,
    Bools,
    Floats,
    Integers,
    floats,
    integers,
    number,
    positions,
)
from scoring.loading.before import Yesterday, carried_over, standings, trust_classes, yesterday
from scoring.loading.counts import Levels, levels
from scoring.loading.reactions import (
    INTERACTION_COLUMNS,
    PAIR_COLUMNS,
    POST_COLUMNS,
    Reactors,
    interactions,
    no_rows,
    owners,
    pair_rows,
    post_rows,
    reactor_rows,
    reactors,
    spans,
    split,
)
from scoring.loading.seen import Fetches, fetches

__all__ = [
    "DAY_LIMIT",
    "EPOCH",
    "INTERACTION_COLUMNS",
    "PAIR_COLUMNS",
    "POST_COLUMNS",
    "Bools",
    "Fetches",
    "Floats",
    "Integers",
    "Levels",
    "Population",
    "Reactors",
    "Yesterday",
    "carried_over",
    "combined_networks",
    "fetches",
    "floats",
    "integers",
    "interactions",
    "levels",
    "no_rows",
    "number",
    "owners",
    "pair_rows",
    "population",
    "positions",
    "post_rows",
    "reactor_rows",
    "reactors",
    "spans",
    "split",
    "standings",
    "trust_classes",
    "yesterday",
]
