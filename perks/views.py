"""Pages of perks for people: the catalogue, a perk, claims, and the e-mails about them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from connectors.errors import Relink
from people.acting import acting_person
from people.models import Person, User
from perks import catalogue as shelves
from perks import claims, notices, pictures, queries, sponsor_queries, waiting
from perks.forms import ClaimForm, ComplaintForm, RateForm
from perks.models import Claim, Complaint, Perk

# Perks for which this browser said that its visitor is too young: kept in the session only.
TOO_YOUNG = "perks_too_young"


def person_of(request: HttpRequest) -> Person | None:
    """Return whom the signed-in visitor acts as, None for a stranger."""
    return acting_person(request) if isinstance(request.user, User) else None


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, be it empty; None for a page that is only asked for."""
    return request.POST if request.method == "POST" else None


@never_cache
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the perks that can be claimed, to everybody."""
    person = person_of(request)
    wanted = shelves.asked(request.GET.dict(), signed_in=person is not None)
    found = shelves.catalogue(person, wanted)
    return render(request, "perks/catalogue.html", {"catalogue": found})


def _offer(request: HttpRequest, slug: str) -> queries.Offer:
    offer = queries.offer(slug, person_of(request))
    if offer is None:
        raise Http404
    return offer


@never_cache
@require_GET
def perk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a perk, and why the visitor does or does not qualify."""
    return render(request, "perks/perk.html", {"offer": _offer(request, slug)})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what a claim needs, and make it."""
    offer = _offer(request, slug)
    if offer.mine is not None and offer.mine.state in (Claim.State.CLAIMED, Claim.State.USED):
        return redirect("perks:claim", offer.mine.pk)
    if offer.verdict is None or not offer.verdict.qualifies or not offer.is_open:
        return redirect("perks:perk", slug)
    if offer.perk.pk in request.session.get(TOO_YOUNG, ()):
        return _too_young(request, offer.perk)
    form = ClaimForm(_posted(request), perk=offer.perk)
    if request.method == "POST" and form.is_valid():
        return _claim(request, offer.perk, form)
    return render(
        request,
        "perks/claim_form.html",
        {"offer": offer, "form": form},
        status=400 if form.errors else 200,
    )


def _claim(request: HttpRequest, perk: Perk, form: ClaimForm) -> HttpResponse:
    try:
        made = claims.claim(acting_person(request), perk.pk, form.answers())
    except claims.NotEligible as why:
        missing = {line.rule for line in why.verdict.missing}
        if "age" in missing:
            young = request.session.get(TOO_YOUNG, [])
            request.session[TOO_YOUNG] = [*young[-20:], perk.pk]
            return _too_young(request, perk)
        if missing == {"country"}:
            messages.error(request, _("This perk is not offered in the country that you named."))
        else:
            messages.error(request, _("You do not qualify for this perk any more; see why below."))
    except claims.SoldOut:
        messages.warning(request, _("The last one was just taken. You can join the waiting list."))
    except claims.AccountUsed:
        messages.error(request, _("This perk was claimed by one of your linked accounts before."))
    except claims.NotAgreed:
        messages.error(request, _("Something is missing in the form. Please try again."))
    except claims.Over:
        messages.error(request, _("This perk can no longer be claimed."))
    else:
        messages.success(request, _("It is yours."))
        return redirect("perks:claim", made.pk)
    return redirect("perks:perk", perk.slug)


def _too_young(request: HttpRequest, perk: Perk) -> HttpResponse:
    return render(request, "perks/too_young.html", {"perk": perk}, status=403)


@never_cache
@login_required
@require_POST
def wait(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the person on the waiting list of a perk of which none is left."""
    offer = _offer(request, slug)
    if offer.mine is None:
        if offer.verdict is None or not offer.verdict.qualifies or not offer.is_open:
            messages.error(request, _("You cannot join this waiting list at the moment."))
            return redirect("perks:perk", slug)
        waiting.wait(acting_person(request), offer.perk.pk)
        messages.success(request, _("You are on the waiting list. We write when it is your turn."))
    return redirect("perks:perk", slug)


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show all of the person's claims, and whether e-mails are wanted."""
    person = acting_person(request)
    assert isinstance(request.user, User)
    context = {
        "claims": queries.my_claims(person),
        "wishes": notices.wishes(person),
        "is_sponsor": sponsor_queries.is_member(request.user),
    }
    return render(request, "perks/mine.html", context)


