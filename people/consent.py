"""What people agree to: the texts, their versions, and the record of each yes and no."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.models import ConsentEvent, Person, User


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text that people agree to. A changed text needs a new version."""

    version: str
    text: Promise


TEXTS: Mapping[str, ConsentText] = {
    "terms": ConsentText(
        "2026-11",
        _(
            "I agree to the terms of use and have seen the privacy page: my score is computed only "
            "from accounts that I link, I can see every reason for it, and I can take everything "
            "with me or erase it at any time."
        ),
    ),
    "age": ConsentText("2026-11", _("I am 16 or older.")),
    # Recorded as "link:<network>".
    "link": ConsentText(
        "2026-11",
        _(
            "Read my posts and the reactions to them on this network, keep what the score needs "
            "as the privacy page says, and compute my score from it until I unlink the account."
        ),
    ),
    "public": ConsentText(
        "2026-11",
        _(
            "Show my profile, my score and the posts that moved it to everybody, and let people "
            "find me in the look-up."
        ),
    ),
    "brand": ConsentText(
        "2026-11",
        _(
            "I may speak for this brand. Its score is computed only from accounts that I link, and "
            "nobody sees it before I say so in its settings."
        ),
    ),
    "topics": ConsentText(
        "2026-11",
        _(
            "List me, while my profile is public, among the most influential people of my topics, "
            "with my score and the interval of my rank."
        ),
    ),
    "unlisted": ConsentText(
        "2026-11",
        _("Show my profile and my score to everybody who knows its address."),
    ),
    # Recorded as "letters:<rhythm>" and "letters:goals".
    "letters": ConsentText(
        "2026-11",
        _(
            "Send me e-mails about my score as often as I chose, until I change it here or use "
            "the link in any of them."
        ),
    ),
    "answers": ConsentText(
        "2026-11",
        _(
            "Send me an e-mail, one a day at most, when my question is answered, when my answer "
            "helped who asked, or when something was decided about a text of mine."
        ),
    ),
    # Recorded as "share:<kind>".
    "share": ConsentText(
        "2026-11",
        _(
            "Show my name and my score to everybody who opens the address that I was given, "
            "wherever it is put, until I switch it off."
        ),
    ),
    # Recorded as "perk:<number>".
    "perk": ConsentText(
        "2026-11",
        _(
            "If I write about this perk anywhere, I say that I got it free of charge from its "
            "sponsor. I need not write about it, and what I think of it is mine to say."
        ),
    ),
    # Recorded as "perk-address:<number>".
    "perk-address": ConsentText(
        "2026-11",
        _(
            "Give this name and address to the sponsor, for sending this parcel and for nothing "
            "else. It is kept encrypted and deleted 90 days after the parcel was sent."
        ),
    ),
    "perk-notices": ConsentText(
        "2026-11",
        _("Send me an e-mail when I newly qualify for a perk, at most one a day."),
    ),
}


def text_of(what: str) -> ConsentText:
    """Return the text behind a word such as "terms" or "link:mastodon"; KeyError if unknown."""
    return TEXTS[what.partition(":")[0]]


def record(
    what: str, *, given: bool, user: User | None = None, person: Person | None = None
) -> ConsentEvent:
    """Return the stored event: what was agreed to or taken back, and the text that was seen.

    The text is kept in the language in which the page showed it; the version names both.
    """
    if user is None and person is None:
        raise ValueError("A consent is somebody's: give the user, the person or both.")
    seen = text_of(what)
    return ConsentEvent.objects.create(
        user=user if user is not None else (person.owner if person is not None else None),
        person=person,
        what=what,
        given=given,
        text_version=f"{seen.version}/{get_language() or 'en'}",
        text=str(seen.text),
    )


def is_given(what: str, *, person: Person) -> bool:
    """Return whether the person's latest event of that word is a yes. One query."""
    latest = (
        ConsentEvent.objects.filter(person=person, what=what)
        .order_by("-at", "-id")
        .values_list("given", flat=True)
        .first()
    )
    return bool(latest)
