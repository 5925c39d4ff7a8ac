"""Who exports and erases which rows of topics."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connectors import history
from connectors.models import Account
from people.erasure import Rows, plain, register_impersonal
from people.erasure import register as register_model
from people.models import Person
from scoring.topics.models import (
    Credit,
    Ontology,
    PersonTopic,
    Topic,
    TopicChoice,
    TopicDue,
    TopicEdge,
    TopicListing,
    TopicName,
    TopicRun,
)


def register() -> None:
    """Register this package's models with people.erasure, and what goes with a history."""
    erased = _("until you erase everything")
    for model, reason in {
        Topic: "What people write about, named in no connection with anybody.",
        TopicEdge: "Which topic is part of which.",
        TopicName: "Names of topics.",
        TopicRun: "When everybody's topics were found, for how many people in all.",
        Ontology: "When the list of topics last changed.",
    }.items():
        register_impersonal(model, reason)
    register_model(
        PersonTopic,
        export=_rows_of(PersonTopic),
        erase=lambda person: _of(PersonTopic, person).delete()[0],
        what=_("What your posts that moved people are about, and how much"),
        source=_("found in the words of the posts"),
        until=_("until you unlink the account with its history, or erase everything"),
    )
    register_model(
        TopicChoice,
        export=_rows_of(TopicChoice),
        erase=lambda person: _of(TopicChoice, person).delete()[0],
        what=_("Topics that you hid or added"),
        source=_("from you"),
        until=erased,
    )
    register_model(
        TopicListing,
        export=_rows_of(TopicListing),
        erase=lambda person: _of(TopicListing, person).delete()[0],
        what=_("That you agreed to be listed on topic pages"),
        source=_("from you"),
        until=_("until you take it back"),
    )
    register_model(
        TopicDue,
        export=_rows_of(TopicDue),
        erase=lambda person: _of(TopicDue, person).delete()[0],
        what=_("That your topics are to be found anew"),
        source=_("computed here"),
        until=_("some minutes"),
    )
    register_model(
        Credit,
        export=_credits,
        erase=lambda person: _all_credits(person).delete()[0],
        what=_("+K that you gave and that others gave you, and for what"),
        source=_("from you, and from who gave it"),
        until=_("90 days, and 92 more for the scores of those days"),
    )
    history.on_erase(erase_account)


def erase_account(account_id: int) -> int:
    """Remove the topics of the account's person, to be found anew from what is left."""
    person_ids = list(Account.objects.filter(pk=account_id).values_list("person_id", flat=True))
    removed = PersonTopic.objects.filter(person_id__in=person_ids).delete()[0]
    TopicDue.objects.bulk_create(
        [TopicDue(person_id=person_id) for person_id in person_ids], ignore_conflicts=True
    )
    return removed


def _of(model: type[Any], person: Person) -> Any:
    return model._default_manager.filter(person_id=person.pk)


def _rows_of(model: type[Any]) -> Callable[[Person], Rows]:
    return lambda person: (plain(row) for row in _of(model, person).order_by("pk").iterator())


def _all_credits(person: Person) -> Any:
    return Credit.objects.filter(Q(giver_id=person.pk) | Q(receiver_id=person.pk))


def _credits(person: Person) -> Rows:
    """Yield both sides; the other side is named by nothing but that there was one."""
    for row in _all_credits(person).order_by("pk").iterator():
        given = row.giver_id == person.pk
        yield plain(row, "giver", "giver_user", "receiver") | {"given_by_you": given}
