"""A form that was sent does its work once: a double tap, or a retry after a lost answer, is led where the first went.

A form carries a token (`{% once %}`), and its view writes within `once`. What was sent is known again by the person,
the address, the token and everything in it, so that other words sent from the same page are never taken for a retry.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.models import SentForm

FIELD = "once"
KEPT = timedelta(days=2)


class AlreadySent(Exception):
    """The same form did its work before, or does so at this moment."""


@dataclass
class Sending:
    """One form doing its work; `leads_to` is the page it is answered with, and a retry as well."""

    leads_to: str


@contextmanager
def once(request, leads_to: str = "") -> Iterator[Sending]:
    """Make what is written within all or nothing, and once for each form sent; two queries more, at most three.

    `leads_to` may be set within, where it is known only then. What is refused within may be sent again. A form
    without a token is not known again. Raises AlreadySent, which the middleware answers.
    """
    sending, key = Sending(leads_to), key_of(request)
    with transaction.atomic():
        if key:
            sent = _claimed(request, key, leads_to)
        yield sending
        if key and sending.leads_to != leads_to:
            SentForm.objects.filter(pk=sent.pk).update(leads_to=sending.leads_to)


def _claimed(request, key: str, leads_to: str) -> SentForm:
    try:
        return SentForm.objects.create(person=request.user, key=key, leads_to=leads_to, at=timezone.now())
    except IntegrityError as before:
        raise AlreadySent from before


def led_to(request) -> str | None:
    """Return where the same form led when it was sent before, None when it was not; one query, none without a token."""
    key = key_of(request)
    if key is None or not request.user.is_authenticated:
        return None
    return SentForm.objects.filter(person=request.user, key=key).values_list("leads_to", flat=True).first()


def key_of(request) -> str | None:
    """Return what this form is known by, None where it carries no token or a page only saves what is being typed."""
    if request.method != "POST" or not request.POST.get(FIELD) or "X-Autosave" in request.headers:
        return None
    typed = sorted(request.POST.lists())
    told = [request.path, *(pair for pair in typed if pair[0] != "csrfmiddlewaretoken")]
    told += sorted((name, file.name, file.size) for name, files in request.FILES.lists() for file in files)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def forget(*, at: datetime) -> int:
    """Delete what was sent days ago: no browser tries that again; returns how many."""
    return SentForm.objects.filter(at__lt=at - KEPT).delete()[0]
