"""Rows about one person in every table: each text column is filled with the person's marker."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from connectors import models as connected
from connectors.partitions import ensure_days
from people import erasure
from people.list_models import ListMember, PersonList
from people.models import (
    ConsentEvent,
    DutyLetter,
    Goal,
    Letter,
    LetterPlan,
    Note,
    Person,
    Report,
    Session,
    ShareLink,
    User,
)
from perks import models as perks
from scoring import models as scored
from scoring.questions import models as asked
from scoring.topics import models as topical
from tests.conftest import TODAY

_numbers = itertools.count(1)


@dataclass
class Somebody:
    """A person, and the rows made about them, by model."""

    marker: str
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def the(self, model: type[models.Model]) -> Any:
        """Return the first row of that model."""
        return self.rows[model][0]

    def add(self, model: type[models.Model], **given: Any) -> Any:
        """Return a stored row whose other columns are filled by their type."""
        row = model(**(_filled(model, self.marker, given) | given))
        row.save(force_insert=True)
        self.rows.setdefault(model, []).append(row)
        return row


def _filled(model: type[models.Model], marker: str, given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.primary_key or column.name in given or column.attname in given:
            continue
        value = _value(column, marker)
        if value is not None:
            values[column.name] = value
    return values


def _value(column: Any, marker: str) -> Any:
    if isinstance(column, models.ForeignKey) or column.choices:
        return None
    if isinstance(column, models.EmailField):
        return f"{marker}{next(_numbers)}@example.org"
    if isinstance(column, models.URLField):
        return f"https://example.org/{marker}"
    if isinstance(column, models.CharField | models.TextField):
        text = f"{marker}-{next(_numbers)}"
        return text if column.max_length is None or column.max_length >= len(text) else ""
    by_type: list[tuple[type, Any]] = [
        (models.JSONField, {"note": marker}),
        (models.BinaryField, marker.encode()),
        (models.DateTimeField, timezone.now()),
        (models.DateField, TODAY),
        (models.BooleanField, True),
        (models.FloatField, 1.0),
        (models.SmallIntegerField, 1),
        (models.IntegerField, 1),
    ]
    return next((value for kind, value in by_type if isinstance(column, kind)), None)


def _session(who: Somebody) -> None:
    from people.sessions import SessionStore

    user = who.the(User)
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["account_authentication_methods"] = [{"method": "password", "email": user.email}]
    store.save()
    who.rows.setdefault(Session, []).append(Session.objects.get(session_key=store.session_key))


def _interactions(who: Somebody) -> None:
    account, post = who.the(connected.Account), who.the(connected.Post)
    tables = [
        "connectors_interaction",
        "connectors_anonymousday",
        "scoring_pairday",
        "scoring_postday",
    ]
    ensure_days([*tables, "scoring_score", "scoring_explanation"], [TODAY])
    who.add(
        connected.Interaction,
        day=TODAY,
        account_id=account.pk,
        dedupe_key=next(_numbers),
        post_id=post.pk,
        reactor_key=next(_numbers),
    )


def _log_entries(who: Somebody) -> None:
    address = who.the(EmailAddress)
    about = ContentType.objects.get_for_model(EmailAddress)
    operator = User.objects.create_user(f"operator{next(_numbers)}@example.com")
    for user in (operator, who.the(User)):
        who.add(
            LogEntry,
            user=user,
            content_type=about,
            object_id=str(address.pk),
            object_repr=address.email,
            action_flag=CHANGE,
        )


def _topic() -> topical.Topic:
    return topical.Topic.objects.get_or_create(id="topic", defaults={"slug": "topic"})[0]


def _written(who: Somebody) -> dict[str, Any]:
    """Return what a question or an answer of the person's has in common."""
    return {"author": who.the(Person), "author_user": who.the(User), "is_away": False}


def _question() -> asked.Question:
    """Return a question that nobody asked."""
    return asked.Question.objects.create(topic=_topic(), title="Why?", day=TODAY, slot=1)


def _perk() -> perks.Perk:
    """Return a perk of a sponsor, which are nobody's."""
    sponsor, _ = perks.Sponsor.objects.get_or_create(name="Fjord Coffee")
    return perks.Perk.objects.create(
        sponsor=sponsor, slug=f"perk-{next(_numbers)}", kind="link", claim_until=timezone.now()
    )


def _of_perk(model: type[models.Model], **more: Any) -> Callable[[Somebody], object]:
    return lambda who: who.add(model, perk=_perk(), person=who.the(Person), **more)


