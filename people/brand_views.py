"""Pages of one's own person and brands: whom one acts as, a new brand, a brand erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people import acting
from people.brands import MOST_BRANDS, TooManyBrands, create_brand, erase_brand
from people.forms import BrandForm, EraseForm
from people.models import Person, User
from people.queries import main_person


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _own(request: HttpRequest, person_id: object) -> Person:
    """Return the user's own person or brand of that number; everything else is not found."""
    person = acting.own_person(_user(request), str(person_id))
    if person is None:
        raise Http404
    return person


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def brands(request: HttpRequest) -> HttpResponse:
    """One's own person and brands; a form for a new one."""
    user = _user(request)
    form = BrandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            brand = create_brand(user, form.cleaned_data["name"])
        except TooManyBrands:
            form.add_error(
                None, _("You have %(count)d brands: that is the most.") % {"count": MOST_BRANDS}
            )
        else:
            acting.act_as(request, brand)
            messages.success(
                request,
                _("The brand is made, and you act as it now. Link its accounts on this page."),
            )
            return redirect("dashboard:networks")
    own = acting.own_people(user) or [main_person(user)]
    context = {"form": form, "own": own, "acting": acting.acting_person(request)}
    return render(request, "people/brands.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Act as one of one's own people, and go on to the page that the form names."""
    person = _own(request, request.POST.get("person", ""))
    acting.act_as(request, person)
    messages.success(
        request, _("You act as %(name)s now.") % {"name": person.name[:80] or person.slug}
    )
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else "dashboard:score")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def erase(request: HttpRequest, person_id: int) -> HttpResponse:
    """Erase a brand, after a typed confirmation; one's own person is erased by the privacy page."""
    brand = _own(request, person_id)
    if brand.kind != Person.Kind.BRAND or brand == main_person(_user(request)):
        raise Http404
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_brand(brand, keep_away=form.cleaned_data["keep_away"])
        messages.success(request, _("The brand and everything about it is erased."))
        return redirect("people:brands")
    return render(
        request,
        "people/brand_erase.html",
        {"brand": brand, "erase_form": form},
        status=400 if form.errors else 200,
    )
