"""Search as one types: a page of results, and the same list as a fragment for the header's box."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from connectors import costs, registry, server_apps
from connectors.lookup import understand
from connectors.types import LookupKind, Network
from dashboard import describe, limits
from dashboard.catalogue import network_name
from dashboard.polling import by_script
from scoring.search import Found, search
from scoring.topics.queries import TopicLink, topics_like

# In the box under the field, and on the page.
SUGGESTED, ON_A_PAGE = 8, 30
TOPICS_SUGGESTED, TOPICS_SHOWN = 3, 5
# What is kept of a typed text, for the field and the forms.
MOST_CHARACTERS = 300
# What is said of a network that charges for look-ups.
_NOT_PAID = gettext_noop(
    "%(network)s charges for looking people up, and this site does not pay for that: people are "
    "found there once they link their account."
)
_PAID = gettext_noop(
    "%(network)s charges for looking people up. This site pays for it, up to a limit each month."
)
_SPENT = gettext_noop(
    "%(network)s charges for looking people up, and what this site pays for it in a month is used "
    "up. It begins anew on %(day)s."
)


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One person as the list shows them."""

    slug: str
    name: str
    is_brand: bool
    value: float
    provisional: bool
    network_name: str
    handle: str


def lines_of(found: list[Found]) -> list[FoundLine]:
    """Return the lines of the list."""
    return [
        FoundLine(
            slug=row.slug,
            name=row.name or row.handle,
            is_brand=row.kind == "brand",
            value=row.value,
            provisional=row.provisional,
            network_name=network_name(row.network),
            handle=row.handle,
        )
        for row in found
    ]


def searchable() -> list[Network]:
    """Return the networks on which anybody may be looked up."""
    return [n for n in registry.enabled() if registry.may_look_up(n.id)]


def paid_notes() -> list[str]:
    """Return a sentence for each network that charges for look-ups: whether this site pays.

    A query for each at which it does; nothing is said of networks that are not used here.
    """
    notes, now = [], timezone.now()
    for network in registry.enabled():
        if network.capabilities.lookup is not LookupKind.PAID:
            continue
        told = {"network": network.name}
        if not registry.may_look_up(network.id):
            if server_apps.is_registered(network):
                notes.append(_(_NOT_PAID) % told)
        elif costs.can_look_up(network, now):
            notes.append(_(_PAID) % told)
        else:
            anew = costs.next_month(now).date()
            notes.append(_(_SPENT) % {**told, "day": describe.day_words(anew)})
    return notes


def results_context(text: str, most: int) -> dict[str, object]:
    """Return what the list and its page show of a typed text."""
    lines = lines_of(search(text, most))
    return {
        "typed": text,
        "found": lines,
        "said": ngettext("%(count)d person found", "%(count)d people found", len(lines))
        % {"count": len(lines)}
        if text
        else "",
        # A handle may be looked up at its network, whoever is found here.
        "lookups": [registry.network(network_id) for network_id, _ref in understand(text)],
        "networks": searchable(),
        # Asked by the page alone, where nobody is found.
        "paid_notes": paid_notes,
    }


def _topics_said(topics: list[TopicLink]) -> str:
    count = len(topics)
    return ngettext("%(count)d topic found", "%(count)d topics found", count) % {"count": count}


@never_cache
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show whom a text finds; to the page's script the list alone."""
    text = request.GET.get("q", "").strip()[:MOST_CHARACTERS].replace("\0", "")
    if text and not limits.may_search(request):
        reason = _("There were many searches from your address in the last hour.")
        if by_script(request):
            return render(request, "parts/found.html", {"said": reason, "found": []})
        answer = render(request, "429.html", {"reason": reason}, status=429)
        answer["Retry-After"] = str(limits.AN_HOUR_SECONDS)
        return answer
    if by_script(request):
        topics = topics_like(text, TOPICS_SUGGESTED, with_people=True)
        context = results_context(text, SUGGESTED) | {"topics": topics}
        context["said"] = (
            f"{context['said']}. {_topics_said(topics)}" if topics else context["said"]
        )
        return render(request, "parts/suggestions.html", context)
    context = results_context(text, ON_A_PAGE)
    # Who is influential about it, where the text is a topic.
    context["topics"] = topics_like(text, TOPICS_SHOWN)
    return render(request, "search.html", context)
