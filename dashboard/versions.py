"""The public pages of the versions of the model: what changed, for whom, and every number."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.catalogue import network_name
from dashboard.describe import day_words
from scoring import versions
from scoring.core.params import VERSIONS
from scoring.core.params.canonical import Difference, differences, flat
from scoring.moved import Moved

# Of fewer people, how far they move would tell of each.
LEAST_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version as the pages show it."""

    version: str
    # Whether it is shown today, is still to come, or was replaced: a sentence.
    when: str
    is_candidate: bool
    note: str
    digest: str
    # The networks that count together under it.
    networks: list[str]
    # The version before it; "" for the first.
    before: str
    differences: list[Difference]
    # None without a preview, or of too few people.
    moved: Moved | None


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a version, by its name in the parameters."""

    name: str
    value: str


@require_safe
def every_version(request: HttpRequest) -> HttpResponse:
    """Every version, newest first, with what changed."""
    return render(request, "versions.html", {"cards": [_card(row) for row in versions.known()]})


@require_safe
def one_version(request: HttpRequest, version: str) -> HttpResponse:
    """One version with every number of it."""
    if version not in VERSIONS:
        raise Http404
    row = next(row for row in versions.known() if row.params.version == version)
    return render(request, "version.html", {"card": _card(row), "numbers": _numbers(version)})


def _numbers(version: str) -> tuple[Number, ...]:
    """Return every number of a version."""
    return tuple(Number(name, value) for name, value in flat(VERSIONS[version]).items())


def _differences(before: str, after: str) -> tuple[Difference, ...]:
    return tuple(differences(VERSIONS[before], VERSIONS[after]))


def _card(row: versions.Known) -> VersionCard:
    version, before = row.params.version, row.before.version if row.before else ""
    shown = row.moved if row.moved and row.moved.people_count >= LEAST_PEOPLE else None
    return VersionCard(
        version=version,
        when=_when(row, timezone.now().date()),
        is_candidate=row.is_candidate,
        note=row.note_nb if (get_language() or "").startswith("nb") else row.note_en,
        digest=row.digest,
        networks=[network_name(name) for name in row.params.networks],
        before=before,
        differences=list(_differences(before, version)) if before else [],
        moved=shown,
    )


def _when(row: versions.Known, today: date) -> str:
    if row.shown_from is None:
        return _("Candidate: not in use")
    begun = day_words(row.shown_from) if row.shown_from != versions.BEGINNING else ""
    if row.shown_from > today:
        return _("In use from %(day)s on") % {"day": begun}
    if row.replaced_on is not None and row.replaced_on <= today:
        until = day_words(row.replaced_on)
        if not begun:
            return _("In use from the beginning until %(day)s") % {"day": until}
        return _("In use from %(first)s until %(last)s") % {"first": begun, "last": until}
    return _("In use since %(day)s") % {"day": begun} if begun else _("In use from the beginning")
