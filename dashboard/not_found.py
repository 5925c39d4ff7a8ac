"""The page for unknown addresses, the same in a trial installation (DEBUG) as in production."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found


class NotFoundMiddleware:
    """Puts 404.html where Django would list the routes to who tries the product with DEBUG=1.

    The last middleware: an address without its last slash is still mended by those before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        # No route fits; a view's own answer 404 has one.
        if answer.status_code == 404 and request.resolver_match is None:
            return page_not_found(request, Http404())
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for what a view did not find."""
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
