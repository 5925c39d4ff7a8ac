"""The way out of letters: a link in each of them that needs no signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dashboard.sharing.facts import in_language_of
from people import letters
from people.models import Person


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask by a button; stop on POST, which mail programs send by themselves (RFC 8058).

    Looking at the address changes nothing: mail filters open every link. The token can stop these
    letters and nothing else, so the POST needs no other proof.
    """
    found = letters.read_token(token)
    if found is None:
        raise Http404
    person_id, what = found
    person = Person.objects.select_related("owner").filter(pk=person_id).first()
    context = {"what": what, "is_done": request.method == "POST"}
    if person is None:
        # Erased meanwhile: nothing is sent any more, which is what was asked for.
        return render(request, "letters/stop.html", context)
    with in_language_of(person):
        if request.method == "POST":
            letters.stop(person, what)
        return render(request, "letters/stop.html", context)
