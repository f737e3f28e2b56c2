"""Pages of refusal and failure. They ask nothing of the database, so that they stand when it does not."""

import logging
import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from portal.appearance import chosen

logger = logging.getLogger(__name__)


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
    return _page(request, 500)


@login_not_required
def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old; nothing was saved."""
    return _page(request, 403, template="403_csrf.html")


def _page(request, status: int, *, template: str = "", **more) -> HttpResponse:
    """Return the page of a status with a reference that stands in the log beside the path."""
    reference = secrets.token_hex(4).upper()
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "%s reference %s: %s", status, reference, request.path)
    shown = {"reference": reference, "appearance": chosen(request), **more}
    page = render_to_string(template or f"{status}.html", shown)
    return HttpResponse(page, status=status)
