"""Who may claim a perk: declared rules; facts in, a verdict with a sentence for each rule out.

Pure: asks no database, no clock, no settings. The texts are lazy, in the language of the reader.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may claim a perk, as its sponsor set it; None or empty: everybody."""

    least_score: int | None = None
    most_score: int | None = None
    # A score counts as far as it comes from accounts linked for so many days.
    linked_days: int = 14
    networks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    # ISO 3166-1 alpha-2.
    countries: tuple[str, ...] = ()
    least_age: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A person's score from the accounts that have been linked for so many days or more."""

    linked_days: int
    # 1 to 100, unrounded; from vouched data alone.
    score: float
    networks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask about a person."""

    # Longest linked first; more accounts with each step. Empty: nothing vouched is linked.
    steps: tuple[Step, ...] = ()
    # The score that the person's page shows; None without any.
    shown_score: float | None = None
    is_provisional: bool = True
    # A report or a removal hides the profile, or an account of it is opted out.
    is_hidden: bool = False
    topics: frozenset[str] = frozenset()
    # Asked with the claim; None: not yet.
    country: str | None = None
    age: int | None = None


class Answer(StrEnum):
    """How a rule comes out."""

    YES = "yes"
    NO = "no"
    # Nothing is kept about it, so it is asked with the claim.
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words: what is asked for, how it comes out, and the person's own value."""

    rule: str
    answer: Answer
    wanted: Text
    # What the person has, and what is missing.
    own: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """All rules of a perk for one person."""

    lines: tuple[Line, ...]

    @property
    def qualifies(self) -> bool:
        """Return whether no rule speaks against a claim; some may still be asked."""
        return all(line.answer is not Answer.NO for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Return whether every rule is met and nothing is left to be asked."""
        return all(line.answer is Answer.YES for line in self.lines)

    @property
    def missing(self) -> tuple[Line, ...]:
        """Return the rules that are not met."""
        return tuple(line for line in self.lines if line.answer is Answer.NO)


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called on pages; an id without a name stands for itself."""

    networks: Mapping[str, Text] = field(default_factory=dict)
    topics: Mapping[str, Text] = field(default_factory=dict)
    countries: Mapping[str, Text] = field(default_factory=dict)


def shown(score: float) -> int:
    """Return a score as pages show it: whole, halves up. Rules compare what people see."""
    return math.floor(score + 0.5)


def step_of(facts: Facts, linked_days: int) -> Step | None:
    """Return the person's step of accounts linked for so many days, None without any."""
    found = [step for step in facts.steps if step.linked_days >= linked_days]
    return found[-1] if found else None


def judge(rules: Rules, facts: Facts, names: Names | None = None) -> Verdict:
    """Return the verdict: a line for each declared rule that the perk has."""
    names = names or Names()
    lines = [rule(rules, facts, names) for rule in DECLARED]
    return Verdict(tuple(line for line in lines if line is not None))


def describe(rules: Rules, names: Names | None = None) -> list[Text]:
    """Return what a perk asks for, in words, about nobody in particular."""
    return [line.wanted for line in judge(rules, Facts(), names or Names()).lines]


def _listed(ids: Sequence[str], names: Mapping[str, Text]) -> Text:
    return format_lazy(", ".join(["{}"] * len(ids)), *(names.get(i, i) for i in ids))


def _yes(met: bool) -> Answer:
    return Answer.YES if met else Answer.NO


def _is_open(rules: Rules, facts: Facts, names: Names) -> Line | None:
    """The profile is not hidden; said only where it is."""
    if not facts.is_hidden:
        return None
    return Line(
        "hidden",
        Answer.NO,
        _("A profile that is not hidden"),
        _("Yours is hidden, because somebody reported it or asked to remove it."),
    )


def _is_firm(rules: Rules, facts: Facts, names: Names) -> Line:
    wanted = _("A firm score, from networks whose data is vouched for")
    if facts.shown_score is None:
        own: Text = _("You have no score yet. Link a network to get one.")
    elif not facts.steps:
        own = _(
            "No network that you linked vouches for its data. Files of your own and servers that "
            "anyone can run do not count here."
        )
    elif facts.is_provisional:
        own = _("Yours is still provisional. It becomes firm with some more days of data.")
    else:
        return Line("firm", Answer.YES, wanted, _("Yours is firm."))
    return Line("firm", Answer.NO, wanted, own)


def _is_linked_long_enough(rules: Rules, facts: Facts, names: Names) -> Line | None:
    if rules.linked_days == 0:
        return None
    wanted = format_lazy(
        ngettext_lazy(
            "An account linked for {days} day or more",
            "An account linked for {days} days or more",
            rules.linked_days,
        ),
        days=rules.linked_days,
    )
    longest = max((step.linked_days for step in facts.steps), default=None)
    if longest is None:
        return Line("linked", Answer.NO, wanted, _("You have linked none that counts here."))
    if longest >= rules.linked_days:
        own = ngettext_lazy(
            "Yours has been linked for {days} day.",
            "Yours has been linked for {days} days.",
            longest,
        )
        return Line("linked", Answer.YES, wanted, format_lazy(own, days=longest))
    left = rules.linked_days - longest
    own = ngettext_lazy("{days} day is missing.", "{days} days are missing.", left)
    return Line("linked", Answer.NO, wanted, format_lazy(own, days=left))


def _is_within_scores(rules: Rules, facts: Facts, names: Names) -> Line | None:
    least, most = rules.least_score, rules.most_score
    if least is None and most is None:
        return None
    if most is None:
        wanted = format_lazy(_("A score of {least} or more"), least=least)
    elif least is None:
        wanted = format_lazy(_("A score of {most} or less"), most=most)
    else:
        wanted = format_lazy(_("A score from {least} to {most}"), least=least, most=most)
    step = step_of(facts, rules.linked_days)
    if step is None:
        return Line("score", Answer.NO, wanted, _("You have none that counts here yet."))
    value = shown(step.score)
    met = (least is None or value >= least) and (most is None or value <= most)
    if met or (least is not None and value < least):
        if met:
            own = format_lazy(_("Yours is {value}."), value=value)
        else:
            own = format_lazy(
                _("Yours is {value}: {points} more would do."),
                value=value,
                points=(least or 0) - value,
            )
    else:
        own = format_lazy(_("Yours is {value}, which is above."), value=value)
    if facts.shown_score is not None and value < shown(facts.shown_score):
        own = format_lazy(
            _("{own} (Only what comes from vouched networks, linked long enough, counts here.)"),
            own=own,
        )
    return Line("score", _yes(met), wanted, own)


def _has_network(rules: Rules, facts: Facts, names: Names) -> Line | None:
    if not rules.networks:
        return None
    wanted = format_lazy(
        _("An account on: {networks}"), networks=_listed(rules.networks, names.networks)
    )
    step = step_of(facts, rules.linked_days)
    have = [n for n in rules.networks if step is not None and n in step.networks]
    if have:
        own = format_lazy(_("You have: {networks}."), networks=_listed(have, names.networks))
        return Line("networks", Answer.YES, wanted, own)
    return Line("networks", Answer.NO, wanted, _("You have linked none of these long enough."))


def _has_topic(rules: Rules, facts: Facts, names: Names) -> Line | None:
    if not rules.topics:
        return None
    wanted = format_lazy(
        _("Influential about: {topics}"), topics=_listed(rules.topics, names.topics)
    )
    have = [topic for topic in rules.topics if topic in facts.topics]
    if have:
        own = format_lazy(_("You are, about: {topics}."), topics=_listed(have, names.topics))
        return Line("topics", Answer.YES, wanted, own)
    return Line("topics", Answer.NO, wanted, _("None of these is among your topics."))


def _is_in_country(rules: Rules, facts: Facts, names: Names) -> Line | None:
    if not rules.countries:
        return None
    wanted = format_lazy(
        _("You live in: {countries}"), countries=_listed(rules.countries, names.countries)
    )
    if facts.country is None:
        return Line("country", Answer.ASKED, wanted, _("Asked with the claim."))
    met = facts.country in rules.countries
    own = _("You said so.") if met else _("You said that you live elsewhere.")
    return Line("country", _yes(met), wanted, own)


def _is_old_enough(rules: Rules, facts: Facts, names: Names) -> Line | None:
    if rules.least_age is None:
        return None
    wanted = format_lazy(_("{age} years or older"), age=rules.least_age)
    if facts.age is None:
        own = _("The law asks for it. Asked with the claim; the date is not kept.")
        return Line("age", Answer.ASKED, wanted, own)
    met = facts.age >= rules.least_age
    return Line("age", _yes(met), wanted, _("You are.") if met else _("You are younger."))


# Every rule there is, in the order in which pages tell them.
DECLARED: tuple[Callable[[Rules, Facts, Names], Line | None], ...] = (
    _is_open,
    _is_firm,
    _is_within_scores,
    _is_linked_long_enough,
    _has_network,
    _has_topic,
    _is_in_country,
    _is_old_enough,
)
