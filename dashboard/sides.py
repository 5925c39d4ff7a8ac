"""Reach, amplification and network in words."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.describe import one_decimal
from scoring.core.model import Model
from scoring.core.params import by_version
from scoring.core.parts import Parts
from scoring.core.subscores import Amounts, Subscores, subscores


@dataclass(frozen=True, slots=True)
class SideLine:
    """One side of a score as the page tells it."""

    name: str
    # 1–100; None where no network of the person tells it.
    value: float | None
    sentence: str


_UNTOLD: Promise = gettext_lazy("No linked network tells this.")
_NOBODY: Promise = gettext_lazy("Nobody has reacted lately.")


def side_lines_of(parts: Parts) -> list[SideLine]:
    """Return the three sides of a score that is made of these parts."""
    return side_lines(subscores(parts, Model(by_version(parts.version))))


def side_lines(found: Subscores) -> list[SideLine]:
    """Return the three sides with a sentence on what each is made of."""
    amounts = found.amounts
    return [
        SideLine(_("Reach"), found.reach, _told(found.reach, amounts, _reach(amounts))),
        SideLine(
            _("Amplification"),
            found.amplification,
            _told(found.amplification, amounts, _amplification(amounts)),
        ),
        SideLine(_("Network"), found.network, _told(found.network, amounts, _network(amounts))),
    ]


def _told(value: float | None, amounts: Amounts, sentence: str) -> str:
    if value is None:
        return str(_UNTOLD)
    # Less than a tenth of a person is left of reactions of weeks ago.
    return sentence if amounts.people >= 0.1 else str(_NOBODY)


def _reach(amounts: Amounts) -> str:
    people = amounts.people
    return _("Different people who react: about %(people)s. Older reactions count less.") % {
        "people": number_format(round(people), 0, force_grouping=True)
        if people >= 10
        else one_decimal(people)
    }


def _amplification(amounts: Amounts) -> str:
    return _("Of a hundred who react, about %(number)s reshare or quote.") % {
        "number": number_format(round(100 * amounts.rate), 0)
    }


def _network(amounts: Amounts) -> str:
    return _("By their own influence, each stands for %(number)s ordinary people on average.") % {
        "number": one_decimal(amounts.mean_standing)
    }
