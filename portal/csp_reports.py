"""What browsers tell of a page that wanted more than the Content-Security-Policy lets it: a line in the log.

Anybody may send anything here, so a line holds only words of our own: a known directive, the name of one of our pages,
one of our files or the host of another, a number. Nothing in it is of a person.
"""

import json
import logging
import re
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from journal.uploads import takes_at_most

logger = logging.getLogger(__name__)
LONGEST = 8 * 1024
MOST_A_MINUTE = 30
KINDS = "default|script|style|img|font|connect|form|base|frame|manifest|media|object|child|worker"
KNOWN = re.compile(rf"(?:{KINDS})-[a-z-]{{2,20}}")
FOUND_INSIDE = frozenset({"inline", "eval", "data", "blob", "wasm-eval"})
# What a browser's own add-ons do to a page is not ours to mend.
ADDED = ("chrome-extension", "moz-extension", "safari-extension", "safari-web-extension")


@csrf_exempt
@login_not_required
@require_POST
@takes_at_most(LONGEST)
def collect(request):
    """Log one report, at most thirty a minute of all that come; the browser is told nothing of it."""
    told = _read(request.read(LONGEST))
    if told and not _is_added(told) and _has_room():
        directive = KNOWN.fullmatch(
            _text(told, "effective-directive") or _text(told, "violated-directive").split(" ")[0]
        )
        line = told.get("line-number")
        logger.warning(
            "CSP report: %s of %s refused on %s, line %s of %s",
            directive.group() if directive else "a directive",
            _source(_text(told, "blocked-uri"), request),
            _page(_text(told, "document-uri"), request),
            line if isinstance(line, int) and 0 <= line < 10**6 else "?",
            _source(_text(told, "source-file"), request),
        )
    return HttpResponse(status=204)


def _read(body: bytes) -> dict:
    """Return what a report says; nothing where it is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    told = told.get("csp-report") if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _text(told: dict, name: str) -> str:
    return value if isinstance(value := told.get(name), str) else ""


def _is_added(told: dict) -> bool:
    return any(_text(told, name).startswith(ADDED) for name in ("blocked-uri", "source-file"))


def _has_room() -> bool:
    cache.add("csp-reports", 0, 60)
    try:
        return cache.incr("csp-reports") <= MOST_A_MINUTE
    except ValueError:  # it ended between the two
        return True


def _parts(address: str) -> tuple[str, str]:
    """Return host and path of an address; two times nothing where it is none."""
    try:
        parts = urlsplit(address)
        return parts.netloc, parts.path
    except ValueError:
        return "", ""


def _page(address: str, request) -> str:
    """Return the name of one of our pages, without the numbers that say whose it is."""
    host, path = _parts(address)
    try:
        return resolve(path).view_name if host == request.get_host() else "a page elsewhere"
    except Resolver404:
        return "no page of ours"


def _source(address: str, request) -> str:
    """Return what was asked for: a word of the policy, one of our static files, a page of ours, or another's host."""
    if address in FOUND_INSIDE or not address:
        return address or "nothing named"
    host, path = _parts(address)
    if host != request.get_host():
        return host if re.fullmatch(r"[A-Za-z0-9.:\[\]-]{1,100}", host) else "somewhere"
    return path if re.fullmatch(r"/static/[\w./-]{1,150}", path, re.ASCII) else _page(address, request)
