"""What would help: at most three pieces of advice in words, each with its reason and its place."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from connectors import registry
from connectors.queries import can_link, own_accounts
from dashboard.catalogue import network_name
from dashboard.describe import one_decimal, percent, rounded
from dashboard.heat_map import clock, day_name
from people.acting import acting_person
from people.models import Person
from scoring.core.advice import Advice, AdviceKind, Situation, Unanswered, advice_of
from scoring.core.timing import Timing
from scoring.core.whatif import Change, what_if
from scoring.insights.answers import WINDOW_DAYS, answers_of
from scoring.insights.newest import Newest, newest_parts
from scoring.insights.times import timing_of


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """A piece of advice: what to do, why, and where."""

    title: str
    reason: str
    url: str
    link: str


@never_cache
@login_required
@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """What would help one's own score; the score's page shows a part of this page."""
    person = acting_person(request)
    return render(request, "score/advice.html", advice_context(person) | {"tab": "advice"})


def advice_context(person: Person) -> dict[str, Any]:
    """Return what the template reads. Five queries."""
    newest = newest_parts(person.pk)
    if newest is None:
        return {"advice": None}
    now = datetime.now(UTC)
    zone = timezone.get_current_timezone()
    assert isinstance(zone, ZoneInfo)
    timing = timing_of(person.pk, zone, now)
    answers = answers_of(person.pk, now.date())
    found = advice_of(
        Situation(
            score=newest.parts.raw - newest.parts.held_back,
            unanswered=[
                Unanswered(talk.who.name, talk.who.score)
                for talk in answers.unanswered.named
                if talk.who.score is not None
            ],
            talked=answers.talked_count,
            answered=answers.answered_count,
            best_lift=timing.best[0].at_least if timing.best else None,
            missing=_missing(person.pk),
            network_points=_network_points(newest),
        )
    )
    return {"advice": [_line(piece, timing) for piece in found]}


def _missing(person_id: int) -> list[str]:
    """Return the networks that could be linked; none to who has two or more already."""
    linked = {account.network for account in own_accounts(person_id)}
    if len(linked) > 1:
        return []
    return [
        network.id
        for network in registry.enabled()
        if network.id not in linked and network.policy.may_combine and can_link(network)
    ]


def _network_points(newest: Newest) -> float:
    strongest = max(newest.parts.networks.items(), key=lambda item: item[1].mass, default=None)
    if strongest is None:
        return 0.0
    return what_if(newest.parts, Change(added_like=strongest[0]), newest.model).points


def _line(piece: Advice, timing: Timing) -> AdviceLine:
    people = reverse("dashboard:moments_people")
    if piece.kind is AdviceKind.ANSWER:
        return AdviceLine(
            _("Answer %(name)s") % {"name": piece.people[0].name},
            _answer_words(piece),
            people,
            _("People worth answering"),
        )
    if piece.kind is AdviceKind.HABIT:
        words = ngettext(
            "%(total)s person wrote to you in the last %(days)s days, and you answered %(count)s. "
            "People who are answered come back.",
            "%(total)s people wrote to you in the last %(days)s days, and you answered %(count)s. "
            "People who are answered come back.",
            piece.total,
        )
        values = {"total": piece.total, "days": WINDOW_DAYS, "count": piece.count}
        return AdviceLine(
            _("Answer a few more of those who write"),
            words % values,
            people,
            _("People worth answering"),
        )
    if piece.kind is AdviceKind.HOUR:
        return _hour_line(timing)
    return AdviceLine(
        _("Link one more network"),
        _(
            "You have one network here. Another as strong as it would add about %(points)s points; "
            "you could link %(networks)s."
        )
        % {
            "points": one_decimal(piece.points),
            "networks": ", ".join(network_name(network) for network in piece.networks),
        },
        reverse("dashboard:networks"),
        _("To the networks"),
    )


def _answer_words(piece: Advice) -> str:
    named = ", ".join(f"{person.name} ({rounded(person.score)})" for person in piece.people)
    words = ngettext(
        "%(named)s wrote to you in the last %(days)s days and has no answer yet.",
        "%(named)s wrote to you in the last %(days)s days and have no answer yet.",
        len(piece.people),
    )
    more = piece.count - len(piece.people)
    told = words % {"named": named, "days": WINDOW_DAYS}
    if not more:
        return told
    also = ngettext(
        "So did %(more)s other of as much influence.",
        "So did %(more)s others of as much influence.",
        more,
    )
    return f"{told} {also % {'more': more}}"


def _hour_line(timing: Timing) -> AdviceLine:
    best = timing.best[0]
    when = _("%(day)s %(time)s") % {"day": day_name(best.weekday), "time": clock(best.minute)}
    return AdviceLine(
        _("Post on %(when)s") % {"when": when},
        _(
            "Posts at that time get %(lift)s more reactions in their first day than at any other, "
            "most likely at least %(least)s more. From %(posts)s posts of the last eight weeks."
        )
        % {
            "lift": percent(best.lift),
            "least": percent(best.at_least),
            "posts": timing.posts,
        },
        reverse("dashboard:times"),
        _("Best times to post"),
    )
