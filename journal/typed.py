"""What somebody is typing and has not sent, kept for that person alone until it was; static/js/keep-typed.js keeps it.

A copy is {"at": milliseconds, "values": {field: text}, "base": {field: text}}; its key is the form's address and name.
"""

import json
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from journal.models import TypedText
from vietnamese.secrecy import carries_secret_mark

KEPT = timedelta(days=7)
LONGEST = 200_000
LONGEST_KEY = 200
MOST_FORMS = 50


def keep(key: str, copy: str, *, by, at: datetime) -> None:
    """Keep the newest copy of one form, at most fifty forms a person; raises ValidationError where it may not be."""
    TypedText.objects.update_or_create(person=by, key=key, defaults={"copy": _readable(key, copy), "at": at})
    oldest = TypedText.objects.visible_to(by).order_by("-at").values_list("pk", flat=True)[MOST_FORMS:]
    TypedText.objects.filter(pk__in=list(oldest)).delete()


def drop(key: str, *, by) -> None:
    TypedText.objects.visible_to(by).filter(key=key).delete()


def forget(*, at: datetime) -> int:
    """Delete what nobody came back to in a week; returns how many."""
    return TypedText.objects.filter(at__lt=at - KEPT).delete()[0]


def _readable(key: str, typed: str) -> dict:
    """Return the copy as it is stored, with nothing in it but texts and ticks."""
    refusal = ValidationError(_("Nội dung này không giữ tạm được."))
    if not 0 < len(key) <= LONGEST_KEY or len(typed) > LONGEST or "\\u0000" in typed:
        raise refusal
    try:
        copy = json.loads(typed)
        at, values, base = copy["at"], dict(copy["values"]), dict(copy["base"])
        json.dumps(copy, ensure_ascii=False).encode()  # half a character is none
    except (ValueError, TypeError, KeyError) as unreadable:
        raise refusal from unreadable
    plain = all(isinstance(one, str | bool) for one in (*values.values(), *base.values()))
    if not isinstance(at, int) or not plain or any(carries_secret_mark(str(one)) for one in values.values()):
        raise refusal
    return {"at": at, "values": values, "base": base}
