"""Numbers that make one whole, rounded so that what is shown makes that whole too; pure.

Each rounded alone, three thirds are 33 + 33 + 33, and 99.6 and 0.4 are "100 %" beside "<1 %". What
is left over goes to the largest remainders (the quota of Hare), so that the order stays.
"""

import math
from collections.abc import Sequence

from django.utils.formats import number_format

from dashboard.describe import NO_BREAK

PER_CENT = 100


def apportioned(values: Sequence[float], whole: int) -> list[int]:
    """Return whole numbers that sum to `whole`, each the floor of its value or one more.

    The values sum to about `whole`. Of remainders that are alike the first ones count.
    """
    floors = [math.floor(value) for value in values]
    by_remainder = sorted(range(len(values)), key=lambda n: floors[n] - values[n])
    for n in by_remainder[: max(whole - sum(floors), 0)]:
        floors[n] += 1
    return floors


def hundredths(shares: Sequence[float], whole: int = PER_CENT) -> list[int]:
    """Return shares of one whole in per cent that sum to `whole`; 0 stands for less than one.

    Those below one per cent are not rounded up one by one: together they take what they make, and
    one per cent at least, so that nothing is all of it beside something else.
    """
    total = sum(shares)
    if total <= 0 or whole <= 0:
        return [0] * len(shares)
    exact = [PER_CENT * share for share in shares]
    large = [n for n, value in enumerate(exact) if value >= 1]
    small = sum(value for value in exact if value < 1)
    left = whole - max(round(small), 1) if small > 0 and large else whole
    found = [0] * len(shares)
    if large:
        of_large = sum(exact[n] for n in large)
        scaled = [exact[n] * left / of_large for n in large]
        for n, value in zip(large, apportioned(scaled, left), strict=True):
            found[n] = value
    return found


def percents(shares: Sequence[float], whole: int = PER_CENT) -> list[str]:
    """Return shares of one whole as "62 %", those below one per cent as "<1 %"."""
    return [
        percent_words(value, share)
        for value, share in zip(hundredths(shares, whole), shares, strict=True)
    ]


def percent_words(hundredth: int, share: float) -> str:
    """Return a rounded share in words; `share` tells nothing from less than one per cent."""
    if hundredth <= 0 < share:
        return f"<1{NO_BREAK}%"
    return f"{number_format(hundredth, 0)}{NO_BREAK}%"


def tenths(points: Sequence[float]) -> list[float]:
    """Return points with one decimal each that sum to their sum with one decimal."""
    exact = [10 * value for value in points]
    return [value / 10 for value in apportioned(exact, round(sum(exact)))]
