"""The pages of lists. Whose list it is is asked first; a stranger's number is not found."""

from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import limits
from dashboard.csv_cells import csv_answer
from dashboard.lists import adding
from dashboard.lists.csv_in import MOST_BYTES, Cell, NotCsv, handles_in
from dashboard.lists.page import CSV_HEAD, csv_rows, list_context
from dashboard.polling import by_script
from dashboard.searching import SUGGESTED, lines_of
from dashboard.signed_in import user_of
from people.list_models import MOST_LISTS, MOST_MEMBERS, ListMember, PersonList
from people.lists import (
    ListRefused,
    NewMember,
    add_members,
    create_list,
    list_of,
    lists_of,
    members_of,
    remove_member,
    rename_list,
)
from people.queries import people_by_slugs
from scoring.listing import may_be_listed
from scoring.search import search


class _ListView(Protocol):
    def __call__(self, request: HttpRequest, kept: PersonList) -> HttpResponse: ...


def _with_own_list(view: _ListView) -> Any:
    """Give the view the signed-in user's list of that number; 404 for every other number."""

    @never_cache
    @login_required
    @wraps(view)
    def inner(request: HttpRequest, list_id: int) -> HttpResponse:
        kept = list_of(user_of(request), list_id)
        if kept is None:
            raise Http404
        return view(request, kept)

    return inner


def _said(error: ListRefused) -> str:
    reasons = {
        "name": _("Please give the list a name that none of your lists has."),
        "full": _("You have %(count)d lists: that is the most.") % {"count": MOST_LISTS},
        "members": _("A list holds %(count)d people at most. Nothing was added.")
        % {"count": MOST_MEMBERS},
    }
    return reasons[error.reason]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One's own lists, and a form for a new one."""
    user = user_of(request)
    error = ""
    if request.method == "POST":
        try:
            made = create_list(user, request.POST.get("name", ""))
        except ListRefused as refused:
            error = _said(refused)
        else:
            return redirect("dashboard:list_add", made.pk)
    context = {"lists": lists_of(user), "error": error, "most": MOST_LISTS}
    return render(request, "lists/index.html", context, status=400 if error else 200)


