"""A form sent just after its sign-in had ended: kept in the browser's new session until its sender is back.

With script what is typed has copies of its own (static/js/keep-typed.js); without, this is the only one.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

HELD = "held_form"
MOST = 100_000  # signs of a form, as sent
# Never kept: what opens something, and what belongs to the session that ended.
SECRET = ("again", "code", "credential", "csrfmiddlewaretoken")


def _is_secret(name: str) -> bool:
    return name in SECRET or "password" in name


def held_of(request) -> dict | None:
    """Return what somebody sent by hand as it is kept: whose, where to, its fields and when. None of anything else."""
    by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and "HX-Request" not in request.headers
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method != "POST" or not by_hand or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    sent = [(name, text) for name, texts in request.POST.lists() for text in texts]
    fields = [(name, text) for name, text in sent if not _is_secret(name)]
    if not any(text.strip() for _name, text in fields) or any("password" in name for name, _text in sent):
        return None
    if len(urlencode(fields)) > MOST or not _is_of_ours(request):
        return None
    kept = {"person": request.user.pk, "path": request.path, "fields": fields, "at": timezone.now().isoformat()}
    return kept | {"files": [file.name for file in request.FILES.values()]}


def _is_of_ours(request) -> bool:
    """Whether a page of ours sent it, and to an address here: it is sent once more with a token of the new session."""
    csrf = CsrfViewMiddleware(lambda request: None)
    csrf.process_request(request)
    is_here = url_has_allowed_host_and_scheme(request.path, allowed_hosts=None)
    return is_here and csrf.process_view(request, None, (), {}) is None


def held_for(request) -> dict | None:
    """Return the form kept in a session for who is signed in by it, or None."""
    held = request.session.get(HELD)
    return held if held and held["person"] == request.user.pk else None
