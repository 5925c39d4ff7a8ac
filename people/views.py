"""Pages of a person's settings and privacy, of reports, and of removal without an account."""

from datetime import date
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings as project_settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people import brands, consent, erasure, letters, networks, removal, sharing
from people.acting import SESSION_KEY, acting_person
from people.forms import EraseForm, LetterForm, RemoveForm, ReportForm, SettingsForm
from people.kept_pages import KeptPage, Viewer, render_kept
from people.limits import within_limit
from people.models import Person, User
from people.queries import consent_history, main_person, person_by_slug
from people.row_versions import settings_version
from people.sessions import sessions_of, sign_out_everywhere, sign_out_one
from people.settings_change import change_settings, settings_of, share_choices
from people.visibility import is_hidden, may_see

HOUR_SECONDS = 3600
SETTINGS_TEMPLATE = "people/settings.html"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change the profile and the preferences."""
    user = _user(request)
    person = acting_person(request)
    if request.method == "GET":
        page = KeptPage("settings", person.pk, Viewer.OWNER, _settings_version(request, person))
        return render_kept(
            request, SETTINGS_TEMPLATE, page, lambda: _settings_context(request, None, None)
        )
    form = SettingsForm(request.POST or None, person=person, initial=settings_of(user, person))
    if request.method == "POST" and form.is_valid():
        change_settings(user, person, form.cleaned_data)
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("people:settings")
    return _settings_page(request, form)


def _settings_version(request: HttpRequest, person: Person) -> str:
    """Return the version of the page: it marks the session that asks, and tells of a brand."""
    version = settings_version(person.pk, _user(request))
    return f"{version} {request.session.session_key} {SESSION_KEY in request.session}"


def _settings_page(
    request: HttpRequest, form: SettingsForm, letter_form: LetterForm | None = None
) -> HttpResponse:
    """Return the page with all its sections; 400 where one of the forms is wrong."""
    context = _settings_context(request, form, letter_form)
    wrong = context["form"].errors or context["letter_form"].errors
    return render(request, SETTINGS_TEMPLATE, context, status=400 if wrong else 200)


def _settings_context(
    request: HttpRequest, form: SettingsForm | None, letter_form: LetterForm | None
) -> dict[str, Any]:
    user, person = _user(request), acting_person(request)
    plan = letters.plan_of(person)
    return {
        "form": form or SettingsForm(None, person=person, initial=settings_of(user, person)),
        "letter_form": letter_form
        or LetterForm(
            initial={"rhythm": plan.rhythm, "goals": plan.goals, "answers": plan.answers}
        ),
        "letter_plan": plan,
        "letter_consent": consent.text_of("letters").text,
        "has_address": letters.has_address(user),
        "person": person,
        "hidden": is_hidden(person),
        "kept_until": person.hidden_until if is_hidden(person) else None,
        "sessions": sessions_of(user, request.session.session_key or ""),
        "shares": share_choices(person),
        "share_consent": consent.text_of("share").text,
        "site_url": project_settings.SITE_URL,
    }


@never_cache
@login_required
@require_POST
def choose_letters(request: HttpRequest) -> HttpResponse:
    """Store which e-mails the person wants."""
    user, person = _user(request), acting_person(request)
    form = LetterForm(request.POST)
    if not form.is_valid():
        unchanged = SettingsForm(None, person=person, initial=settings_of(user, person))
        return _settings_page(request, unchanged, form)
    letters.choose(person, **form.cleaned_data)
    messages.success(request, _("Your choice of e-mails is saved."))
    return redirect(reverse("people:settings") + "#letters")


@never_cache
@login_required
@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End all of the user's sessions but this one."""
    count = sign_out_everywhere(_user(request), but=request.session.session_key or "")
    messages.success(
        request, _("You are signed out everywhere else (%(count)d).") % {"count": count}
    )
    return redirect(reverse("people:settings") + "#sessions")


@never_cache
@login_required
@require_POST
def sign_out_session(request: HttpRequest) -> HttpResponse:
    """End one of the user's sessions; of nobody else's, whatever the form says."""
    if sign_out_one(_user(request), request.POST.get("session", "")):
        messages.success(request, _("You are signed out there."))
    return redirect(reverse("people:settings") + "#sessions")


@never_cache
@login_required
@require_POST
def share(request: HttpRequest, kind: str) -> HttpResponse:
    """Switch one of the person's addresses on or off, or give it another."""
    if kind not in sharing.KINDS:
        raise Http404
    person = acting_person(request)
    match request.POST.get("step"):
        case "on":
            sharing.switch_on(person, kind)
            messages.success(request, _("It is switched on; copy it below."))
        case "renew":
            if sharing.renew(person, kind):
                messages.success(request, _("It has another address; the old one is gone."))
        case "off":
            if sharing.switch_off(person, kind):
                messages.success(request, _("It is switched off, and its address is gone."))
    return redirect(reverse("people:settings") + f"#share-{kind}")


