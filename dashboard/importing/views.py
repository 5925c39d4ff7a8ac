"""Dropping a file, looking at what was understood, importing or discarding it."""

import logging
from functools import partial
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadhandler import StopUpload
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from connectors import importing, own_queries, tasks
from connectors.own_files import Upload
from dashboard.catalogue import network_name
from dashboard.importing import page, receiving
from dashboard.polling import by_script, load_again
from people.acting import acting_person
from people.limits import counted_within

log = logging.getLogger(__name__)

FILES_AN_HOUR = 12
AN_HOUR_SECONDS = 3600


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The form to drop a file, the files under way, and what was imported."""
    person = acting_person(request)
    lines = own_queries.own_account_lines(person.pk)
    return render(
        request,
        "importing/overview.html",
        {
            "formats": page.format_lines(),
            "uploads": own_queries.uploads_of(person.pk),
            "accounts": [(line, network_name(line.network)) for line in lines],
            "most_megabytes": settings.UPLOAD_MEGABYTES,
            "most_bytes": receiving.most_bytes(),
        },
    )


@csrf_exempt
@never_cache
@login_required
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a file in: refused by its head before a byte is read; then checked for the form's token.

    The token is checked within, as reading it reads the form, and so the file.
    """
    person = acting_person(request)
    problem = receiving.refusal(request)
    if not problem and not importing.may_begin(person):
        problem = "many"
    if not problem and not counted_within(
        f"limit:import:{person.pk}", FILES_AN_HOUR, AN_HOUR_SECONDS
    ):
        problem = "many"
    if problem:
        return _said(request, problem, status=413 if problem == "large" else 200)
    handler = receiving.ToFolder(request)
    request.upload_handlers = [handler]
    taken = False
    try:
        answer = _received(request, handler)
        taken = handler.received > 0 and Upload.objects.filter(pk=handler.upload_id).exists()
    except StopUpload:
        return _said(request, "large", status=413)
    finally:
        if not taken:
            handler.forget()
    return answer


@csrf_protect
def _received(request: HttpRequest, handler: receiving.ToFolder) -> HttpResponse:
    file = request.FILES.get(receiving.FIELD)
    if file is None or not handler.received:
        return _said(request, "none")
    name = PurePosixPath((file.name or "file").replace("\\", "/")).name
    with transaction.atomic():
        upload = importing.begin(acting_person(request), handler.upload_id, name, handler.received)
        transaction.on_commit(partial(tasks.work_on_upload.delay, str(upload.pk)))
    log.info("upload_received bytes=%s", handler.received)
    address = reverse("dashboard:upload", args=[upload.pk])
    if _wants_json(request):
        return JsonResponse({"go": address})
    return redirect(address)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _said(request: HttpRequest, problem: str, *, status: int = 200) -> HttpResponse:
    words = str(page.REFUSALS[problem])
    if _wants_json(request):
        return JsonResponse({"problem": words}, status=status)
    messages.error(request, words)
    return redirect("dashboard:import")


@never_cache
@login_required
@require_safe
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A file on its way: being read, what was understood, being imported, done or refused."""
    found = own_queries.upload_of(acting_person(request).pk, upload_id)
    if found is None:
        raise Http404
    under_way = found.state in Upload.UNDER_WAY
    if by_script(request) and not under_way:
        return load_again()
    context = {"upload": found, "under_way": under_way}
    if found.state in {Upload.State.READY, Upload.State.DONE}:
        context["preview"] = page.preview_of(found)
    if found.state == Upload.State.REFUSED:
        context["refusal"] = page.REFUSALS.get(found.why, page.REFUSALS["failed"])
    return render(request, "importing/upload.html", context)


@never_cache
@login_required
@require_POST
def decide(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Import the file or discard it; what is decided already stays so."""
    person = acting_person(request)
    if own_queries.upload_of(person.pk, upload_id) is None:
        # Discarded in another tab, or never this person's: the same page in both cases.
        messages.info(request, _("This file is not there any more."))
        return redirect("dashboard:import")
    if request.POST.get("decision") == "discard":
        if importing.discard(person, upload_id):
            messages.success(request, _("The file is deleted, and nothing of it was kept."))
        return redirect("dashboard:import")
    if request.POST.get("decision") == "import":
        with transaction.atomic():
            if importing.confirm(person, upload_id):
                transaction.on_commit(partial(tasks.work_on_upload.delay, str(upload_id)))
    return redirect("dashboard:upload", upload_id)


@never_cache
@login_required
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """What was imported of an account, for its owner alone."""
    found = own_queries.own_account(acting_person(request).pk, account_id)
    if found is None:
        raise Http404
    return render(
        request,
        "importing/account.html",
        {
            "account": found,
            "label": found.handle or found.name or found.native_id,
            "network_name": network_name(found.network),
            "years": own_queries.years_of(found),
            "acts": page.act_lines(own_queries.acts_of(found)),
            "hashtags": own_queries.hashtags_of(found),
        },
    )


@never_cache
@login_required
@require_POST
def erase(request: HttpRequest, account_id: int) -> HttpResponse:
    """Erase what was imported of an account."""
    found = own_queries.own_account(acting_person(request).pk, account_id)
    if found is not None:
        found.delete()
        messages.success(request, _("What was imported of that account is erased."))
    return redirect("dashboard:import")