@never_cache
@login_required
@require_GET
def my_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Show a claim of one's own: what to do next, and the code once it was asked for."""
    return _claim_page(request, claim_id, RateForm())


def _claim_page(
    request: HttpRequest, claim_id: int, form: RateForm, status: int = 200
) -> HttpResponse:
    person = acting_person(request)
    found = queries.my_claim(person, claim_id)
    if found is None:
        raise Http404
    context = {"claim": found, "form": form, "secret": ""}
    if found.shown_at is not None:
        try:
            context["secret"] = claims.show(person, claim_id)
        except (Relink, claims.NotNow, Claim.DoesNotExist):
            context["secret"] = ""
    if found.state == Claim.State.WAITING:
        context["place"] = waiting.place_of(found)
    return render(request, "perks/claim.html", context, status=status)


def _changes_claim(
    change: Callable[[HttpRequest, int], None],
) -> Callable[[HttpRequest, int], HttpResponse]:
    """Return the view of a button on a claim's page: another's claim is not there."""

    @never_cache
    @login_required
    @require_POST
    def view(request: HttpRequest, claim_id: int) -> HttpResponse:
        try:
            change(request, claim_id)
        except (Claim.DoesNotExist, claims.NotNow):
            raise Http404 from None
        except Relink:
            # Encrypted under a key that is no longer there.
            messages.error(request, _("It cannot be read at the moment."))
        return redirect("perks:claim", claim_id)

    return view


@_changes_claim
def show(request: HttpRequest, claim_id: int) -> None:
    """Show the code or link from now on."""
    claims.show(acting_person(request), claim_id)


@_changes_claim
def cancel(request: HttpRequest, claim_id: int) -> None:
    """Give a claim back."""
    try:
        claims.cancel(acting_person(request), claim_id)
        messages.success(request, _("You gave it back. Somebody else can have it now."))
    except claims.TooLate:
        messages.error(request, _("It is too late to give this back: it was shown or sent."))


@_changes_claim
def used(request: HttpRequest, claim_id: int) -> None:
    """Note that it was used."""
    claims.mark_used(acting_person(request), claim_id)
    messages.success(request, _("Noted. Tell how it was, if you like."))


@never_cache
@login_required
@require_POST
def rate(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Keep a rating of a used perk."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return _claim_page(request, claim_id, form, status=400)
    try:
        claims.rate(
            acting_person(request),
            claim_id,
            form.cleaned_data["rating"],
            form.cleaned_data["words"],
        )
    except Claim.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Thank you."))
    return redirect("perks:claim", claim_id)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a report about a perk for the operator; one open report for each person."""
    offer = _offer(request, slug)
    form = ComplaintForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        form.instance.perk, form.instance.person = offer.perk, acting_person(request)
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            # A second click, or a second report before the first was looked at.
            assert Complaint.objects.filter(perk=offer.perk, decided_at=None).exists()
        messages.success(request, _("Thank you. Somebody will look at it."))
        return redirect("perks:perk", slug)
    return render(
        request,
        "perks/complain.html",
        {"offer": offer, "form": form},
        status=400 if form.errors else 200,
    )


@never_cache
@login_required
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Turn the e-mails about newly qualifying on or off."""
    notices.wish(acting_person(request), wanted=request.POST.get("wanted") == "yes")
    messages.success(request, _("Your choice is saved."))
    return redirect("perks:mine")


# The signed link is the proof; mail programs post without a cookie (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the e-mails by the link in one of them: a question, and one click."""
    person = notices.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        notices.wish(person, wanted=False)
    return render(request, "perks/unsubscribe.html", {"done": request.method == "POST"})


@require_GET
def picture(request: HttpRequest, name: str, width: int) -> HttpResponse | FileResponse:
    """Serve a picture that was drawn here: always WebP, whatever was uploaded."""
    path = pictures.path_of(name, width)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