@never_cache
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is held, from where, until when; to somebody signed in also how to take it along."""
    context: dict[str, object] = {"held": [entry for entry in erasure.held() if entry.what]}
    if request.user.is_authenticated:
        person = main_person(_user(request))
        context |= {
            "person": person,
            "consents": consent_history(person),
            "erase_form": EraseForm(),
        }
    return render(request, "people/privacy.html", context)


@never_cache
@login_required
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def export(request: HttpRequest) -> HttpResponse:
    """Hand out everything held about the person as a JSON file."""
    if not within_limit(request, "export", limit=10, per_seconds=HOUR_SECONDS):
        return _too_many(request)
    person, *own_brands = brands.everybody_of(_user(request))
    body = {"made_at": timezone.now().isoformat(), "held": erasure.export_everything(person)}
    if own_brands:
        body["brands"] = {brand.slug: erasure.export_everything(brand) for brand in own_brands}
    response = JsonResponse(body, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{person.slug}.json"'
    return response


@never_cache
@login_required
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the person with their brands and end the session, after a typed confirmation."""
    person = main_person(_user(request))
    form = EraseForm(request.POST)
    if not form.is_valid():
        context = {"person": person, "erase_form": form, "held": [], "consents": []}
        return render(request, "people/erase.html", context, status=400)
    brands.erase_everything(_user(request), keep_away=form.cleaned_data["keep_away"])
    logout(request)
    return render(request, "people/erased.html")


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a report about a profile that the visitor can see, and hide the profile at once."""
    if request.method == "POST" and not within_limit(
        request, "report", limit=5, per_seconds=HOUR_SECONDS
    ):
        return _too_many(request)
    person = person_by_slug(slug)
    if person is None or not may_see(person, request.user):
        raise Http404
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        removal.report(person, form.cleaned_data["reason"], form.cleaned_data["words"])
        return render(request, "people/reported.html")
    return render(
        request,
        "people/report.html",
        {"form": form, "person": person},
        status=400 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """Hide an account for its owner, without an account here; the answer is always the same."""
    if request.method == "POST" and not within_limit(
        request, "remove", limit=10, per_seconds=HOUR_SECONDS
    ):
        return _too_many(request)
    form = RemoveForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(
            request, "people/remove.html", {"form": form}, status=400 if form.errors else 200
        )
    account = _chosen(request, form)
    if account is None:
        return render(request, "people/remove.html", {"form": form, "choices": form.understood})
    if request.POST.get("step") in {"prove-remove", "prove-lift"}:
        return _prove(request, account, form)
    removal.remove_without_proof(account)
    return _removal_page(request, account, form)


def _chosen(request: HttpRequest, form: RemoveForm) -> networks.NamedAccount | None:
    """Return the account that is meant; None where the visitor has to choose the network."""
    if len(form.understood) == 1:
        return form.understood[0]
    network = request.POST.get("network", "")
    return next((account for account in form.understood if account.network == network), None)


def _prove(request: HttpRequest, account: networks.NamedAccount, form: RemoveForm) -> HttpResponse:
    purpose: removal.Purpose = "lift" if request.POST.get("step") == "prove-lift" else "remove"
    full = removal.shows_proof(account, purpose)
    if full is None:
        return _removal_page(request, account, form, not_found=True)
    if purpose == "remove":
        removal.remove_with_proof(full)
    else:
        removal.lift_with_proof(full)
    return render(request, "people/removed.html", {"account": account, "purpose": purpose})


def _removal_page(
    request: HttpRequest,
    account: networks.NamedAccount,
    form: RemoveForm,
    *,
    not_found: bool = False,
) -> HttpResponse:
    today: date = timezone.now().date()
    context = {
        "account": account,
        "typed": form.cleaned_data["account"],
        "not_found": not_found,
        "remove_code": removal.proof_code(account, "remove", today),
        "lift_code": removal.proof_code(account, "lift", today),
        "days": removal.HIDDEN_DAYS,
    }
    return render(request, "people/hidden.html", context)


@never_cache
@login_required
@require_POST
def show_again(request: HttpRequest) -> HttpResponse:
    """Show the signed-in owner's profile again after a removal or a report without proof.

    Only accounts that the owner linked lift an opt-out: linking was the proof.
    """
    person: Person = acting_person(request)
    for account in networks.accounts_of(person):
        if account.linked:
            removal.lift_with_proof(account)
    messages.success(request, _("Your profile is shown again, as your settings say."))
    return redirect("people:settings")
