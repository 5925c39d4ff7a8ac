"""Figures of docs/evaluation.md that everybody may read; a test holds them against the document."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    of: Promise
    value: float
    # Standard error; None where there is none.
    error: float | None
    # The first cells of its row in the document: evidence, of what, measure.
    row: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A question, how it was asked, its figures, and what they say, the unwelcome included."""

    id: str
    question: Promise
    how: Promise
    figures: tuple[Figure, ...]
    says: Promise


_JUDGED, _AUC = "human judgement", "AUC, account-disjoint"
_SPEARMAN, _NEXT = "Spearman", "Spearman with reactions per post"

EVIDENCE = (
    Evidence(
        "judgement",
        _("Which of two accounts do people call the more influential?"),
        _("2,477 judgements of people on pairs of accounts (2013). The figure is the chance that of a pair the score puts the same one first: 0.5 is a coin, 1 always right. It was asked on accounts that were not learned from."),
        (
            Figure(_("This score, weights learned anew"), 0.8693, 0.0163, (_JUDGED, "this score, weights learned anew", _AUC)),
            Figure(_("A regression without any constraint"), 0.8642, 0.0166, (_JUDGED, "logistic regression, all features, no constraint", _AUC)),
            Figure(_("Followers alone"), 0.8459, 0.0201, (_JUDGED, "followers", _AUC)),
            Figure(_("Points as Kred gave them"), 0.8462, 0.02, (_JUDGED, "points as Kred gave them", _AUC)),
        ),
        _("The score agrees with people about as well as a regression that may do anything; neither is shown to be better. What went into the score was chosen by people who had seen the pairs."),
    ),
    Evidence(
        "klout",
        _("Do accounts come out as Klout scored them?"),
        _("167 accounts of 2014 with their real Klout scores. The figure is how alike the two rankings are: 0 not at all, 1 the same. Their reactions are not known, so this score is from followers and lists alone."),
        (
            Figure(_("This score"), 0.8331, 0.0329, ("real Klout scores", "this score", _SPEARMAN)),
            Figure(_("Followers alone"), 0.7708, None, ("real Klout scores", "followers", _SPEARMAN)),
        ),
        _("Ranked alike, but 5.4 points lower on average, because the reactions are missing."),
    ),
    Evidence(
        "prediction",
        _("Does the score of today tell who moves people tomorrow?"),
        _("People ranked on one day, and the people who react to a post of theirs in the 14 days after it. Measured on the invented people of the sample network only; no real posts were at hand."),
        (
            Figure(_("This score"), 0.752, 0.0197, ("next window", "this score", _NEXT)),
            Figure(_("Followers alone"), 0.6186, 0.0315, ("next window", "followers", _NEXT)),
            Figure(_("Each person's own past mean"), 0.8518, 0.0237, ("next window", "own past mean", _NEXT)),
        ),
        _("Better than followers, and worse than a person's own past mean: there, reactions are a fixed trait of each person. The goal of beating it is not reached."),
    ),
    Evidence(
        "audience",
        _("How much of the score is just followers?"),
        _("The share of the differences between scores that followers alone explain, over the accounts of the pairs: 0 none, 1 all."),
        (
            Figure(_("This score"), 0.9372, None, ("audience", "accounts of the pairs", "R² of the score on log followers")),
            Figure(_("Klout's score"), 0.6317, None, ("audience", "Klout's score", "R² on log followers")),
        ),
        _("Most of it, and more than in Klout's: where reactions are not known, followers are nearly all there is."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attack on the score gains, in points, beside what it gains on other measures."""

    name: Promise
    ours: float
    raw: float
    # The first cells of its row: attack, attackers, target.
    row: tuple[str, str, str]


ATTACKS = (
    Attack(_("A thousand empty accounts like and reshare every post of somebody at 25"), 0.32, 61.53, ("empty accounts like and reshare every post", "1,000", "newcomer, at 25")),
    Attack(_("A pod of twenty, all of whom like and comment on all, each"), 1.4097, 11.0399, ("a pod: all like and comment on all", "20", "newcomer, at 25")),
    Attack(_("8,000 followers bought in a day by somebody at 25"), 6.91, 0.0, ("8,000 followers bought on a day", "8,000", "newcomer, at 25")),
    Attack(_("The same by somebody with nothing at all"), 23.71, 0.0, ("8,000 followers bought on a day", "8,000", "empty, at 1")),
)  # fmt: skip
