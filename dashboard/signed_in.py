"""Who is signed in, for views behind login_required."""

from django.http import HttpRequest

from people.models import User


def user_of(request: HttpRequest) -> User:
    """Return the user of a request that login_required let through."""
    assert isinstance(request.user, User)
    return request.user
