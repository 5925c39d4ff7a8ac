"""What a version of the model is made of: units, weights, limits, each a named number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Family(StrEnum):
    """What a measure says of an account."""

    AUDIENCE = "audience"
    STANDING = "standing"
    REACTION = "reaction"
    QUALITY = "quality"
    CONCENTRATION = "concentration"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Measure:
    """One input of the model and its curve, in points:

    weight · log2(1 + x / unit) + start_weight · log2(1 + min(x, start_until) / unit).

    Attributes
    ----------
    name : str
        The column of the input, the same on all networks.
    family : Family
    unit : float
        The amount of x at which the first doubling is complete; in the unit of x, > 0.
    weight : float
        Points per doubling of x far above `unit`; ≥ 0.
    start_weight : float
        Further points per doubling up to `start_until`; ≥ 0.
    start_until : float
        Amount of x at which the steeper start of the curve ends; in the unit of x, ≥ 0.
    half_life_days : float or None
        Time in which a reaction's count halves; None for levels (followers, lists).
    typical : float
        For reactions: people of this measure for one distinct reactor, over typical accounts;
        for lists: lists per follower. A signal that a network cannot give is imputed from it;
        0 where it is never imputed.
    """

    name: str
    family: Family
    unit: float
    weight: float
    start_weight: float = 0.0
    start_until: float = 0.0
    half_life_days: float | None = None
    typical: float = 0.0


@dataclass(frozen=True, slots=True)
class Integrity:
    """What is not counted in full, and from where on (scoring.core.integrity)."""

    # Common partners of a pair from which the pair is taken as one of a dense group: not at all
    # up to the first number, wholly from the second on.
    ring_partners: tuple[float, float]
    # Share of the partners that are common, likewise.
    ring_density: tuple[float, float]
    # People of one's own dense groups count up to ring_share · other people + ring_people ...
    ring_share: float
    ring_people: float
    # ... and above that by this weight each.
    ring_floor: float
    # Highest trust class of low standing, and how many such people count: share · others + people.
    low_class: int
    low_share: float
    low_people: float
    # An audience may grow over `step_days` days at first by this factor and so many people.
    step_days: int
    step_factor: float
    step_people: float
    # So many followers are vouched for by each ordinary person who reacts.
    followers_per_reactor: float
    # A count that moves by more than this factor in a day is held a day; with so many added
    # to both sides, since small counts move by large factors.
    held_factor: float
    held_people: float
    # All accounts of a server that anyone can run may come to one account of so many followers,
    # and to one more for each ordinary person who acts on its accounts from outside ...
    neutral_followers: float
    # ... which fades with this half-life, and is looked at for so many days.
    server_half_life_days: float
    server_days: int
    # Share of a server's standing that its own people can pass on.
    server_damping: float
    # Under this standing, in ordinary people, people who live on a server are of unknown standing.
    server_least_standing: float
    # So many opted-out people, of whom not even the server is known, count on one account.
    nameless_people: float
    # A lifted discount stays lifted for so many days.
    lifted_days: int
    # Discounts under so many points are neither stored nor shown.
    least_points: float


@dataclass(frozen=True, slots=True)
class PlusK:
    """What +K, the credit that people here give one another, may add (scoring.core.plus_k).

    Attributes
    ----------
    most_points : float
        Points that it comes near and never reaches, however much there is; > 0.
    half_people : float
        Ordinary people whose credit brings half of them; > 0.
    days : int
        Days for which a credit counts; it fades evenly over them.
    receivers : float
        Whom somebody credits at a time counts in full up to so many people; beyond, all of them
        share that.
    least_people : float
        Who acts on fewer people than this is taken to act on so many, where their trust is read.
    """

    most_points: float
    half_people: float
    days: int
    receivers: float
    least_people: float


@dataclass(frozen=True, slots=True)
class Params:
    """A version of the model. Never edited after its release, only superseded."""

    version: str
    measures: tuple[Measure, ...]
    # log of person mass per point; mass = exp(beta · strength) - 1.
    beta: float
    # The scale is 1 + strength up to this score and bends towards 100 above it.
    linear_until_score: float
    # Pairs and posts older than so many half-lives are not looked at.
    window_half_lives: float
    # Weight of a reactor of trust class 0 (unknown) … 7, in ordinary people.
    class_weights: tuple[float, ...]
    # Least number of followers of classes 1 … 7.
    audience_thresholds: tuple[float, ...]
    # Least mass of a scored person that has a standing of its own; below: class 0.
    standing_mass: float
    # Trust (mass per distinct person acted on) of an ordinary person.
    ordinary_trust: float
    # So many ordinary people are added when the population's trust is normalised.
    prior_people: float
    # Ratio of trust between one class and the next.
    class_ratio: float
    # A class is kept up to so far, in steps of class_ratio, beyond its edge.
    class_margin: float
    # Reactors of unknown standing count together at most share · known + people.
    unknown_share: float
    unknown_people: float
    top_posts_count: int
    # Anonymous counts add at most so many points to a person.
    anonymous_max_points: float
    # People per anonymous reaction at the start of the occupancy rule.
    anonymous_people_per_reaction: float
    cap_points_per_day: float
    # An unfetched day is carried for so many days, then fades.
    carried_days: int
    # Standard normal quantile of the band: ± so many standard deviations.
    band_deviations: float
    provisional_under_days: float
    provisional_over_points: float
    # Standard deviation, in points, of a strength of which only one day was observed.
    unobserved_points: float
    # Share of an imputed or anonymous part that is its standard deviation.
    imputed_deviation_share: float
    # Counts above this are refused: more than there are people online.
    max_count: float
    integrity: Integrity
    # Networks whose accounts make up one score, in alphabetical order, as far as their terms allow
    # it. Any other is kept apart, with a score of its own.
    networks: tuple[str, ...]
    # What is added here later has a default under which earlier versions stay what they are: it is
    # left out of the digest where it stands at its default.
    # Networks whose typical amounts differ: network → measure → factor on `unit`.
    unit_factors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    # None: +K is no part of the score.
    plus_k: PlusK | None = None
