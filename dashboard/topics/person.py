"""The topics of one person, as others see them, and +K for them."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.lookups import unavailable
from people.acting import acting_person
from people.models import Person, User
from people.queries import person_by_slug
from people.visibility import may_see
from scoring.core.params import CURRENT
from scoring.topics import plus_k
from scoring.topics.plus_k import CreditRow
from scoring.topics.queries import TopicRow, topics_of

_REFUSED: dict[type[plus_k.NotGiven], Promise] = {
    plus_k.ToOneself: gettext_lazy("+K is for others: nobody gives it to oneself or own brands."),
    plus_k.NotTheirTopic: gettext_lazy("That is not a topic that this person shows."),
    plus_k.GivenAlready: gettext_lazy(
        "You gave this person +K for the topic in the last seven days."
    ),
    plus_k.SpentForToday: gettext_lazy(
        "You gave all five of today. There are new ones after midnight UTC."
    ),
}


def refusal_words(why: plus_k.NotGiven) -> str:
    """Return why a credit was not given, in a sentence."""
    return str(_REFUSED[type(why)])


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic of the person with its credit."""

    topic: TopicRow
    credit: CreditRow | None


@never_cache
@require_safe
def person_topics(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody is influential about; the page that says no more to who may not see them."""
    person = person_by_slug(slug)
    if person is None or not may_see(person, request.user):
        return unavailable(request)
    user = request.user if isinstance(request.user, User) else None
    credit = plus_k.credits_of(person.pk, user)
    rows = topics_of([person.pk]).get(person.pk, [])
    own = user is not None and person.owner_id == user.pk
    context = {
        "person": person,
        "lines": [TopicLine(row, credit.get(row.topic_id)) for row in rows],
        "is_own": own,
        "may_give": user is not None and not own and plus_k.can_receive(person, user),
        "most": CURRENT.plus_k.most_points if CURRENT.plus_k is not None else None,
        "left": plus_k.left_today(user) if user is not None and not own else 0,
        "indexable": person.owner_id is not None and person.visibility == Person.Visibility.PUBLIC,
    }
    return render(request, "topics/person.html", context)


@login_required
@require_POST
def give_credit(request: HttpRequest, slug: str) -> HttpResponse:
    """Give +K to a person for a topic, or take it back."""
    giver, person = acting_person(request), person_by_slug(slug)
    assert isinstance(request.user, User)
    if person is None or not may_see(person, request.user):
        return unavailable(request)
    topic_id = request.POST.get("topic", "")[:100].replace("\0", "")
    if request.POST.get("act") == "take_back":
        if plus_k.take_back(request.user, person, topic_id):
            messages.success(request, _("Taken back."))
    else:
        _give(request, giver, person, topic_id)
    return redirect("dashboard:person_topics", person.slug)


def _give(request: HttpRequest, giver: Person, person: Person, topic_id: str) -> None:
    try:
        left = plus_k.give(giver, person, topic_id).left
    except plus_k.NotGiven as why:
        messages.error(request, refusal_words(why))
        return
    told = ngettext(
        "Given. You have %(count)d more for today.",
        "Given. You have %(count)d more for today.",
        left,
    )
    messages.success(request, told % {"count": left})
