"""What every page's template may read."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    themes: tuple[tuple[str, Promise], ...]
    languages: list[tuple[str, str]]


def chosen_theme(request: HttpRequest) -> str:
    """Return "light", "dark" or "" from the signed-in person's settings, else from the cookie."""
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else ""
    theme = theme or request.COOKIES.get("theme", "")
    return theme if theme in {"light", "dark"} else ""


def site(request: HttpRequest) -> dict[str, Preferences]:
    """Return `preferences`: the visitor's theme and what may be chosen."""
    # Each language is named in itself, whatever the page's language.
    languages = [("en", "English"), ("nb", "Norsk")]
    # Not called `site`: sign-in pages have a value of that name.
    return {"preferences": Preferences(chosen_theme(request), THEMES, languages)}
