"""+K: credit that people give one another for a topic – given, taken back, told, and gone in time.

What it adds to a score is the rule of scoring.core.plus_k, which the daily run follows
(scoring.plus_k).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from people.models import Person, User
from people.visibility import listed, may_see
from scoring.topics.models import AGAIN_DAYS, CREDITS_A_DAY, HOLDS_DAYS, KEPT_DAYS, Credit
from scoring.topics.queries import topics_of

# Givers who are named beside a topic; the others are a number.
NAMED = 5
# Rows that expire() removes at a time.
EXPIRED_AT_ONCE = 10_000


class NotGiven(Exception):
    """A credit that was not given; the class says why."""


class ToOneself(NotGiven):
    """The receiver is the giver, or another person or brand of the same user."""


class NotTheirTopic(NotGiven):
    """The receiver cannot be credited by this giver, or does not show the topic."""


class GivenAlready(NotGiven):
    """The same person got one for the topic in the last seven days."""


class SpentForToday(NotGiven):
    """All credits of the day are given."""


@dataclass(frozen=True, slots=True)
class Given:
    """A credit that was given."""

    credit_id: int
    # How many are left of today.
    left: int


def give(giver: Person, receiver: Person, topic_id: str) -> Given:
    """Give a credit. Raises NotGiven.

    However many requests come at once, the database lets five a day through, and one in seven
    days for a person and topic.
    """
    user = giver.owner
    if user is None:
        raise NotTheirTopic
    if receiver.owner_id == user.pk:
        raise ToOneself
    if not _may_receive(receiver, user, topic_id):
        raise NotTheirTopic
    now = timezone.now()
    with transaction.atomic():
        # Of one user one at a time, so that a second click finds what the first one did.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        taken = set(
            Credit.objects.filter(giver_user=user, day=now.date()).values_list("slot", flat=True)
        )
        free = [slot for slot in range(1, CREDITS_A_DAY + 1) if slot not in taken]
        recent = Credit.objects.filter(
            giver_user=user,
            receiver=receiver,
            topic_id=topic_id,
            day__gt=now.date() - timedelta(days=AGAIN_DAYS),
        )
        if recent.exists():
            raise GivenAlready
        if not free:
            raise SpentForToday
        try:
            made = Credit.objects.create(
                giver=giver,
                giver_user=user,
                receiver=receiver,
                topic_id=topic_id,
                day=now.date(),
                slot=free[0],
                at=now,
                expires_at=now + timedelta(days=HOLDS_DAYS),
            )
        except IntegrityError as error:
            raise GivenAlready from error
    return Given(made.pk, len(free) - 1)


def _may_receive(receiver: Person, user: User, topic_id: str) -> bool:
    """Return whether the receiver may be credited by the user, and shows the topic."""
    if not can_receive(receiver, user):
        return False
    shown = topics_of([receiver.pk]).get(receiver.pk, [])
    return any(row.topic_id == topic_id for row in shown)


def can_receive(receiver: Person, user: User) -> bool:
    """Return whether the receiver is public and nobody's mere look-up.

    Queries only for people without an owner.
    """
    if receiver.owner_id is None and not receiver.accounts.filter(network="sample").exists():
        # A profile that somebody looked up: its person did not ask for anything.
        return False
    return receiver.visibility == Person.Visibility.PUBLIC and may_see(receiver, user)


def take_back(user: User, receiver: Person, topic_id: str) -> bool:
    """Take the user's credits for a person and topic back; return whether there were any."""
    changed = Credit.objects.filter(
        _alive(), giver_user=user, receiver=receiver, topic_id=topic_id
    ).update(taken_back_at=timezone.now())
    return changed > 0


def take_back_these(credit_ids: Collection[int]) -> int:
    """Take these credits back as far as they still stand; return how many did."""
    if not credit_ids:
        return 0
    standing = Credit.objects.filter(_alive(), pk__in=list(credit_ids))
    return standing.update(taken_back_at=timezone.now())


def _alive() -> Q:
    return Q(taken_back_at__isnull=True, expires_at__gt=timezone.now())


@dataclass(frozen=True, slots=True)
class CreditRow:
    """What a person has for a topic."""

    # Different people who gave it.
    people_count: int
    # Those whose profile is public, (address, name), newest first, a few.
    givers: list[tuple[str, str]]
    # People beside them, in no order.
    more_count: int
    # True where the asking user gave one.
    is_mine: bool


def credits_of(person_id: int, user: User | None = None) -> dict[str, CreditRow]:
    """Return the credits of a person by topic; who gave them as far as they are public.

    Three queries at most, whatever the number of credits: of each giver and topic the newest.
    """
    rows = (
        Credit.objects.filter(_alive(), receiver_id=person_id)
        .order_by("topic_id", "giver_user_id", "-at")
        .distinct("topic_id", "giver_user_id")
        .values_list("topic_id", "giver_user_id", "giver_id", "at")[:20_000]
    )
    by_topic: dict[str, list[tuple[int, int, object]]] = defaultdict(list)
    for topic_id, user_id, giver_id, at in rows:
        by_topic[topic_id].append((user_id, giver_id, at))
    names = _public_names({giver for found in by_topic.values() for _, giver, _ in found})
    return {topic: _row(found, names, user) for topic, found in by_topic.items()}


def _row(
    found: list[tuple[int, int, object]],
    names: dict[int, tuple[str, str]],
    user: User | None,
) -> CreditRow:
    newest = sorted(found, key=lambda row: str(row[2]), reverse=True)
    givers = [names[giver] for _, giver, _ in newest if giver in names][:NAMED]
    mine = user is not None and any(user_id == user.pk for user_id, _, _ in found)
    return CreditRow(len(found), givers, len(found) - len(givers), mine)


def _public_names(person_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    people = Person.objects.filter(listed(), pk__in=list(person_ids))
    return {pk: (slug, name or slug) for pk, slug, name in people.values_list("pk", "slug", "name")}


def left_today(user: User) -> int:
    """Return how many credits the user may still give today. One query."""
    given = Credit.objects.filter(giver_user=user, day=timezone.now().date()).count()
    return max(CREDITS_A_DAY - given, 0)


def expire() -> int:
    """Remove credits that no day needs any more, a bounded number at a time; return how many.

    Past days can be scored again, as far back as somebody's first scores reach: until then what
    counted on them is kept, and told to nobody but the two in their own export.
    """
    needed = timezone.now() - timedelta(days=KEPT_DAYS)
    gone = Credit.objects.filter(expires_at__lte=needed).order_by("expires_at")
    ids = list(gone.values_list("pk", flat=True)[:EXPIRED_AT_ONCE])
    return Credit.objects.filter(pk__in=ids).delete()[0]
