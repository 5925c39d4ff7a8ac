"""Which e-mails somebody wants, and the rows by which each is sent once."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.utils import timezone

from people import consent
from people.models import LetterPlan, Person, User
from people.mornings import RHYTHMS, next_letter, zone_of

GOALS, ANSWERS = "goals", "answers"
# What a link in a letter stops.
WHAT = ("digest", GOALS, ANSWERS)
_SALT = "people.letters.stop"


def plan_of(person: Person) -> LetterPlan:
    """Return what the person chose; an unsaved row that wants nothing before any choice."""
    return LetterPlan.objects.filter(person=person).first() or LetterPlan(person=person)


def has_address(user: User) -> bool:
    """Return whether there is a confirmed address to write to. One query."""
    return bool(EmailAddress.objects.filter(user=user, verified=True).exists())


def choose(person: Person, *, rhythm: str, goals: bool, answers: bool | None = None) -> None:
    """Store the choice and what it agrees to; a choice also ends a pause after a refusal.

    None for `answers` leaves what was chosen there.
    """
    if rhythm not in ("", *RHYTHMS):
        raise ValueError(f"no such rhythm: {rhythm}")
    with transaction.atomic():
        plan, _new = LetterPlan.objects.select_for_update().get_or_create(person=person)
        before = _words(plan)
        if plan.rhythm != rhythm or plan.refused_at is not None:
            plan.next_at = _next(person, rhythm)
        plan.rhythm, plan.goals, plan.refused_at = rhythm, goals, None
        plan.answers = plan.answers if answers is None else answers
        plan.save()
        after = _words(plan)
        for word in sorted(before ^ after):
            consent.record(word, given=word in after, person=person)


def _words(plan: LetterPlan) -> set[str]:
    """Return what the plan agrees to, in the words of people.consent."""
    letters = {word for word in (plan.rhythm, GOALS if plan.goals else "") if word}
    return {f"letters:{word}" for word in letters} | ({"answers"} if plan.answers else set())


def choose_answers(person: Person, *, wanted: bool) -> None:
    """Choose the letters about questions and answers, and leave the others as they are."""
    plan = plan_of(person)
    choose(person, rhythm=plan.rhythm, goals=plan.goals, answers=wanted)


def stop(person: Person, what: str) -> None:
    """End the letters of a kind, as a link in one of them asks."""
    plan = plan_of(person)
    if what == GOALS:
        choose(person, rhythm=plan.rhythm, goals=False)
    elif what == ANSWERS:
        choose_answers(person, wanted=False)
    else:
        choose(person, rhythm="", goals=plan.goals)


def move_to_zone(user: User) -> None:
    """Plan the next letters anew: the morning is another one in another time zone."""
    plans = LetterPlan.objects.filter(person__owner=user, next_at__isnull=False)
    for plan in plans.select_related("person__owner"):
        plan.next_at = _next(plan.person, plan.rhythm)
        plan.save(update_fields=["next_at"])


def _next(person: Person, rhythm: str) -> datetime | None:
    if not rhythm or person.owner is None:
        return None
    zone = zone_of(person.owner.time_zone)
    return next_letter(rhythm, zone, person.pk, timezone.now())


def stop_token(person_id: int, what: str) -> str:
    """Return the word of a link that ends letters without signing in, and does nothing else."""
    return signing.dumps([person_id, what], salt=_SALT)


def read_token(token: str) -> tuple[int, str] | None:
    """Return person and kind of a link of ours; None of any other."""
    try:
        person_id, what = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (person_id, what) if what in WHAT else None