def _of_account(model: type[models.Model], **more: Any) -> Callable[[Somebody], object]:
    return lambda who: who.add(model, account=who.the(connected.Account), **more)


def _of_user(model: type[models.Model], **more: Any) -> Callable[[Somebody], object]:
    return lambda who: who.add(model, user=who.the(User), **more)


_POINTS = {"value": 50.0, "low": 45.0, "high": 55.0}

# Parents first. A model without an entry here (and not declared impersonal) fails the walk.
FACTORIES: dict[type[models.Model], Callable[[Somebody], object]] = {
    User: lambda who: who.add(User, password=f"hash of {who.marker}"),
    Person: lambda who: who.add(Person, owner=who.the(User), expires_at=None),
    ConsentEvent: lambda who: who.add(
        ConsentEvent, user=who.the(User), person=who.the(Person), what="terms"
    ),
    Report: lambda who: who.add(Report, person=who.the(Person), reason="other"),
    Goal: lambda who: who.add(Goal, person=who.the(Person), target=55),
    Note: lambda who: who.add(Note, person=who.the(Person)),
    ShareLink: lambda who: who.add(ShareLink, person=who.the(Person), kind="badge"),
    DutyLetter: lambda who: who.add(DutyLetter, user=who.the(User)),
    LetterPlan: lambda who: who.add(LetterPlan, person=who.the(Person), rhythm="weekly"),
    Letter: lambda who: who.add(Letter, person=who.the(Person), kind="weekly"),
    Session: _session,
    User.groups.through: lambda who: who.add(
        User.groups.through, user=who.the(User), group=Group.objects.create(name="operators")
    ),
    User.user_permissions.through: lambda who: who.add(
        User.user_permissions.through, user=who.the(User), permission=Permission.objects.first()
    ),
    PersonList: lambda who: who.add(PersonList, owner=who.the(User), place=1),
    ListMember: lambda who: who.add(
        ListMember,
        list=who.the(PersonList),
        person=who.the(Person),
        place=1,
        network="",
        handle="",
    ),
    EmailAddress: _of_user(EmailAddress),
    EmailConfirmation: lambda who: who.add(EmailConfirmation, email_address=who.the(EmailAddress)),
    SocialAccount: _of_user(SocialAccount),
    SocialToken: lambda who: who.add(SocialToken, account=who.the(SocialAccount)),
    Authenticator: _of_user(Authenticator, type="totp"),
    LogEntry: _log_entries,
    connected.Account: lambda who: who.add(
        connected.Account, person=who.the(Person), network="sample", status="linked", state="ok"
    ),
    connected.Credential: _of_account(connected.Credential, kind="token"),
    connected.Snapshot: _of_account(connected.Snapshot, counts={"followers": 1}),
    connected.Post: _of_account(connected.Post, counts={"likes": 1}),
    connected.Spending: lambda who: who.add(
        connected.Spending, person=who.the(Person), micro_usd=1, rows=1
    ),
    connected.FetchState: _of_account(connected.FetchState, status="done"),
    # The person also acted on somebody else's posts.
    connected.Reactor: lambda who: who.add(
        connected.Reactor,
        key=next(_numbers),
        network="sample",
        native_id=who.the(connected.Account).native_id,
    ),
    connected.Interaction: _interactions,
    connected.AnonymousDay: lambda who: who.add(
        connected.AnonymousDay,
        day=TODAY,
        account_id=who.the(connected.Account).pk,
        post_id=who.the(connected.Post).pk,
        kind=7,
    ),
    connected.Upload: lambda who: who.add(
        connected.Upload,
        person=who.the(Person),
        state="done",
        size_bytes=1,
        summary={"name": who.marker},
    ),
    connected.ProbableAccount: lambda who: who.add(
        connected.ProbableAccount, person=who.the(Person), account=who.the(connected.Account)
    ),
    connected.OwnAccount: lambda who: who.add(connected.OwnAccount, person=who.the(Person)),
    connected.OwnPost: lambda who: who.add(
        connected.OwnPost, account=who.the(connected.OwnAccount), hashtags=[who.marker]
    ),
    connected.OwnDay: lambda who: who.add(
        connected.OwnDay, account=who.the(connected.OwnAccount), kind=1, direction=1, count=1
    ),
    connected.Lookup: lambda who: who.add(
        connected.Lookup, person=who.the(Person), asked_by=who.the(User), state="done"
    ),
    scored.PairDay: lambda who: who.add(
        scored.PairDay,
        day=TODAY,
        account_id=who.the(connected.Account).pk,
        reactor_key=next(_numbers),
        kind=1,
    ),
    scored.PostDay: lambda who: who.add(
        scored.PostDay,
        day=TODAY,
        account_id=who.the(connected.Account).pk,
        post_id=who.the(connected.Post).pk,
        kind=1,
        trust_class=1,
    ),
    scored.Score: lambda who: who.add(
        scored.Score, day=TODAY, person_id=who.the(Person).pk, model_version="test", **_POINTS
    ),
    scored.SearchEntry: lambda who: who.add(scored.SearchEntry, person=who.the(Person), points=50),
    scored.Explanation: lambda who: who.add(
        scored.Explanation, day=TODAY, person_id=who.the(Person).pk, model_version="test"
    ),
    scored.Moment: lambda who: who.add(
        scored.Moment,
        person=who.the(Person),
        account_id=who.the(connected.Account).pk,
        post_id=who.the(connected.Post).pk,
    ),
    scored.Discount: lambda who: who.add(
        scored.Discount,
        person=who.the(Person),
        account_id=who.the(connected.Account).pk,
        kind="reciprocity",
    ),
    scored.Appeal: lambda who: who.add(
        scored.Appeal,
        person=who.the(Person),
        discount=who.the(scored.Discount),
        decision="upheld",
        by=who.the(User),
    ),
    topical.PersonTopic: lambda who: who.add(
        topical.PersonTopic, person=who.the(Person), topic=_topic(), weight=0.5
    ),
    topical.TopicChoice: lambda who: who.add(
        topical.TopicChoice, person=who.the(Person), topic=_topic(), choice="added"
    ),
    topical.TopicListing: lambda who: who.add(topical.TopicListing, person=who.the(Person)),
    topical.Credit: lambda who: who.add(
        topical.Credit,
        giver=who.the(Person),
        giver_user=who.the(User),
        receiver=Person.objects.create(slug=f"credited-{next(_numbers)}"),
        topic=_topic(),
        slot=1,
    ),
    topical.TopicDue: lambda who: who.add(topical.TopicDue, person=who.the(Person)),
    asked.Question: lambda who: who.add(asked.Question, **_written(who), topic=_topic()),
    asked.Answer: lambda who: who.add(asked.Answer, **_written(who), question=_question()),
    asked.Helpful: lambda who: who.add(
        asked.Helpful, user=who.the(User), answer=who.the(asked.Answer)
    ),
    asked.Report: lambda who: who.add(
        asked.Report, user=who.the(User), question=_question(), reason="spam", outcome="dismiss"
    ),
    asked.MarkCredit: lambda who: who.add(
        asked.MarkCredit,
        credit=who.the(topical.Credit),
        answer=who.the(asked.Answer),
        user=who.the(User),
        kind="helpful",
    ),
    asked.Notice: lambda who: who.add(
        asked.Notice, person=who.the(Person), question=_question(), kind="answered"
    ),
    asked.Change: lambda who: who.add(
        asked.Change, by=who.the(User), table="answer", what="update", row_id=1, columns={}
    ),
    perks.Member: lambda who: who.add(perks.Member, user=who.the(User), sponsor=_perk().sponsor),
    perks.Invitation: lambda who: who.add(
        perks.Invitation, sponsor=_perk().sponsor, email=who.the(EmailAddress).email
    ),
    perks.Change: lambda who: who.add(
        perks.Change, by=who.the(User), table="perk", what="update", row_id=1, columns={}
    ),
    perks.Claim: lambda who: who.add(
        perks.Claim, perk=_perk(), person=who.the(Person), state="cancelled", letter=""
    ),
    perks.ClaimedAccount: lambda who: who.add(
        perks.ClaimedAccount, perk=who.the(perks.Claim).perk, claim=who.the(perks.Claim)
    ),
    perks.Candidate: lambda who: who.add(
        perks.Candidate, person_id=who.the(Person).pk, topics=[who.marker]
    ),
    perks.Wish: lambda who: who.add(perks.Wish, person=who.the(Person)),
    perks.Notice: _of_perk(perks.Notice),
    perks.Complaint: _of_perk(perks.Complaint, reason="other"),
}


def models_about_people() -> list[type[models.Model]]:
    """Return the models of all apps that are not declared to hold nothing about anybody."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if not erasure.is_impersonal(model)
    ]


def everything_about(marker: str) -> Somebody:
    """Return somebody with rows in every table that can hold something about a person."""
    who = Somebody(marker)
    for make in FACTORIES.values():
        make(who)
    return who
