"""How rows of this package, Django and allauth about a person are given out and removed."""

from collections.abc import Callable

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.erasure import Rows, leaving_user, plain, register, register_impersonal, register_store
from people.list_models import ListMember, PersonList
from people.lists import named_on_lists
from people.models import (
    ConsentEvent,
    DutyLetter,
    Goal,
    Letter,
    LetterPlan,
    Note,
    OptOut,
    Person,
    Report,
    Session,
    ShareLink,
    User,
)


def register_own() -> None:
    """Register the models of this package, parents first."""
    until_erased = _("until you erase it")
    register(
        User,
        export=lambda person: [plain(person.owner, "password")] if person.owner else [],
        erase=_erase_user,
        what=_("Your sign-in: e-mail address, language, time zone, theme"),
        source=_("from you, at sign-up and in the settings"),
        until=until_erased,
    )
    register(
        Person,
        export=lambda person: [plain(person)],
        erase=lambda person: Person.objects.filter(pk=person.pk).delete()[0],
        what=_("Your profile: name, address, visibility"),
        source=_("from you, or looked up from open data"),
        until=until_erased,
    )
    register(
        ConsentEvent,
        export=lambda person: map(plain, _consents(person)),
        erase=lambda person: _consents(person).delete()[0],
        what=_("What you agreed to, when, and the text that you saw"),
        source=_("from you"),
        until=until_erased,
    )
    register(
        Report,
        export=lambda person: map(plain, person.reports.all()),
        erase=lambda person: Report.objects.filter(person_id=person.pk).delete()[0],
        what=_("Reports that asked us to hide the profile"),
        source=_("from whoever reported it; names nobody"),
        until=until_erased,
    )
    register(
        Goal,
        export=lambda person: map(plain, person.goals.order_by("pk")),
        erase=lambda person: Goal.objects.filter(person_id=person.pk).delete()[0],
        what=_("Goals that you set: a score, until when, and when it was reached"),
        source=_("from you"),
        until=_("until you delete them or erase everything"),
    )
    register(
        Note,
        export=lambda person: map(plain, person.notes.order_by("pk")),
        erase=lambda person: Note.objects.filter(person_id=person.pk).delete()[0],
        what=_("Notes that you wrote on days of your chart"),
        source=_("from you"),
        until=_("until you delete them or erase everything"),
    )
    register(
        Session,
        # The key of a session signs in, and its data are ours.
        export=_rows_of_user(Session, "session_key", "session_data"),
        erase=_erase_of_user(Session),
        what=_(
            "Where you are signed in: a random key in a cookie, the kind of device, the last day"
        ),
        source=_("from your browser"),
        until=_("14 days, or until you sign out"),
    )
    register(
        ShareLink,
        export=lambda person: map(plain, person.share_links.all()),
        erase=lambda person: ShareLink.objects.filter(person_id=person.pk).delete()[0],
        what=_("Addresses of your badge, picture and frame"),
        source=_("made here when you switched them on"),
        until=_("until you switch them off"),
    )
    register(
        LetterPlan,
        export=lambda person: map(plain, LetterPlan.objects.filter(person_id=person.pk)),
        erase=lambda person: LetterPlan.objects.filter(person_id=person.pk).delete()[0],
        what=_("Which e-mails you chose, and when the next one is due"),
        source=_("from you"),
        until=until_erased,
    )
    register(
        Letter,
        export=lambda person: map(plain, person.letters.order_by("pk")),
        erase=lambda person: Letter.objects.filter(person_id=person.pk).delete()[0],
        what=_("That an e-mail of a week, a month or a goal was sent; not what stood in it"),
        source=_("noted here when it was sent"),
        until=_("60 days"),
    )
    register(
        DutyLetter,
        export=_rows_of_user(DutyLetter),
        erase=_erase_of_user(DutyLetter),
        what=_("As an operator: on which days you were told by e-mail what waits"),
        source=_("noted here when it was sent"),
        until=_("60 days"),
    )
    register(
        PersonList,
        export=_rows_of_user(PersonList, path="owner"),
        erase=_erase_of_user(PersonList, "owner"),
        what=_("Lists of people that you keep"),
        source=_("from you"),
        until=_("until you delete them, or erase everything"),
    )
    register(
        ListMember,
        # Who is on the person's own lists; nobody learns on whose lists they are.
        export=_rows_of_user(ListMember, path="list__owner"),
        erase=_erase_memberships,
        what=_("Who is on your lists"),
        source=_("from you"),
        until=_("until you delete them, or erase everything"),
    )
    # A store goes before all rows: afterwards nobody knows the person's handles any more.
    register_store(
        "people.ListMember by handle",
        export=lambda person: (),
        erase=lambda person: ListMember.objects.filter(named_on_lists(person)).delete()[0],
    )
    register_impersonal(
        OptOut, "Keyed hashes without a name: kept so that an opted-out account stays away."
    )