@_with_own_list
@require_safe
def one(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """The people of a list with their scores."""
    return render(request, "lists/one.html", list_context(kept, request.GET))


@_with_own_list
@require_POST
def rename(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """Give the list another name."""
    try:
        rename_list(kept, request.POST.get("name", ""))
    except ListRefused as refused:
        messages.error(request, _said(refused))
    return redirect("dashboard:list", kept.pk)


@_with_own_list
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """Ask, then delete the list; the people on it are not touched."""
    if request.method == "POST":
        kept.delete()
        messages.success(request, _("The list is deleted."))
        return redirect("dashboard:lists")
    return render(request, "lists/delete.html", {"list": kept})


@_with_own_list
@require_POST
def remove(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """Take one member off the list."""
    number = request.POST.get("member", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        remove_member(kept, int(number))
    return redirect("dashboard:list", kept.pk)


@_with_own_list
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """Add people: found by name, by handle, or from a file, which is shown before it is taken."""
    if request.method == "POST":
        return _post(request, kept)
    text = request.GET.get("q", "").strip()[:100].replace("\0", "")
    if text and not limits.may_search(request):
        return render(request, "429.html", status=429)
    found = lines_of(search(text, SUGGESTED)) if text else []
    return _add_page(request, kept, typed=text, found=found)


def _add_page(
    request: HttpRequest, kept: PersonList, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"list": kept, "most": MOST_MEMBERS, "kib": MOST_BYTES // 1024, **more}
    return render(request, "lists/add.html", context, status=status)


def _post(request: HttpRequest, kept: PersonList) -> HttpResponse:
    if "slug" in request.POST:
        return _add_person(request, kept, request.POST["slug"])
    uploaded = request.FILES.get("file")
    if uploaded is not None:
        try:
            # One byte more than may be tells that there are more.
            cells = handles_in(uploaded.read(MOST_BYTES + 1))
        except NotCsv as refused:
            return _add_page(request, kept, 400, file_error=_file_said(refused))
        return _preview(request, kept, cells)
    lines = request.POST.get("handles", "")[:MOST_BYTES].replace("\0", "").splitlines()
    cells = [Cell(n, line.strip()) for n, line in enumerate(lines, start=1) if line.strip()]
    if not cells:
        return _add_page(request, kept, 400, handles_error=_("Please write at least one handle."))
    found = adding.understood(cells)
    if found.errors:
        return _add_page(request, kept, 400, understood=found, handles="\n".join(lines)[:20_000])
    return _store(request, kept, found)


def _preview(request: HttpRequest, kept: PersonList, cells: list[Cell]) -> HttpResponse:
    found = adding.understood(cells)
    return _add_page(request, kept, 400 if found.errors else 200, understood=found, preview=True)


def _file_said(error: NotCsv) -> str:
    reasons = {
        "size": _("The file is larger than %(kib)d KiB.") % {"kib": MOST_BYTES // 1024},
        "empty": _("There is no handle in the file."),
        "binary": _("This is no CSV file. Please save the table as CSV first."),
    }
    return reasons[error.reason]


def _add_person(request: HttpRequest, kept: PersonList, slug: str) -> HttpResponse:
    """Add somebody who was found by search; nobody who may not be found."""
    person = people_by_slugs([slug.lower()[:80]]).get(slug.lower()[:80])
    if person is None or person.pk not in may_be_listed([person]):
        messages.error(request, _("This person cannot be added."))
        return redirect("dashboard:list_add", kept.pk)
    try:
        add_members(kept, [NewMember(person_id=person.pk)])
    except ListRefused as refused:
        messages.error(request, _said(refused))
    else:
        messages.success(request, _("%(name)s is on the list.") % {"name": person.name[:80]})
    return redirect("dashboard:list_add", kept.pk)


def _store(request: HttpRequest, kept: PersonList, found: adding.Understood) -> HttpResponse:
    try:
        new = add_members(kept, found.members)
    except ListRefused as refused:
        return _add_page(request, kept, 400, handles_error=_said(refused))
    messages.success(
        request,
        ngettext("%(count)d is new on the list.", "%(count)d are new on the list.", new)
        % {"count": new},
    )
    _begin(request, kept)
    return redirect("dashboard:list", kept.pk)


@_with_own_list
@require_POST
def look_up(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """Begin the look-ups that wait, as far as the user's own limits let them.

    The page's script asks while some are under way: nothing to be shown anew is an empty answer,
    and the next ones begin only where a place has become free, as each try counts in the hour.
    """
    if not by_script(request):
        _begin(request, kept)
        return redirect("dashboard:list", kept.pk)
    context = list_context(kept, request.GET)
    told_waiting, told_under_way = _told(request.POST.get("told", ""))
    if context["waiting"] and context["under_way"] < told_under_way:
        waiting = [row for row in members_of(kept) if row.pk in context["waiting_ids"]]
        if adding.look_up(request, user_of(request), waiting).begun:
            context = list_context(kept, request.GET)
    if (context["waiting"], context["under_way"]) == (told_waiting, told_under_way):
        return HttpResponse(status=204)
    return render(request, "lists/one.html", context)


def _told(text: str) -> tuple[int, int]:
    """Return how many waited and were under way when the page was written; zeros for nonsense."""
    waiting, _sign, under_way = text.partition("-")
    plain = text.isascii() and waiting.isdigit() and under_way.isdigit() and len(text) < 10
    return (int(waiting), int(under_way)) if plain else (0, 0)


def _begin(request: HttpRequest, kept: PersonList) -> None:
    waiting: list[ListMember] = [row for row in members_of(kept) if row.person_id is None]
    if not waiting:
        return
    done = adding.look_up(request, user_of(request), waiting)
    words = ngettext(
        "%(count)d handle is being looked up.", "%(count)d handles are being looked up.", done.begun
    ) % {"count": done.begun}
    if done.waiting:
        words += " " + _(
            "%(count)d wait: a few at a time at each network, and a number an hour for each of us."
        ) % {"count": done.waiting}
    messages.info(request, words)


@_with_own_list
@require_safe
def export(request: HttpRequest, kept: PersonList) -> HttpResponse:
    """The list as a file."""
    return csv_answer(f"list-{kept.pk}", CSV_HEAD, csv_rows(kept))
