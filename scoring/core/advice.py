"""What would help: at most three pieces of advice, each from the person's own numbers; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Pieces of advice that are given: more is none.
MOST = 3
# Somebody is worth an answer who is as influential as oneself, or a professional anyway (a score
# of 50; shared scale of docs/scoring.md).
PROFESSIONAL = 50.0
# A habit is told from so many people who wrote on; who answers a third of them talks with people.
LEAST_TALKED = 5
GOOD_SHARE = 1 / 3
# A best hour is worth telling where it surely brings a tenth more.
LEAST_LIFT = 0.1
# Points that another network as strong as the strongest must bring to be worth the work.
LEAST_POINTS = 0.5


class AdviceKind(StrEnum):
    """What could be done."""

    ANSWER = "answer"
    HABIT = "habit"
    HOUR = "hour"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Somebody who wrote and was not answered."""

    name: str
    # 1–100.
    score: float


@dataclass(frozen=True, slots=True)
class Situation:
    """A person's own numbers that advice is given from.

    Attributes
    ----------
    score : float
        1–100.
    unanswered : sequence of Unanswered
        Of the last 30 days, highest score first.
    talked, answered : int
        Different people who wrote within 30 days, and those of them who were answered.
    best_lift : float or None
        Reactions at the best hour relative to any, at least so much more for sure; None: no hour
        stands out, or too little is known.
    missing : sequence of str
        Networks that could be linked and are not.
    network_points : float
        Points that one more network as strong as the strongest would bring.
    """

    score: float
    unanswered: Sequence[Unanswered] = ()
    talked: int = 0
    answered: int = 0
    best_lift: float | None = None
    missing: Sequence[str] = ()
    network_points: float = 0.0


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice with the numbers that are its reason."""

    kind: AdviceKind
    people: tuple[Unanswered, ...] = ()
    count: int = 0
    total: int = 0
    lift: float = 0.0
    networks: tuple[str, ...] = ()
    points: float = 0.0


def advice_of(situation: Situation) -> list[Advice]:
    """Return at most three pieces of advice, what is quickest done first.

    An answer takes a minute, an hour is chosen the next time, a habit takes weeks, a network
    months. Nothing is said that the person's own numbers do not show.
    """
    rules = (_answer, _hour, _habit, _network)
    found = [advice for rule in rules if (advice := rule(situation)) is not None]
    return found[:MOST]


def _answer(situation: Situation) -> Advice | None:
    least = min(situation.score, PROFESSIONAL)
    worth = tuple(person for person in situation.unanswered if person.score >= least)
    if not worth:
        return None
    return Advice(AdviceKind.ANSWER, people=worth[:3], count=len(worth))


def _habit(situation: Situation) -> Advice | None:
    if situation.talked < LEAST_TALKED or situation.answered >= GOOD_SHARE * situation.talked:
        return None
    return Advice(AdviceKind.HABIT, count=situation.answered, total=situation.talked)


def _hour(situation: Situation) -> Advice | None:
    if situation.best_lift is None or situation.best_lift < LEAST_LIFT:
        return None
    return Advice(AdviceKind.HOUR, lift=situation.best_lift)


def _network(situation: Situation) -> Advice | None:
    if not situation.missing or situation.network_points < LEAST_POINTS:
        return None
    return Advice(
        AdviceKind.NETWORK,
        networks=tuple(situation.missing[:3]),
        points=situation.network_points,
    )
