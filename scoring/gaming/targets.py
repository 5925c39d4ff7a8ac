"""Who is attacked: people made to measure on the sample network, at four levels of the score."""

from collections.abc import Mapping
from dataclasses import dataclass

# A quiet, steady person: one post every day, no wave, no story, reactions of strangers only, so
# that what happens to one target does not reach another through who follows whom.
_STEADY = {
    "per_day": 1.0,
    "fixed": 1.0,
    "weekend": 1.0,
    "swing": 0.0,
    "spread": 0.12,
    "growth": 0.0,
    "step": 0.0,
    "ramp": 0.0,
    "people_share": 0.0,
    "active_from": 0.0,
    "private": 0.0,
    "brand": 0.0,
    "age": 0.0,
    "indexable": 1.0,
}


@dataclass(frozen=True, slots=True)
class Level:
    """How strong an attacked account is before the attack.

    `about` is the score that it is made for; what it really has is measured. `per_post` is how
    many reactions a post gets, from `candidates` different people.
    """

    word: str
    about: int
    followers: int
    lists: int
    per_post: float
    candidates: int

    @property
    def traits(self) -> Mapping[str, float]:
        """Return the columns of the sample network's population that make such a person."""
        return {
            **_STEADY,
            "followers": float(self.followers),
            "lists": float(self.lists),
            "per_post": self.per_post,
            "candidates": float(max(self.candidates, 1)),
        }


EMPTY = Level("empty", 1, 0, 0, 0.0, 0)
NEWCOMER = Level("newcomer", 25, 30, 0, 0.6, 12)
# A member of a pod as law 12 means it: an ordinary person, with more reactors outside than none.
ORDINARY = Level("ordinary", 35, 240, 1, 1.0, 40)
KNOWN = Level("known", 45, 2_000, 20, 6.0, 150)
STRONG = Level("strong", 65, 60_000, 1_200, 60.0, 3_000)
LEVELS = (EMPTY, NEWCOMER, KNOWN, STRONG)


@dataclass(frozen=True, slots=True)
class Target:
    """An attacked account of the sample network, and further ones of the same person."""

    attack: str
    level: Level
    account: int
    others: tuple[int, ...] = ()

    @property
    def accounts(self) -> tuple[int, ...]:
        """Return all accounts of the attacked person, the first one first."""
        return (self.account, *self.others)
