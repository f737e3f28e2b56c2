"""Pages of refusal and failure. They ask nothing of the database, so that they stand when it does not."""

import sys
from contextlib import nullcontext

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override

from journal.failures import is_database_away, is_full
from portal.appearance import chosen


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def too_large(request):
    """Answer a form too large to be read; the page leads back to where it was filled in, where that is known."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return _page(request, 422, back=back if safe else "/")


def failed(request):
    """Answer what broke, saying plainly what is the matter where it is known, and that a form was not saved."""
    error = sys.exc_info()[1]
    status = 507 if is_full(error) else 503 if is_database_away(error) else 500
    return _page(request, status, sent=request.method == "POST")


@login_not_required
def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old; nothing was saved."""
    return _page(request, 403, template="403_csrf.html")


class OwnPagesMiddleware:
    """Let what refuses in one bare word, a method a page does not know above all, do so by a page of ours."""

    BARE = frozenset({400, 405, 429})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        bare = response.status_code in self.BARE and not response.streaming and not response.content
        if bare and request.method != "HEAD" and "HX-Request" not in request.headers:
            response.content = _page(request, response.status_code).content
        return response


def _page(request, status: int, *, template: str = "", **more) -> HttpResponse:
    """Return the page of a status; the reference it shows is the request's own, on every line logged of it."""
    # What fails before a language is chosen would be told in the one this thread spoke last.
    chosen_already = hasattr(request, "LANGUAGE_CODE")
    with nullcontext() if chosen_already else override(settings.LANGUAGE_CODE):
        page = render_to_string(template or f"{status}.html", {"appearance": chosen(request), **more})
    return HttpResponse(page, status=status)
