"""Hiding and removing profiles on request: of strangers, of reporters, of proven owners."""

import hmac
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from people import erasure, kept_pages, networks, opt_out
from people.models import Person, Report
from people.networks import NamedAccount

HIDDEN_DAYS = 30
# After an operator looked at a report and showed the profile again, the next one waits for them:
# nobody is kept hidden by a stranger who reports each month.
TRUSTED_AFTER_DECISION_DAYS = 180

Purpose = Literal["remove", "lift"]


def hide(people: Q) -> int:
    """Hide those people for 30 days from now; a longer hiding stays. Return how many."""
    until = timezone.now() + timedelta(days=HIDDEN_DAYS)
    ids = list(Person.objects.filter(people).values_list("pk", flat=True))
    kept_pages.drop_soon(ids)
    return Person.objects.filter(pk__in=ids).update(hidden_until=Greatest(F("hidden_until"), until))


def remove_without_proof(account: NamedAccount) -> None:
    """Hide the account for 30 days: nobody sees or fetches it. The answer tells nothing.

    Works the same for an account that is unknown here, and does not weaken a proven opt-out.
    """
    opt_out.opt_out(account.network, account.names, proven=False)
    found = networks.people_named([account])
    if found:
        hide(Q(pk__in=[person.pk for person in found]))


def proof_code(account: NamedAccount, purpose: Purpose, day: date) -> str:
    """Return the code that shows, in the profile's text, that the account's owner asks for this.

    Nothing is stored: the code follows from the account, the purpose and the day, under a key.
    """
    names = sorted(opt_out.normalised(name) for name in account.names if name)
    message = "\0".join((purpose, account.network, *names, day.isoformat())).encode()
    digest = hmac.new(settings.OPT_OUT_KEY.encode(), message, sha256).hexdigest()
    return f"klout-{purpose}-{digest[:20]}"


def shows_proof(account: NamedAccount, purpose: Purpose) -> NamedAccount | None:
    """Return the account with all its names if its profile text holds a code of the last 7 days.

    One request to the network. None also where the account is absent or cannot be read.
    """
    found = networks.profile_text(account)
    if found is None:
        return None
    full, text = found
    today = timezone.now().date()
    codes = (proof_code(account, purpose, today - timedelta(days=back)) for back in range(7))
    return full if any(code in text for code in codes) else None


def remove_with_proof(account: NamedAccount) -> None:
    """Keep the account away for good: an unclaimed profile is erased, a claimed one goes private.

    `account` comes from shows_proof (or from its signed-in owner), with all its names.
    """
    opt_out.opt_out(account.network, account.names, proven=True)
    for person in networks.people_named([account]):
        if person.owner_id is None:
            erasure.erase(person)
        else:
            Person.objects.filter(pk=person.pk).update(visibility=Person.Visibility.PRIVATE)
            kept_pages.drop_soon([person.pk])


def lift_with_proof(account: NamedAccount) -> None:
    """Take back the removal: the account may be looked up and linked again."""
    opt_out.lift(account.network, account.names)
    for person in networks.people_named([account]):
        Person.objects.filter(pk=person.pk).update(hidden_until=None)


def report(person: Person, reason: str, words: str) -> Report:
    """Return the stored report; the profile is hidden at once for 30 days.

    Not hidden again by itself within 180 days after an operator decided a report about it.
    """
    since = timezone.now() - timedelta(days=TRUSTED_AFTER_DECISION_DAYS)
    decided = Report.objects.filter(person=person, decided_at__gt=since).exists()
    stored = Report.objects.create(person=person, reason=reason, words=words)
    if not decided:
        hide(Q(pk=person.pk))
    return stored
