"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest

from people.models import User

# All that is kept of a network's answer at sign-in; the id stands in a column of its own.
KEPT_AT_SIGN_IN = frozenset({"login", "name"})
PENDING_SIGN_UP_SECONDS = 3600


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """E-mails without a site table, and no network addresses of people in them."""

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: the sender already says who writes."""
        return str(subject)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, for as long as the settings say (a sign-up under way had less time)."""
        super().login(request, user)
        request.session.set_expiry(None)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell about a change of sign-in, where there is an address to tell it to."""
        user = args[1] if len(args) > 1 else kwargs.get("user")
        if user is not None and user.email:
            super().send_notification_mail(*args, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Takes the least from networks that people sign in with."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Return the suggested user; the network's answer is cut down before it is stored."""
        told = sociallogin.account.extra_data
        # By OpenID Connect it is wrapped: what the network says, and the token that says so.
        told = told.get("userinfo") or told.get("id_token") or told
        sociallogin.account.extra_data = {
            key: value for key, value in told.items() if key in KEPT_AT_SIGN_IN
        }
        user: User = super().populate_user(request, sociallogin, data)
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: the age is asked first. What the network told is forgotten in an hour."""
        request.session.set_expiry(PENDING_SIGN_UP_SECONDS)
        return False

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """Return what the sign-up form proposes: the e-mail address and the public name."""
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        told = sociallogin.account.extra_data
        initial["name"] = told.get("name") or told.get("login") or ""
        return initial


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of second factors encrypted under TOKEN_KEYS."""

    def encrypt(self, text: str) -> str:
        """Return the text encrypted under the newest key."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text, encrypted under any of the keys."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])
