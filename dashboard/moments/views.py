"""The pages of one's own moments, and of the people worth an answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from connectors import registry
from connectors.queries import own_accounts
from dashboard.moments.lines import moment_lines
from dashboard.moments.page import ON_A_PAGE, moments_context, wanted_of, words_of
from dashboard.moments.people import talk_lines
from dashboard.trend.files import attached, csv_lines
from people.acting import acting_person
from scoring.insights.answers import WINDOW_DAYS, answers_of
from scoring.moment_lists import MomentFilter, each_moment, moment_days, moments_page
from scoring.queries import MomentRow
from scoring.reactors import MOST_NAMED


@never_cache
@login_required
@require_safe
def moments(request: HttpRequest) -> HttpResponse:
    """One's own moments, sorted and filtered as the address says."""
    person = acting_person(request)
    wanted = wanted_of(words_of(request.GET), datetime.now(UTC).date())
    found = moments_page(
        person.pk,
        wanted.filter,
        sort=wanted.sort,
        offset=(wanted.page - 1) * ON_A_PAGE,
        limit=ON_A_PAGE,
    )
    if not found.rows and wanted.page > 1:
        # A page that is not there any more, or never was.
        return redirect(f"{reverse('dashboard:moments')}?{wanted.query()}")
    context = moments_context(wanted, found, own_accounts(person.pk))
    return render(request, "score/moments.html", context)


@never_cache
@login_required
@require_safe
def moment(request: HttpRequest, post_id: int) -> HttpResponse:
    """One moment with what it brought day by day; another's is not there."""
    person = acting_person(request)
    wanted = MomentFilter(post_id=post_id)
    found = moments_page(person.pk, wanted, sort="points", offset=0, limit=1)
    if not found.rows:
        raise Http404
    context = {
        "tab": "moments",
        "moments": moment_lines(found.rows, MOST_NAMED),
        "days": moment_days(person.pk, post_id),
        "total": found.rows[0].points,
    }
    return render(request, "score/moment.html", context)


@never_cache
@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who is worth an answer, and whom one reached out to."""
    person = acting_person(request)
    answers = answers_of(person.pk, datetime.now(UTC).date())
    context = {
        "tab": "people",
        "answers": answers,
        "unanswered": talk_lines(answers.unanswered.named),
        "reached": talk_lines(answers.reached.named),
        "window_days": WINDOW_DAYS,
    }
    return render(request, "score/people.html", context)


@never_cache
@login_required
@require_safe
def moments_file(request: HttpRequest) -> StreamingHttpResponse:
    """The moments found as a file of one's own; texts as the networks' terms allow."""
    person = acting_person(request)
    wanted = wanted_of(words_of(request.GET), datetime.now(UTC).date())
    rows = each_moment(person.pk, wanted.filter, sort=wanted.sort)
    head = ("posted_at", "network", "points", "people", "day_of_most", "address", "text")
    return attached(csv_lines(head, _file_rows(rows)), "text/csv; charset=utf-8", "moments.csv")


def _file_rows(rows: Iterator[MomentRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.created_at.isoformat(),
            row.network,
            row.points,
            row.people_count,
            row.day,
            row.url,
            row.text if may_export(row.network) else "",
        )


def may_export(network: str) -> bool:
    """Return whether texts of the network may leave in a file."""
    return network in registry.CONNECTORS and registry.network(network).policy.may_export
