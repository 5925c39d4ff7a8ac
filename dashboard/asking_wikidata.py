"""The button that asks Wikidata which other accounts are the person's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from connectors import wikidata
from connectors.errors import ConnectorError
from people.acting import acting_person
from people.limits import counted_within

# What Wikidata tells of somebody hardly changes within an hour.
ASKED_PER_HOUR = 3
AN_HOUR_SECONDS = 3600


@never_cache
@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask, keep what is named as offers, and go back to the networks."""
    person = acting_person(request)
    if not counted_within(f"wikidata:{person.pk}", ASKED_PER_HOUR, AN_HOUR_SECONDS):
        messages.error(request, _("Wikidata was asked a moment ago. Please try again in an hour."))
        return redirect("dashboard:networks")
    try:
        named = wikidata.ask(person)
    except ConnectorError:
        messages.error(request, _("Wikidata did not answer. Please try again later."))
        return redirect("dashboard:networks")
    if named:
        words = ngettext(
            "Wikidata names %(count)d account that may be yours.",
            "Wikidata names %(count)d accounts that may be yours.",
            named,
        )
        messages.success(request, words % {"count": named})
    else:
        messages.info(request, _("Wikidata names no other account beside yours."))
    return redirect("dashboard:networks")
