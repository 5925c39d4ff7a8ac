"""In which of sixteen styles somebody publishes, from what they did: never a part of the score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

# What is looked at: as long as the usual range of the page of the score.
WINDOW_DAYS = 90
# Least that must have been seen. With twenty acts the share of one kind has a standard error of at
# most 11 per cent; two weeks hold every day of the week twice; ten uses tell one topic from five.
LEAST_ACTS = 20
LEAST_DAYS = 14
LEAST_SPREAD = 10
# Half of all uses on one of five topics in effect is neither broad nor focused; of people, one
# speaks with more: twenty.
MIDDLE_TOPICS = 5.0
MIDDLE_PEOPLE = 20.0


class Style(StrEnum):
    """The sixteen styles, row by row of the map (`GRID`)."""

    SYNDICATOR = "syndicator"
    FEEDER = "feeder"
    THOUGHT_LEADER = "thought_leader"
    PUNDIT = "pundit"
    DABBLER = "dabbler"
    CONVERSATIONALIST = "conversationalist"
    SOCIALIZER = "socializer"
    NETWORKER = "networker"
    CURATOR = "curator"
    BROADCASTER = "broadcaster"
    TASTE_MAKER = "taste_maker"
    CELEBRITY = "celebrity"
    OBSERVER = "observer"
    EXPLORER = "explorer"
    ACTIVIST = "activist"
    SPECIALIST = "specialist"


# From left to right: sharing focused, sharing broad, creating broad, creating focused. From top to
# bottom: participating consistent, participating casual, listening casual, listening consistent.
# The order is a Gray code, so that neighbours – around the edges too – differ by one axis.
GRID: tuple[tuple[Style, ...], ...] = tuple(
    tuple(list(Style)[row * 4 : row * 4 + 4]) for row in range(4)
)


class AxisName(StrEnum):
    """What an axis is about; at −1 the first word, at 1 the second."""

    SHARING_CREATING = "sharing_creating"
    LISTENING_PARTICIPATING = "listening_participating"
    BROAD_FOCUSED = "broad_focused"
    CASUAL_CONSISTENT = "casual_consistent"


class Missing(StrEnum):
    """Why there is no style yet."""

    ACTS = "acts"
    DAYS = "days"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Activity:
    """What somebody did in the window, over all accounts; numbers of acts, ≥ 0."""

    # Posts that answer nobody, without and with a link.
    own_posts: int = 0
    link_posts: int = 0
    reshares: int = 0
    # Replies, quotes and mentions: words to somebody.
    talk: int = 0
    # Hashtag → posts that use it; where hardly any is used, other person → acts upon them.
    topics: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[int, int] = field(default_factory=dict)
    # Days with an act of any kind, and days of the window that are known.
    active_days: int = 0
    seen_days: int = 0

    @property
    def acts(self) -> int:
        """Acts that are published: posts, reshares, replies, quotes and mentions."""
        return self.own_posts + self.link_posts + self.reshares + self.talk


@dataclass(frozen=True, slots=True)
class Axis:
    """Where somebody stands on an axis, with the evidence."""

    name: AxisName
    # −1 … 1; at and above 0 the second word of the axis holds. None: not enough was seen.
    value: float | None
    # What speaks for the first and for the second word, in acts; for BROAD_FOCUSED how many
    # topics or people it is in effect, and of how many uses; for CASUAL_CONSISTENT active
    # days, and days seen.
    first: float
    second: float
    # BROAD_FOCUSED: whether people were counted instead of topics.
    of_people: bool = False


@dataclass(frozen=True, slots=True)
class StyleFound:
    """A style with its four axes; None with the reason where too little was seen."""

    style: Style | None
    axes: tuple[Axis, ...]
    missing: Missing | None = None


def style_of(activity: Activity) -> StyleFound:
    """Return the style of somebody's activity, or what is missing for one.

    Notes
    -----
    - sharing–creating: posts of one's own against reshares and posts with a link, (c − s)/(c + s).
    - listening–participating: words to others against posts and reshares, (t − p)/(t + p).
    - broad–focused: `effective_number` of topics, or of people where hashtags are rare, D:
      (m − D)/(m + D − 2), which is 1 for one topic, 0 for the middle number m, towards −1 for many.
    - casual–consistent: 2 · (active days / days seen) − 1.

    What a network does not tell (reshares on some) is not seen, and the evidence says how much was.
    """
    shared = activity.reshares + activity.link_posts
    said = activity.own_posts + shared
    axes = (
        Axis(
            AxisName.SHARING_CREATING,
            _balance(shared, activity.own_posts),
            shared,
            activity.own_posts,
        ),
        Axis(AxisName.LISTENING_PARTICIPATING, _balance(said, activity.talk), said, activity.talk),
        _spread(activity),
        _regularity(activity),
    )
    missing = _missing(activity, axes)
    return StyleFound(None if missing else _named(axes), axes, missing)


def effective_number(uses: npt.ArrayLike) -> float:
    """Return among how many equally frequent things the uses would be as spread as they are, ≥ 1.

    Parameters
    ----------
    uses : array_like of int
        How often each thing was used; at least two uses in all.

    Notes
    -----
    1 / Σ n(n − 1)/(N(N − 1)): Hill's number of order 2 with Simpson's unbiased estimate
    (Simpson, "Measurement of Diversity", Nature 163, 1949; Hill, Ecology 54, 1973). Where nothing
    was used twice it is N, the most that so few uses can show.
    """
    counts = np.asarray(uses, dtype=np.float64)
    total = float(counts.sum())
    if total < 2 or np.any(counts < 0):
        raise ValueError("the spread of fewer than two uses is not known")
    same = float((counts * (counts - 1)).sum()) / (total * (total - 1))
    return min(1.0 / same, total) if same > 0 else total


def cell_of(style: Style) -> tuple[int, int]:
    """Return the row and column of a style on the map, each 0–3."""
    place = list(Style).index(style)
    return place // 4, place % 4


def _balance(first: int, second: int) -> float | None:
    total = first + second
    return (second - first) / total if total else None


def _spread(activity: Activity) -> Axis:
    for uses, middle, of_people in (
        (list(activity.topics.values()), MIDDLE_TOPICS, False),
        (list(activity.people.values()), MIDDLE_PEOPLE, True),
    ):
        total = sum(uses)
        if total >= LEAST_SPREAD:
            number = effective_number(uses)
            value = (middle - number) / (middle + number - 2.0)
            return Axis(AxisName.BROAD_FOCUSED, value, number, total, of_people)
    return Axis(AxisName.BROAD_FOCUSED, None, 0.0, sum(activity.topics.values()))


def _regularity(activity: Activity) -> Axis:
    active, seen = activity.active_days, activity.seen_days
    value = None if seen < LEAST_DAYS else 2.0 * min(active / seen, 1.0) - 1.0
    return Axis(AxisName.CASUAL_CONSISTENT, value, active, seen)


def _missing(activity: Activity, axes: tuple[Axis, ...]) -> Missing | None:
    if activity.seen_days < LEAST_DAYS:
        return Missing.DAYS
    if activity.acts < LEAST_ACTS or any(axis.value is None for axis in axes[:2]):
        return Missing.ACTS
    return Missing.SPREAD if axes[2].value is None else None


def _named(axes: tuple[Axis, ...]) -> Style:
    creating, participating, focused, consistent = (
        axis.value is not None and axis.value >= 0 for axis in axes
    )
    column = (2 if creating else 0) + (1 if creating == focused else 0)
    row = (0 if participating else 2) + (1 if participating != consistent else 0)
    return GRID[row][column]
