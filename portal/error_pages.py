"""Pages of refusal and failure. They ask nothing of the database, so that they stand when it does not."""

import logging
import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string

from portal.appearance import chosen

logger = logging.getLogger(__name__)


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def failed(request):
    return _page(request, 500)


@login_not_required
def csrf_failure(request, reason=""):
    """Answer a form whose token is missing or old; nothing was saved."""
    return _page(request, 403, template="403_csrf.html")


def _page(request, status: int, *, template: str = "") -> HttpResponse:
    """Return the page of a status with a reference that stands in the log beside the path."""
    reference = secrets.token_hex(4).upper()
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "%s reference %s: %s", status, reference, request.path)
    page = render_to_string(template or f"{status}.html", {"reference": reference, "appearance": chosen(request)})
    return HttpResponse(page, status=status)
