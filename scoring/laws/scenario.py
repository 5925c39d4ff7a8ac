"""What a scenario of a law is, and sums of its lines."""

from collections.abc import Callable
from dataclasses import dataclass

from scoring.core.integrity import DiscountKind
from scoring.scored_day import ScoredDay
from scoring.simulation import cost

Lines = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A law's scenario: its number, what the chart says, and how to play it."""

    law: int
    name: str
    title: str
    play: Callable[[], Lines]
    # What a step to the right is.
    across: str = "days"


def discounted(scored: list[ScoredDay], account: int) -> list[float]:
    """Return what all discounts together took off, day by day."""
    return [
        sum(values)
        for values in zip(*(cost(scored, account, k) for k in DiscountKind), strict=True)
    ]


def added(first: list[float], second: list[float]) -> list[float]:
    """Return the sums of two lines, day by day."""
    return [a + b for a, b in zip(first, second, strict=True)]
