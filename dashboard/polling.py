"""Answers to the requests by which a page of progress asks how far things are."""

from django.http import HttpRequest, HttpResponse


def by_script(request: HttpRequest) -> bool:
    """Return whether the page's script asks, for a part of itself."""
    return request.headers.get("HX-Request") == "true"


def load_again() -> HttpResponse:
    """Return the answer that makes the script load its page anew."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def move_to(address: str) -> HttpResponse:
    """Return the answer that makes the script open another page."""
    return HttpResponse(headers={"HX-Redirect": address})
