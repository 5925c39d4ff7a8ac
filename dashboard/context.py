"""What every page's template may read."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.acting import SESSION_KEY, acting_person
from people.models import Person

THEMES: tuple[tuple[str, Promise], ...] = (
    ("", _("As the device")),
    ("light", _("Light")),
    ("dark", _("Dark")),
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices of the page's foot and the one that holds."""

    # "" (as the device says), "light" or "dark".
    theme: str
    # The same for everybody: two choices are equal by the theme.
    themes: tuple[tuple[str, Promise], ...] = field(compare=False)
    languages: list[tuple[str, str]] = field(compare=False)


def chosen_theme(request: HttpRequest) -> str:
    """Return "light", "dark" or "" from the signed-in person's settings, else from the cookie."""
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else ""
    theme = theme or request.COOKIES.get("theme", "")
    return theme if theme in {"light", "dark"} else ""


def _acting_brand(request: HttpRequest) -> Person | None:
    """Return the brand that the visitor acts as. A query only where there is a choice to read."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or SESSION_KEY not in request.session:
        return None
    person = acting_person(request)
    return person if SESSION_KEY in request.session else None


def site(request: HttpRequest) -> dict[str, Any]:
    """Return `preferences`: the visitor's theme and what may be chosen; `acting_brand` if any."""
    # Each language is named in itself, whatever the page's language.
    languages = [("en", "English"), ("nb", "Norsk")]
    # Not called `site`: sign-in pages have a value of that name.
    return {
        "preferences": Preferences(chosen_theme(request), THEMES, languages),
        "acting_brand": _acting_brand(request),
    }
