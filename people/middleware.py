"""The visitor's language and time zone, at the edge only: everything inside is UTC."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from people.models import User
from people.sessions import note_use

_LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


class PreferencesMiddleware:
    """Activates a signed-in user's language and time zone, and notes the day and the device.

    Strangers get the language of their browser (LocaleMiddleware) and UTC. The theme is read
    from the user by the templates' context.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            if user.language in _LANGUAGES:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            try:
                timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
            except (zoneinfo.ZoneInfoNotFoundError, ValueError):
                timezone.deactivate()
            note_use(request.session, request.headers.get("User-Agent", ""))
        else:
            timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
