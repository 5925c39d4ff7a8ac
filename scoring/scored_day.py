"""What a walk is given, and what it comes to on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.anonymous import Anonymous
from scoring.audience import Audience
from scoring.core.integrity import DiscountKind
from scoring.core.model import Model
from scoring.core.params import Params
from scoring.explanations import Why
from scoring.inputs import Discounted
from scoring.loading import Bools, Fetches, Floats, Integers, Population, Reactors
from scoring.plus_k import Credits
from scoring.servers import Servers


@dataclass(frozen=True, slots=True)
class Given:
    """What a walk knows of the whole range from its start."""

    model: Model
    people: Population
    audience: Audience
    fetches: Fetches
    reactors: Reactors
    servers: Servers
    # Classes that hold on all days, one for each of `reactors` (first scores of one person);
    # None: yesterday's.
    fixed_classes: Integers | None = None
    # The days, since 1970, on which a kind of discount is not made: (first, last), each (A,).
    lifted: Mapping[DiscountKind, tuple[Integers, Integers]] = field(default_factory=dict)
    # Reactions without names; None: nobody has any.
    anonymous: Anonymous | None = None
    # +K that people gave one another; None: nobody did.
    credits: Credits | None = None


@dataclass(frozen=True, slots=True)
class ScoredDay:
    """Everything that a day's run writes."""

    day: date
    pairs: pa.Table
    posts: pa.Table
    value: Floats
    low: Floats
    high: Floats
    provisional: Bools
    mass: Floats
    trust_class: Integers
    why: Why
    discounts: list[Discounted]
    # post id, account index, points of the day, distinct people in the window.
    moment_posts: Integers
    moment_accounts: Integers
    moment_points: Floats
    moment_people: Integers
    interactions_count: int
    missing_accounts_count: int
    # (P,) people none of whose accounts may count in a score: they get none. None: nobody.
    without_score: Bools | None = None
    # Of each server that anyone can run: people who act on it, and the mass up to which each of
    # its accounts counts.
    standing: Floats = field(default_factory=lambda: np.zeros(0))
    level: Floats = field(default_factory=lambda: np.zeros(0))


def window_days(params: Params) -> int:
    """Return how many days back reactions are looked at, carried days included."""
    half_lives = [m.half_life_days for m in params.measures if m.half_life_days is not None]
    return int(np.ceil(params.window_half_lives * max(half_lives))) + params.carried_days


def with_post(rows: pa.Table) -> pa.Table:
    """Return the post rows of which there is a post: the rest are reactions to none."""
    return rows.filter(pc.not_equal(rows["post_id"], 0))


def first_day_of_window(day: date, params: Params) -> date:
    """Return the first day whose rows the scoring of `day` still reads."""
    return day - timedelta(days=window_days(params) - 1)
