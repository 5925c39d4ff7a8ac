"""What was not counted in full, told in plain words, and appeals against it."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard.catalogue import network_name
from people.acting import acting_person
from scoring import appeals
from scoring.core.integrity import DiscountKind
from scoring.discounts import DiscountRow, discounts_for
from scoring.models import APPEAL_CHARACTERS, Discount

_TITLES: dict[DiscountKind, Promise] = {
    DiscountKind.RECIPROCITY: gettext_lazy("A group that reacts to one another"),
    DiscountKind.SMALL_ACCOUNTS: gettext_lazy("Many very small accounts"),
    DiscountKind.FOLLOWER_STEP: gettext_lazy("Followers who came at once"),
    DiscountKind.HELD_COUNT: gettext_lazy("A count that seems misread"),
    DiscountKind.SERVER: gettext_lazy("What a server says of itself"),
    DiscountKind.PLUS_K: gettext_lazy("+K that people give one another"),
}
_SENTENCES: dict[DiscountKind, Promise] = {
    DiscountKind.RECIPROCITY: gettext_lazy(
        "About %(inside)s people who react to you are in a group in which nearly everybody reacts "
        "to everybody, you too; about %(outside)s are not. People of such a group count in full "
        "as far as they are no more than the others; beyond that each counts a twentieth."
    ),
    DiscountKind.SMALL_ACCOUNTS: gettext_lazy(
        "About %(small)s of the people who react to you have hardly any followers; about "
        "%(others)s have more. Very small accounts count up to the number of the others and "
        "twenty more."
    ),
    DiscountKind.FOLLOWER_STEP: gettext_lazy(
        "You have %(read)s followers; %(counted)s of them count so far. The others came faster "
        "than is usual, and reactions have not followed yet. They count as soon as reactions "
        "do, and little by little over four months in any case."
    ),
    DiscountKind.HELD_COUNT: gettext_lazy(
        "The network said %(read)s, which cannot be true or is a hundred times more or less than "
        "the day before. For a day we went on with %(counted)s."
    ),
    DiscountKind.SERVER: gettext_lazy(
        "All that we know of this account comes from its own server, and anyone can run a server. "
        "All accounts of such a server together count like one account of a hundred followers, "
        "and one more for each ordinary person on other servers who acts on accounts there. This "
        "account counts up to a score of %(score)s."
    ),
    DiscountKind.PLUS_K: gettext_lazy(
        "+K that you returned, or that comes from a group in which nearly everybody reacts to "
        "everybody, counts in full as far as it is no more than the other +K and one person's "
        "more; beyond that each counts a twentieth. +K of very small accounts counts up to that "
        "of the others and twenty more. Of the weight of about %(all)s ordinary people, about "
        "%(counted)s count."
    ),
}
_ANSWERS: dict[str, Promise] = {
    "open": gettext_lazy("You appealed. Nobody has decided yet."),
    "upheld": gettext_lazy("You appealed. Somebody looked at it, and the limit stays."),
    "lifted": gettext_lazy(
        "You appealed and were right: from the next daily update on it counts in full, for a year."
    ),
}


@dataclass(frozen=True, slots=True)
class DiscountLine:
    """One discount as the page tells it."""

    pk: int
    title: str
    sentence: str
    account: str
    since: date
    until: date
    active: bool
    points: float
    # What became of an appeal, "" without one.
    answer: str
    may_appeal: bool


class AppealForm(forms.Form):
    """The words of an appeal."""

    words = forms.CharField(max_length=APPEAL_CHARACTERS)


def discount_lines(person_id: int) -> list[DiscountLine]:
    """Return a person's discounts in words, the running ones first."""
    return [_line(row) for row in discounts_for(person_id)]


def _account(row: DiscountRow) -> str:
    if row.kind is DiscountKind.PLUS_K:
        # It is given to a person, and to none of the accounts.
        return "+K"
    return f"{network_name(row.network)} @{row.handle}" if row.network else ""


def _line(row: DiscountRow) -> DiscountLine:
    numbers = {
        name: number_format(round(value), force_grouping=True)
        for name, value in row.reason.items()
        if not isinstance(value, str)
    }
    return DiscountLine(
        pk=row.pk,
        title=str(_TITLES[row.kind]),
        sentence=str(_SENTENCES[row.kind]) % numbers,
        account=_account(row),
        since=row.since,
        until=row.until,
        active=row.active,
        points=row.points,
        answer=str(_ANSWERS[row.appeal]) if row.appeal else "",
        may_appeal=row.may_appeal,
    )


@never_cache
@login_required
@require_POST
def appeal(request: HttpRequest, discount_id: int) -> HttpResponse:
    """Take an appeal against a discount of one's own; another's is not there."""
    person = acting_person(request)
    form = AppealForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Please write why, in at most 2,000 characters."))
        else:
            appeals.appeal(person.pk, discount_id, form.cleaned_data["words"])
            messages.success(request, _("Thank you. Somebody will look at it."))
    except Discount.DoesNotExist:
        raise Http404 from None
    except appeals.NoAppeal:
        messages.error(request, _("This was appealed or lifted already."))
    return redirect(reverse("dashboard:score") + "#discounts")
