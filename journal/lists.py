"""Any list as a file: what its page shows, as it is filtered, whole.

Beside a list's view stands what its file holds, with the same rights and filters; both begin with the same rows:

    def _people_file(request) -> Listing: ...

    @listed(_people_file)
    @require_safe
    def people(request): ...

The page has the button, `{% include "components/list_file.html" %}`, which posts to the address the page stands at. A
short list is answered at once. A long one is a job that asks the same function again, in the post it was asked from:
of the request such a function may use `user` and `GET` alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.jobs import start_job
from journal.services import record
from vietnamese.folding import slug
from vietnamese.workbooks import CONTENT_TYPE, Page, workbook

FIELD, FORM = "file", "xlsx"
AT_ONCE = 1000
CHUNK = 1000
TAKEN = "list.taken"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a file: `line` makes the cells of one of its `rows`, which stand in the order of the page."""

    title: str
    heads: Sequence[str]
    rows: QuerySet | Sequence
    line: Callable[[object], Sequence]
    # Called with `by` and `at` whenever the file is made, where its taking is to be remembered.
    note: Callable[..., None] | None = None
    above: Sequence[str] = ()  # lines beneath the title: what the figures are of

    def count(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def page(self) -> Page:
        return Page(self.title, self.title, self.heads, map(self.line, self._each()), self.above)

    def file_name(self, day) -> str:
        return f"{slug(self.title)[:60].strip('-')}-{day:%Y%m%d}.xlsx"

    def _each(self) -> Iterable:
        return self.rows.iterator(chunk_size=CHUNK) if isinstance(self.rows, QuerySet) else self.rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker asks a list with, in the place of the request it was asked by."""

    user: object
    GET: QueryDict


def listed(listing: Callable[..., Listing]):
    """Let a list's view hand out its file too; whoever may not see the list gets the same answer for both."""

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method == "POST" and request.POST.get(FIELD) == FORM:
                return _file(request, listing(request, **kwargs))
            return view(request, *args, **kwargs)

        answer.listing = listing
        return answer

    return decorate


def asked_again(path: str, address: str, user) -> Listing | None:
    """Return the list at an address, as this person sees it now; None where it is out of sight by now."""
    try:
        found = resolve(path)
        return found.func.listing(Asked(user, QueryDict(address)), **found.kwargs)
    except (Http404, PermissionDenied):
        return None


def record_taking(listing: Listing, path: str, rows: int, *, by, at) -> None:
    """Record that somebody took a list away: it may name people. One insert; what was searched for is not kept."""
    record(TAKEN, subject="list", subject_id=None, by=by, at=at, detail={"list": path, "rows": rows})
    if listing.note:
        listing.note(by=by, at=at)


def _file(request, listing: Listing):
    now, count = timezone.now(), listing.count()
    if count <= AT_ONCE:
        record_taking(listing, request.path_info, count, by=request.user, at=now)
        name = listing.file_name(localdate(now))
        return FileResponse(workbook([listing.page()]), as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    post = request.user.post
    job = start_job(
        "organizations.tasks.write_list",
        title=_("Danh sách (Excel): %(title)s") % {"title": listing.title},
        arguments={
            "path": request.path_info,
            "address": request.GET.urlencode(),
            "post": post.pk if post else None,
            "language": request.LANGUAGE_CODE,
        },
        owner=request.user,
        at=now,
    )
    return redirect("journal:job", job.pk)
