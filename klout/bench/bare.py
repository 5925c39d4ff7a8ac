"""The addresses of the site, and beside them a bare view with one query: the yardstick of pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from people.models import Person

ADDRESS = "/bare/"


def bare(request: HttpRequest) -> HttpResponse:
    """Return a line about one person; sessions, languages and headers are those of every page."""
    name = Person.objects.order_by("pk").values_list("name", flat=True).first()
    return HttpResponse(f"<!doctype html><title>{name}</title>")


urlpatterns = [path(ADDRESS.removeprefix("/"), bare), path("", include("klout.urls"))]
