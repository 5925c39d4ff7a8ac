"""A goal of one's own: set, changed, deleted, and told of in kind words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard.charts import Aim
from dashboard.describe import day_words, one_decimal, rounded
from people.acting import acting_person
from people.goals import delete_goals, set_goal
from scoring.marks import GoalMark
from scoring.queries import latest_score

# A goal is for the next two years: nobody can tell further.
MOST_DAYS_AHEAD = 730
# What the form offers at first: so many points more, in so many days.
OFFERED_POINTS, OFFERED_DAYS = 5, 90


class GoalForm(forms.Form):
    """A score and a day."""

    target = forms.IntegerField(
        min_value=1,
        max_value=100,
        error_messages={
            name: gettext_lazy("A goal is a whole number from 1 to 100.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    until = forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={
            name: gettext_lazy("Please choose the day by which you want to be there.")
            for name in ("required", "invalid")
        },
    )

    def __init__(self, *args: object, today: date, now: float | None) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.today, self.now = today, now

    def clean_target(self) -> int:
        """Return the number; one that is reached already is no goal."""
        target = int(self.cleaned_data["target"])
        if self.now is not None and round(self.now) >= target:
            raise forms.ValidationError(
                _("You are there already, at %(now)s: choose a higher number.")
                % {"now": rounded(self.now)}
            )
        return target

    def clean_until(self) -> date:
        """Return the day, after today and within two years."""
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + timedelta(days=MOST_DAYS_AHEAD):
            raise forms.ValidationError(_("Please choose a day within the next two years."))
        return until


@dataclass(frozen=True, slots=True)
class GoalCard:
    """A goal as the page tells it."""

    goal_id: int
    target: int
    until: date
    # "open", "over" (the day has passed) or "reached".
    state: str
    sentence: str
    # How much of the way is done, 0–1; None where that says nothing.
    share: float | None


@dataclass(frozen=True, slots=True)
class Goals:
    """The card of goals: the one that counts now, those reached, and what the form holds."""

    current: GoalCard | None
    reached: list[GoalCard]
    # The form's values and bounds.
    target: int
    until: date
    least_until: date
    most_until: date


def goals_of(goals: Sequence[GoalMark], now: float, today: date) -> Goals:
    """Return the goals in words; `now` is the newest score."""
    cards = [goal_card(goal, now, today) for goal in goals]
    current = next((card for card in cards if card.state != "reached"), None)
    offered = min(round(now) + OFFERED_POINTS, 100)
    return Goals(
        current=current,
        reached=[card for card in cards if card.state == "reached"],
        target=current.target if current else offered,
        until=current.until
        if current and current.until > today
        else today + timedelta(days=OFFERED_DAYS),
        least_until=today + timedelta(days=1),
        most_until=today + timedelta(days=MOST_DAYS_AHEAD),
    )


def goal_card(goal: GoalMark, now: float, today: date) -> GoalCard:
    """Return a goal in words."""
    if goal.reached_on is not None:
        return GoalCard(
            goal.goal_id, goal.target, goal.until, "reached", _reached_words(goal), None
        )
    left_days = (goal.until - today).days
    if left_days < 0:
        words = _(
            "The day has passed, and you are at %(now)s. A score takes its time: choose another "
            "day or another number whenever you like."
        )
        return GoalCard(
            goal.goal_id,
            goal.target,
            goal.until,
            "over",
            words % {"now": one_decimal(now)},
            _share(goal, now),
        )
    words = f"{_way_words(goal, now)} {_left_words(left_days)}"
    return GoalCard(goal.goal_id, goal.target, goal.until, "open", words, _share(goal, now))


def _way_words(goal: GoalMark, now: float) -> str:
    values = {
        "now": one_decimal(now),
        "left": one_decimal(max(goal.target - now, 0.0)),
        "start": one_decimal(goal.start_value or now),
        "done": one_decimal(now - (goal.start_value or now)),
    }
    if goal.start_value is not None and now > goal.start_value:
        return (
            _(
                "From %(start)s when you set it to %(now)s now: %(done)s points done, "
                "%(left)s to go."
            )
            % values
        )
    return _("You are at %(now)s now: %(left)s points to go.") % values


def _left_words(days: int) -> str:
    if days == 0:
        return _("Today is the day.")
    return ngettext("%(days)s day is left.", "%(days)s days are left.", days) % {"days": days}


def _reached_words(goal: GoalMark) -> str:
    assert goal.reached_on is not None
    early = (goal.until - goal.reached_on).days
    values = {"target": goal.target, "day": day_words(goal.reached_on), "days": early}
    if early == 0:
        return _("You reached %(target)s on %(day)s, just in time. Well done!") % values
    return (
        ngettext(
            "You reached %(target)s on %(day)s, %(days)s day before you had to. Well done!",
            "You reached %(target)s on %(day)s, %(days)s days before you had to. Well done!",
            early,
        )
        % values
    )


def _share(goal: GoalMark, now: float) -> float | None:
    if goal.start_value is None or goal.target <= goal.start_value:
        return None
    return min(max((now - goal.start_value) / (goal.target - goal.start_value), 0.0), 1.0)


def aim_of(goals: Sequence[GoalMark], first: date, today: date) -> Aim | None:
    """Return the open goal as the chart draws it; None without one, or when its day has passed."""
    goal = next((goal for goal in goals if goal.reached_on is None), None)
    if goal is None or goal.until < max(first, today):
        return None
    words = _("Goal: %(target)s by %(day)s") % {
        "target": goal.target,
        "day": day_words(goal.until),
    }
    return Aim(goal.target, min(goal.created_on, today), goal.until, words)


@never_cache
@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Set one's own goal or change it; a second click does the same again."""
    person = acting_person(request)
    score = latest_score(person.pk)
    now = score.value if score else None
    form = GoalForm(request.POST, today=datetime.now(UTC).date(), now=now)
    if form.is_valid():
        set_goal(
            person,
            target=form.cleaned_data["target"],
            until=form.cleaned_data["until"],
            start_value=now,
        )
        messages.success(request, _("Your goal is set. Only you see it."))
    else:
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
    return redirect(reverse("dashboard:score") + "#goal")


@never_cache
@login_required
@require_POST
def delete(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Delete a goal of one's own; another's is not there."""
    person = acting_person(request)
    if not delete_goals(person, [goal_id]):
        raise Http404
    messages.success(request, _("The goal is deleted."))
    return redirect(reverse("dashboard:score") + "#goal")
