"""How somebody becomes a user with a profile of their own, and signs in by proof of an account."""

from collections.abc import Iterable

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from people import consent
from people.models import Person, User
from people.slugs import free_slug

# What everybody agrees to at sign-up, whichever way they come.
CONSENTS = ("age", "terms")


def create_person(user: User, name: str, consents: Iterable[str] = CONSENTS) -> Person:
    """Return the user's new, private profile, with what they agreed to on record."""
    with transaction.atomic():
        person = Person.objects.create(owner=user, slug=free_slug(name), name=name.strip()[:200])
        for what in consents:
            consent.record(what, given=True, user=user, person=person)
    return person


def sign_up_by_proof(
    request: HttpRequest, name: str, consents: Iterable[str] = CONSENTS
) -> tuple[Person, HttpResponse]:
    """Return a new person whose user has neither e-mail nor password, and the answer to send.

    The caller has just checked that the visitor owns an account on a network, has shown
    people.forms.AgeForm, and attaches the account to the person.
    """
    with transaction.atomic():
        user = User(email=None)
        user.set_unusable_password()
        user.save()
        person = create_person(user, name, consents)
    return person, sign_in_by_proof(request, user)


def sign_in_by_proof(
    request: HttpRequest, user: User, *, redirect_url: str | None = None
) -> HttpResponse:
    """Return the answer that signs the user in, or asks for their second factor first.

    The caller has just checked that the visitor owns an account linked by this user.
    """
    record_authentication(request, user, method="linked_account")
    response: HttpResponse = perform_login(
        request, Login(user=user, email_verification="none", redirect_url=redirect_url)
    )
    return response


def display_name(user: User) -> str:
    """Return what allauth's pages and e-mails call the user."""
    person = Person.objects.filter(owner=user).order_by("-kind", "pk").first()
    return (person.name if person else "") or user.email or ""
