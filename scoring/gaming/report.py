"""What each attack gained, as one table: in points of the score, in all and for each attacker."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.gaming.attacks import Attack
from scoring.gaming.measures import MEASURES, OURS, Both
from scoring.gaming.observed import Observed

# People whom nobody attacks must not move by more between the two runs: else an attack on one
# would be counted at another.
CALM_POINTS = 0.5


@dataclass(frozen=True, slots=True)
class Attacked:
    """What was attacked in one row of the table, with the law that speaks of it.

    `names`: the people as they are called in the runs. `limit` as of scoring.gaming.attacks.
    """

    word: str
    title: str
    attackers: int
    level: str
    names: tuple[str, ...]
    limit: float | None = None
    inclusive: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Gain:
    """One row: an attack on people of one level, and what it brought by each measure."""

    attacked: Attacked
    # Score before the attack, mean of the attacked.
    score: float
    # Points gained by each measure: of one attacked person (the sum, where the attackers are the
    # attacked), for each attacker, and the largest of one person.
    in_all: dict[str, float]
    each: dict[str, float]
    largest: dict[str, float]

    @property
    def is_met(self) -> bool | None:
        """Return whether the law holds; None where no law speaks of the attack."""
        limit, gained = self.attacked.limit, self.largest[OURS]
        if limit is None:
            return None
        # What is not seen in the ninth digit is no gain.
        return gained <= limit + 1e-9 if self.attacked.inclusive else gained < limit

    def as_dict(self) -> dict[str, object]:
        """Return the row for JSON."""
        attacked = self.attacked
        return {
            "attack": attacked.word,
            "title": attacked.title,
            "attackers": attacked.attackers,
            "target": attacked.level,
            "score_before": self.score,
            "points": self.in_all,
            "points_per_attacker": self.each,
            "largest_of_one_person": self.largest,
            "limit": attacked.limit,
            "limit_inclusive": attacked.inclusive,
            "met": self.is_met,
        }


def rows_of(attack: Attack, by_level: Sequence[tuple[str, tuple[str, ...]]]) -> list[Attacked]:
    """Return the rows of an attack: one for each level, with the people attacked there."""
    return [
        Attacked(
            attack.word,
            attack.title,
            attack.attackers,
            level,
            names,
            attack.limit,
            attack.inclusive,
            attack.own,
        )
        for level, names in by_level
    ]


def gains(rows: Sequence[Attacked], both: Both, control: Observed, first_day: int) -> list[Gain]:
    """Return what was gained from the first day of the attacks on, a row for each."""
    place = {name: number for number, name in enumerate(control.names.tolist())}
    found = []
    for row in rows:
        people = np.array([place[name] for name in row.names], dtype=np.int64)
        by_measure = {name: both.gains(name, people, first_day) for name in MEASURES}
        sums = {
            name: float(gain.sum() if row.own else gain.max()) for name, gain in by_measure.items()
        }
        found.append(
            Gain(
                row,
                float(np.nanmean(control.scores[people, first_day - 1])),
                sums,
                {name: total / row.attackers for name, total in sums.items()},
                {name: float(gain.max()) for name, gain in by_measure.items()},
            )
        )
    return found


def moved_bystanders(control: Observed, attacked: Observed, calm: np.ndarray) -> float:
    """Return by how many points a person whom nobody attacks moved at most, on any day."""
    apart = np.abs(attacked.scores[calm] - control.scores[calm])
    return float(np.nanmax(apart, initial=0.0))


HEADER = (
    "attack",
    "attackers",
    "target",
    *(f"{name}" for name in MEASURES),
    *(f"{name}, each" for name in MEASURES),
    "law",
    "",
)


def cells(gain: Gain) -> tuple[str, ...]:
    """Return the row's texts in the order of HEADER."""
    attacked = gain.attacked
    law = ""
    if attacked.limit is not None:
        law = f"{'≤' if attacked.inclusive else '<'} {attacked.limit:g}"
        if attacked.own and attacked.attackers > 1:
            law += " for each"
    met = {None: "", True: "met", False: "missed"}[gain.is_met]
    return (
        attacked.title,
        f"{attacked.attackers:,}",
        f"{attacked.level}, at {gain.score:.0f}",
        *(_points(gain.in_all[name]) for name in MEASURES),
        *(_small(gain.each[name]) for name in MEASURES),
        law,
        met,
    )


def plain(found: Sequence[Gain]) -> str:
    """Return the table with aligned columns, for a terminal."""
    lines = [HEADER, *(cells(gain) for gain in found)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(HEADER))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n in (0, 2) else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def markdown(found: Sequence[Gain]) -> str:
    """Return the table for docs/evaluation.md."""
    lines = [HEADER, ("---",) * len(HEADER), *(cells(gain) for gain in found)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _points(value: float) -> str:
    return f"{value + 0.0:.2f}"


def _small(value: float) -> str:
    return f"{value + 0.0:.4f}"
