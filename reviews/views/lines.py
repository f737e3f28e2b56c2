"""The line of dossiers somebody works through: the queue's filter, carried along in the address as `list`."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from reviews.forms.queue import QueueForm
from reviews.queries.neighbours import neighbours
from reviews.queries.queue import queue

LONGEST = 1000


class Line(NamedTuple):
    """Where a dossier stands in the filter it was opened from; addresses may be empty, `suffix` carries it along."""

    queue: str
    before: str = ""
    after: str = ""
    suffix: str = ""


def suffix_of(address: QueryDict) -> str:
    """Return what an address of a dossier ends with, so that it knows the queue it was opened from."""
    asked = address.copy()
    asked.pop("page", None)
    return "?" + urlencode({"list": asked.urlencode()[:LONGEST] or "state=submitted"})


def carried(request) -> str:
    """Return the same for the address of a further step with the dossier this page is about; no query."""
    asked = request.GET.get("list", "")[:LONGEST]
    return "?" + urlencode({"list": asked}) if asked else ""


def line_of(request, pk: int) -> Line:
    """Return the dossier's line; no query for one that was not opened from the queue, else four to eight."""
    asked = QueryDict(request.GET.get("list", "")[:LONGEST])
    form = QueueForm(asked, user=request.user) if asked else None
    if form is None or not form.is_valid():
        return Line(reverse("reviews:queue"))
    filters, suffix = form.filters(), carried(request)
    found = neighbours(pk, queue(request.user, filters, at=timezone.now()), filters.sort)
    before, after = (f"{reverse('reviews:appraise', args=[one])}{suffix}" if one else "" for one in found)
    return Line(f"{reverse('reviews:queue')}?{asked.urlencode()}", before, after, suffix)


def onward(request, pk: int):
    """Lead to the next dossier of the line, or back to the queue after the last and where there is none.

    `after` makes it another address than the browser fetched ahead, whose page says nothing of what was just done.
    """
    line = line_of(request, pk)
    return redirect(f"{line.after}&after={pk}" if line.after else line.queue)
