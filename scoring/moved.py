"""By how much a version of the model moves people, as it is kept and shown."""

from dataclasses import asdict, dataclass, field
from typing import Any

# Scores are told by ranges of so many points.
RANGE_POINTS = 10


@dataclass(frozen=True, slots=True)
class RangeRow:
    """The people whose score was in a range, and how they move."""

    # lowest ≤ score < lowest + 10; the last one up to 100.
    lowest: int
    people_count: int
    up_count: int  # by more than a point
    down_count: int  # by more than a point
    mean_points: float


@dataclass(frozen=True, slots=True)
class Moved:
    """By how much another version moves people; of nobody in particular."""

    # The day that was scored under both, as if the version began on it (ISO).
    day: str
    compared_with: str
    # People with a score under both, and under one of them only.
    people_count: int
    one_only_count: int
    # Moved by more than so many points.
    over_1_count: int
    over_3_count: int
    over_5_count: int
    mean_points: float
    largest_up: float
    largest_down: float
    # Spearman; None where there are too few people or all have one score.
    rank_correlation: float | None
    # People whose rise the daily limit holds back under the version.
    held_back_count: int
    # Stored scores that come out otherwise today, under the version that they were stored under:
    # rows came in, or discounts were lifted, since. No part of the movement.
    changed_since_count: int
    ranges: list[RangeRow] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; `from_json` gives back an equal Moved."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Moved":
        """Return what `to_json` gave."""
        return cls(**{**body, "ranges": [RangeRow(**row) for row in body["ranges"]]})
