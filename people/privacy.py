"""Who exports and erases which rows of this package and of sign-in."""

from people.erasure_models import register_own, register_signing_in


def register() -> None:
    """Register this package's models, and those of Django and allauth, with people.erasure."""
    register_own()
    register_signing_in()
