"""Pages of sponsors: their perks, codes, claims and feedback. Another's perk is not there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.models import User
from perks import candidates, codes, exports, queries, sponsoring
from perks import parcels as packed
from perks.facts import rules_of
from perks.models import Perk
from perks.sponsor_forms import CodesForm, PerkForm
from perks.sponsor_queries import own_perk, own_perks, sponsors_of, watched

MOST_LISTED = 200


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _own(request: HttpRequest, perk_id: int) -> Perk:
    """Return a perk of the user's sponsors, changed only while the sponsor is active."""
    perk = own_perk(_user(request), perk_id)
    if perk is None or (request.method == "POST" and not perk.sponsor.is_active):
        raise Http404
    return perk


@never_cache
@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the perks of the sponsors that the user acts for."""
    sponsors = sponsors_of(_user(request))
    if not sponsors:
        raise Http404
    context = {"sponsors": sponsors, "perks": own_perks(_user(request))[:MOST_LISTED]}
    return render(request, "perks/sponsor/home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Let a signed-in user accept an invitation by its link, once."""
    invitation = sponsoring.invitation_of(token)
    if invitation is None:
        return render(request, "perks/sponsor/no_invitation.html", status=404)
    if request.method == "POST":
        if sponsoring.accept(token, _user(request)) is None:
            return render(request, "perks/sponsor/no_invitation.html", status=404)
        messages.success(request, _("Welcome. You can offer your first perk now."))
        return redirect("sponsor:home")
    return render(request, "perks/sponsor/join.html", {"sponsor": invitation.sponsor})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, sponsor_id: int) -> HttpResponse:
    """Let a sponsor describe a new perk."""
    sponsor = next((s for s in sponsors_of(_user(request)) if s.pk == sponsor_id), None)
    if sponsor is None or not sponsor.is_active:
        raise Http404
    perk = Perk(sponsor=sponsor, is_sample=sponsor.is_sample, kind=Perk.Kind.CODE)
    return _edited(request, perk)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Let a sponsor change a perk; once published, not who may claim it."""
    return _edited(request, _own(request, perk_id))


def _edited(request: HttpRequest, perk: Perk) -> HttpResponse:
    posted = request.method == "POST"
    form = PerkForm(request.POST if posted else None, request.FILES if posted else None, perk=perk)
    context: dict[str, object] = {"form": form, "perk": perk}
    if posted and form.is_valid():
        if request.POST.get("step") == "estimate":
            context["estimate"] = candidates.estimate(form.rules(), sample=perk.is_sample)
            return render(request, "perks/sponsor/edit.html", context)
        try:
            saved = sponsoring.save(perk, form.values(), _user(request), form.drawn)
        except sponsoring.CannotPublish as why:
            form.add_error("stock", str(why))
        else:
            messages.success(request, _("It is saved."))
            return redirect("sponsor:perk", saved.pk)
    return render(request, "perks/sponsor/edit.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_GET
def perk(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Show how a perk goes, and what to do next."""
    return _perk_page(request, _own(request, perk_id), CodesForm())


def _perk_page(
    request: HttpRequest,
    perk: Perk,
    form: CodesForm,
    wrong: list[codes.Wrong] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "watched": watched(perk),
        "form": form,
        "wrong": (wrong or [])[: codes.MOST_TOLD],
        "wrong_count": len(wrong or []),
        "estimate": candidates.estimate(rules_of(perk), sample=perk.is_sample),
    }
    return render(request, "perks/sponsor/perk.html", context, status=status)


@never_cache
@login_required
@require_GET
def preview(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Show a perk as people will see it."""
    offer = queries.judged(_own(request, perk_id), None, None, is_open=False)
    return render(request, "perks/sponsor/preview.html", {"offer": offer})


@never_cache
@login_required
@require_POST
def change_state(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Publish, pause or close a perk."""
    perk = _own(request, perk_id)
    state = request.POST.get("state", "")
    if state not in ("published", "paused", "closed"):
        raise Http404
    try:
        sponsoring.change_state(perk.pk, state, _user(request))
    except sponsoring.CannotPublish as why:
        messages.error(request, str(why))
    return redirect("sponsor:perk", perk.pk)


@never_cache
@login_required
@require_POST
def upload(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Take a file of codes, whole or not at all."""
    perk = _own(request, perk_id)
    form = CodesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _perk_page(request, perk, form, status=400)
    file = form.cleaned_data["file"]
    try:
        # One byte more than is allowed is enough to know.
        count = codes.upload(perk.pk, file.read(codes.MOST_BYTES + 1), _user(request))
    except codes.BadFile as why:
        form.add_error("file", str(why))
        return _perk_page(request, perk, form, why.wrong, status=400)
    messages.success(request, _("%(count)d codes were added.") % {"count": count})
    return redirect("sponsor:perk", perk.pk)


def _csv(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@never_cache
@login_required
@require_GET
def export(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Hand out the claims of a perk, without names."""
    perk = _own(request, perk_id)
    return _csv(exports.claims_table(perk), f"{perk.slug}-claims")


def _with_parcels(request: HttpRequest, perk_id: int) -> Perk:
    perk = _own(request, perk_id)
    if perk.kind != Perk.Kind.ADDRESS:
        raise Http404
    return perk


@never_cache
@login_required
@require_POST
def addresses(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Hand out the addresses of parcels to be sent, which people agreed to."""
    perk = _with_parcels(request, perk_id)
    return _csv(exports.take_addresses(perk, _user(request)), f"{perk.slug}-addresses")


@never_cache
@login_required
@require_GET
def parcels(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Show which parcels were taken along and are not sent yet."""
    perk = _with_parcels(request, perk_id)
    context = {"perk": perk, "parcels": packed.page_of(perk)}
    return render(request, "perks/sponsor/parcels.html", context)


@never_cache
@login_required
@require_POST
def sent(request: HttpRequest, perk_id: int) -> HttpResponse:
    """Note that the chosen parcels, or all of them, are on their way; none if one is wrong."""
    perk = _with_parcels(request, perk_id)
    given = None
    if request.POST.get("all") != "yes":
        chosen = packed.chosen(request.POST.getlist("claim"), request.POST.dict())
        if chosen.wrong or not chosen.tracking:
            context = {"perk": perk, "parcels": packed.page_of(perk, chosen), "refused": True}
            return render(request, "perks/sponsor/parcels.html", context, status=400)
        given = chosen.tracking
    count = packed.mark_sent(perk, _user(request), given)
    told = ngettext(
        "%(count)d parcel is marked as sent.", "%(count)d parcels are marked as sent.", count
    )
    messages.success(request, told % {"count": count})
    return redirect("sponsor:parcels" if given else "sponsor:perk", perk_id)
