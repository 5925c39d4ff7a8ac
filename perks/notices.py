"""Telling people, who asked for it, that they newly qualify for a perk; at most once for each."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from people import consent
from people.models import Person
from perks import candidates, letters
from perks.audit import acting_as
from perks.facts import rules_of
from perks.models import Followed, Notice, Perk, Wish

SALT = "perks.notices"
# One e-mail a day at most, with so many perks at most.
PAUSE = timedelta(hours=20)
MOST_TOLD = 8
MOST_LETTERS = 200

# Only people who asked are looked at, so this is as long as their list.
_NOTE = f"""
INSERT INTO perks_notice (perk_id, person_id, at)
SELECT %(perk)s, c.person_id, %(now)s
  FROM perks_wish w JOIN perks_candidate c ON c.person_id = w.person_id
 WHERE {candidates.QUALIFIES}
   AND NOT EXISTS (SELECT FROM perks_claim k
                    WHERE k.perk_id = %(perk)s AND k.person_id = w.person_id)
ON CONFLICT (perk_id, person_id) DO NOTHING
"""  # noqa: S608


def wishes(person: Person) -> bool:
    """Return whether the person wants these e-mails. One query."""
    return Wish.objects.filter(person=person).exists()


def wish(person: Person, *, wanted: bool) -> None:
    """Note that the person wants these e-mails, or no longer; a second click changes nothing."""
    with acting_as(person.owner):
        if wanted:
            _, changed = Wish.objects.get_or_create(person=person)
        else:
            changed = Wish.objects.filter(person=person).delete()[0] > 0
            Notice.objects.filter(person=person, sent_at=None).delete()
        if changed:
            consent.record("perk-notices", given=wanted, person=person)


def link_out(person_id: int) -> str:
    """Return the address that ends the e-mails without a sign-in."""
    token = signing.Signer(salt=SALT).sign(str(person_id))
    return settings.SITE_URL + reverse("perks:unsubscribe", args=[token])


def person_of(token: str) -> Person | None:
    """Return whose link that is; None for one that was not made here."""
    try:
        number = int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Person.objects.select_related("owner").filter(pk=number).first()


def follow(now: datetime) -> int | None:
    """Take up the newest scored day where that was not done; return how many are to be told.

    None where there is nothing new. All of it, or nothing, is kept.
    """
    run = candidates.newest_run()
    if run is None or Followed.objects.filter(day__gte=run.day, at__gte=run.finished_at).exists():
        return None
    with transaction.atomic():
        candidates.refresh(run.day)
        return sum(note(perk, now) for perk in _offered(now))


def _offered(now: datetime) -> list[Perk]:
    samples = [False, True] if settings.SAMPLE_NETWORK else [False]
    return list(
        Perk.objects.filter(
            Q(claim_until__gt=now),
            state=Perk.State.PUBLISHED,
            sponsor__is_active=True,
            is_sample__in=samples,
            taken__lt=F("stock"),
        ).order_by("published_at")
    )


def note(perk: Perk, now: datetime) -> int:
    """Note whom to tell of a perk: who asked, qualifies, and was not told; return how many."""
    values = candidates.parameters(rules_of(perk), sample=perk.is_sample, today=now.date())
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {**values, "perk": perk.pk, "now": now})
        return int(cursor.rowcount)


def send_due(now: datetime, most: int = MOST_LETTERS) -> int:
    """Send the e-mails that are due, one for each person; return how many people."""
    unsent = Notice.objects.filter(sent_at=None).values_list("person_id", flat=True)
    people = list(unsent.order_by("person_id").distinct()[:most])
    recent = dict(
        Notice.objects.filter(person_id__in=people, sent_at__gt=now - PAUSE)
        .values_list("person_id")
        .annotate(at=Max("sent_at"))
    )
    count = 0
    for person_id in people:
        if person_id not in recent:
            count += _send_to(person_id)
    return count


def _send_to(person_id: int) -> int:
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("perk__sponsor", "person__owner")
            .filter(person_id=person_id, sent_at=None)
            .order_by("at")
        )
        if not rows:
            return 0
        person = rows[0].person
        still = [row.perk for row in rows if row.perk.state == Perk.State.PUBLISHED]
        still = [perk for perk in still if perk.claim_until > now and perk.taken < perk.stock]
        if still:
            away = link_out(person_id)
            letters.send(
                person.owner,
                "qualify",
                {"perks": still[:MOST_TOLD], "away": away},
                **{
                    "List-Unsubscribe": f"<{away}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            )
        Notice.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now)
    return 1
