"""What a badge, a picture and a frame tell of somebody: the number, and nothing of the posts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from dashboard.charts import Point
from dashboard.describe import band_words, day_words, rounded
from dashboard.score_page import points_of
from people.models import Person
from people.sharing import shown_person
from scoring import queries

TREND_DAYS = 90
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody's newest score and its last 90 days; the four values are None without a score."""

    name: str
    slug: str
    day: date | None
    # 1–100, unrounded, and the 80 % band around it.
    value: float | None
    low: float | None
    high: float | None
    provisional: bool
    # Every day of the trend, oldest first.
    points: list[Point]

    @property
    def number(self) -> str:
        """Return "62", "62?" while it is provisional, "–" where there is none."""
        if self.value is None:
            return "–"
        return rounded(self.value) + ("?" if self.provisional else "")

    @property
    def band(self) -> str:
        """Return "most likely 58–66", "" without a score."""
        if self.low is None or self.high is None:
            return ""
        return band_words(self.low, self.high)

    @property
    def sentence(self) -> str:
        """Return all of it in words."""
        if self.value is None or self.day is None:
            return _("No Klout score yet")
        return _("Klout score %(score)s, %(band)s, of %(day)s") % {
            "score": rounded(self.value),
            "band": self.band,
            "day": day_words(self.day),
        }


def shared(kind: str, token: str) -> tuple[Person, Shared] | None:
    """Return whose address it is and what it shows; None where nobody may see it. Four queries."""
    person = shown_person(kind, token)
    return None if person is None else (person, shared_of(person))


def shared_of(person: Person) -> Shared:
    """Return what the person's addresses show. One query."""
    today = datetime.now(UTC).date()
    history = queries.score_history(person.pk, today - timedelta(days=TREND_DAYS), today)
    if history[-1].value is None:
        history.pop()
    newest = next((row for row in reversed(history) if row.value is not None), None)
    return Shared(
        name=person.name or person.slug,
        slug=person.slug,
        day=newest.day if newest else None,
        value=newest.value if newest else None,
        low=newest.low if newest else None,
        high=newest.high if newest else None,
        provisional=newest.provisional if newest else False,
        points=points_of(history),
    )


@contextmanager
def in_language_of(person: Person) -> Iterator[None]:
    """Write in the language of whose score it is: one address gives everybody the same."""
    language = person.owner.language if person.owner is not None else ""
    with translation.override(language if language in _LANGUAGES else settings.LANGUAGE_CODE):
        yield
