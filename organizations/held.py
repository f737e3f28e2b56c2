"""A form sent just after its sign-in had ended: kept in the browser's new session until its sender is back.

With script what is typed has copies of its own (static/js/keep-typed.js); without, this is the only one.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

HELD = "held_form"
MOST = 100_000  # signs of a form, as sent
# Never kept: what opens something, and what belongs to the session that ended.
SECRET = ("password", "again", "code", "credential", "csrfmiddlewaretoken")


def held_of(request) -> dict | None:
    """Return what somebody sent by hand as it is kept: whose, where to, its fields and when. None of anything else."""
    by_hand = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and "HX-Request" not in request.headers
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method != "POST" or not by_hand or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return None
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in SECRET]
    if not any(text.strip() for _name, text in fields) or "password" in request.POST:
        return None
    if len(urlencode(fields)) > MOST:
        return None
    kept = {"person": request.user.pk, "path": request.path, "fields": fields, "at": timezone.now().isoformat()}
    return kept | {"files": [file.name for file in request.FILES.values()]}


def held_for(request) -> dict | None:
    """Return the form kept in a session for who is signed in by it, or None."""
    held = request.session.get(HELD)
    return held if held and held["person"] == request.user.pk else None