def register_signing_in() -> None:
    """Register the models of Django and allauth."""
    for model, reason in {
        ContentType: "Names of tables.",
        Permission: "Names of rights.",
        Group: "Names of groups of operators.",
        Group.permissions.through: "Rights of groups.",
        SocialApp: "Our own keys at networks.",
    }.items():
        register_impersonal(model, reason)
    until = _("until you remove it or erase everything")
    register(
        User.groups.through,
        export=_rows_of_user(User.groups.through),
        erase=_erase_of_user(User.groups.through),
    )
    register(
        User.user_permissions.through,
        export=_rows_of_user(User.user_permissions.through),
        erase=_erase_of_user(User.user_permissions.through),
    )
    register(
        EmailAddress,
        export=_rows_of_user(EmailAddress),
        erase=_erase_of_user(EmailAddress),
        what=_("Your e-mail addresses and whether they are confirmed"),
        source=_("from you"),
        until=until,
    )
    register(
        EmailConfirmation,
        export=_rows_of_user(EmailConfirmation, "key", path="email_address__user"),
        erase=_erase_of_user(EmailConfirmation, "email_address__user"),
    )
    register(
        SocialAccount,
        export=_rows_of_user(SocialAccount),
        erase=_erase_of_user(SocialAccount),
        what=_("Networks that you sign in with: your id and public profile there"),
        source=_("from the network, when you signed in with it"),
        until=until,
    )
    register(
        SocialToken,
        export=_rows_of_user(SocialToken, "token", "token_secret", path="account__user"),
        erase=_erase_of_user(SocialToken, "account__user"),
    )
    register(
        Authenticator,
        # The secrets of a second factor are of no use elsewhere and must not lie in a download.
        export=_rows_of_user(Authenticator, "data"),
        erase=_erase_of_user(Authenticator),
        what=_("Second factors: authenticator app, passkeys, recovery codes (secrets left out)"),
        source=_("from you and your devices"),
        until=until,
    )
    register(
        LogEntry,
        export=lambda person: map(plain, _log_entries(person)),
        erase=lambda person: _log_entries(person).delete()[0],
        what=_("What operators changed about you, and what you changed as an operator"),
        source=_("from the operator's pages"),
        until=until,
    )


def _erase_user(person: Person) -> int:
    user = leaving_user(person)
    return User.objects.filter(pk=user.pk).delete()[0] if user else 0


def _erase_memberships(person: Person) -> int:
    """Take the person off everybody's lists, and empty their own."""
    condition = Q(person_id=person.pk)
    user = leaving_user(person)
    if user is not None:
        condition |= Q(list__owner_id=user.pk)
    return ListMember.objects.filter(condition).delete()[0]


def _consents(person: Person) -> models.QuerySet[ConsentEvent]:
    condition = Q(person_id=person.pk)
    user = leaving_user(person)
    if user is not None:
        condition |= Q(user_id=user.pk)
    return ConsentEvent.objects.filter(condition)


def _of_user(
    model: type[models.Model], path: str = "user"
) -> Callable[[Person], models.QuerySet[models.Model]]:
    def rows(person: Person) -> models.QuerySet[models.Model]:
        return model._default_manager.filter(**{f"{path}_id": person.owner_id}).order_by("pk")

    return rows


def _rows_of_user(
    model: type[models.Model], *without: str, path: str = "user"
) -> Callable[[Person], Rows]:
    rows = _of_user(model, path)

    def export(person: Person) -> Rows:
        return (plain(row, *without) for row in rows(person)) if person.owner_id else ()

    return export


def _erase_of_user(model: type[models.Model], path: str = "user") -> Callable[[Person], int]:
    def erase(person: Person) -> int:
        user = leaving_user(person)
        if user is None:
            return 0
        return model._default_manager.filter(**{f"{path}_id": user.pk}).delete()[0]

    return erase


def _log_entries(person: Person) -> models.QuerySet[LogEntry]:
    """Return the log rows by the person, and those about any row that goes with the person."""
    condition = Q(pk__in=[])
    about: dict[type[models.Model], models.QuerySet[models.Model]] = {
        Person: Person._default_manager.filter(pk=person.pk),
    }
    user = leaving_user(person)
    if user is not None:
        condition |= Q(user_id=user.pk)
        about[User] = User._default_manager.filter(pk=user.pk)
        for model in (EmailAddress, SocialAccount, Authenticator):
            about[model] = model._default_manager.filter(user_id=user.pk)
    for model, rows in about.items():
        keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
        condition |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return LogEntry.objects.filter(condition)
